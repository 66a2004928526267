// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/worker/solve_worker.h"

#include <algorithm>
#include <exception>
#include <new>
#include <utility>

#include "solver/core/parallel.h"
#include "solver/core/timer.h"
#include "solver/run/simulate.h"

namespace stillpoint {
namespace {

// How long the contraction may be measured: seconds, and seconds a second of the run.
constexpr double kLeastMeasuring = 5;
constexpr double kMostMeasuring = 3;

}  // namespace

SolveWorker::SolveWorker(Mailbox& mailbox, std::chrono::milliseconds frameInterval)
    : mailbox_(mailbox),
      frameInterval_(frameInterval),
      thread_([this](const std::stop_token& stopToken) { loop(stopToken); }) {}

SolveWorker::~SolveWorker() = default;  // the jthread asks to stop and joins

template <class Change>
void SolveWorker::order(const Change& change) {
    {
        const std::lock_guard lock(mutex_);
        change(orders_);
        settled_ = settled_ && !orders_.any();
    }
    wake_.notify_one();
}

JobId SolveWorker::run(Recipe recipe, RunInput input, RunOptions options, bool paused) {
    JobId job = 0;
    order([&](Orders& orders) {
        job = ++lastJob_;
        orders.run = RunOrder{job, std::move(recipe), std::move(input), std::move(options), paused};
        // Whatever was ordered for the run before has no object any more.
        orders.recipe.reset();
        orders.proceed = orders.stop = false;
        orders.pause.reset();
        orders.steps = 0;
        orders.backward.reset();
        orders.measure = false;
        cancel_.request_stop();
    });
    return job;
}

JobId SolveWorker::simulate(SimulateOrder simulation) {
    JobId job = 0;
    order([&](Orders& orders) {
        job = ++lastJob_;
        orders.simulate.emplace(job, std::move(simulation));
    });
    return job;
}

void SolveWorker::pause() {
    order([](Orders& orders) { orders.pause = true; });
}

void SolveWorker::resume() {
    order([](Orders& orders) { orders.pause = false; });
}

void SolveWorker::step() {
    order([](Orders& orders) { ++orders.steps; });
}

void SolveWorker::stop() {
    order([this](Orders& orders) {
        orders.stop = true;
        orders.measure = false;
        cancel_.request_stop();
    });
}

void SolveWorker::replaceRecipe(Recipe recipe) {
    order([&](Orders& orders) { orders.recipe = std::move(recipe); });
}

void SolveWorker::continueWith(Recipe recipe) {
    order([&](Orders& orders) {
        orders.recipe = std::move(recipe);
        orders.proceed = true;
        orders.measure = false;
    });
}

void SolveWorker::differentiate(LossChoice choice, Recipe recipe) {
    order([&](Orders& orders) {
        cancel_ = std::stop_source();
        orders.backward = BackwardOrder{choice, std::move(recipe), cancel_};
    });
}

void SolveWorker::cancelBackward() {
    order([this](Orders&) { cancel_.request_stop(); });
}

void SolveWorker::measureContraction() {
    order([](Orders& orders) { orders.measure = true; });
}

bool SolveWorker::settled() const {
    const std::lock_guard lock(mutex_);
    return settled_;
}

template <class Work>
bool SolveWorker::attempt(JobId job, JobFailed::During during, const Work& work) {
    Issue issue;
    try {
        work();
        return true;
    } catch (const Error& error) {
        issue = {error.key(), error.what()};
    } catch (const std::bad_alloc&) {
        issue.text =
            "There is not enough memory for this. A smaller picture or a shorter history (anderson.history) "
            "needs less.";
    } catch (const std::exception& error) {
        issue.text = error.what();
    }
    mailbox_.post(JobFailed{job, during, std::move(issue)});
    return false;
}

void SolveWorker::loop(const std::stop_token& stopToken) {
    while (!stopToken.stop_requested()) {
        Orders orders;
        {
            std::unique_lock lock(mutex_);
            if (!busy() && !measures_) {
                settled_ = !orders_.any();
                wake_.wait(lock, stopToken, [this] { return orders_.any(); });
                if (stopToken.stop_requested()) return;
                settled_ = false;
            }
            std::swap(orders, orders_);
        }
        // Only memory can run out here: the orders themselves report their own failures.
        const bool fine = attempt(job_, JobFailed::During::running, [&] {
            if (orders.any()) serve(std::move(orders), stopToken);
            if (stopToken.stop_requested()) return;
            if (busy())
                iterate();
            else if (measures_)
                measure();
        });
        if (!fine) {
            endMeasuring();
            session_.reset();
            steps_ = 0;
            enter(WorkerState::idle);
        }
    }
}

void SolveWorker::serve(Orders orders, const std::stop_token& stopToken) {
    if (orders.simulate) simulateNow(orders.simulate->first, orders.simulate->second);
    if (orders.run || orders.recipe || orders.stop) endMeasuring();
    if (orders.run) begin(std::move(*orders.run));
    if (orders.recipe) change(*orders.recipe, orders.proceed);
    serveRun(orders);
    if (orders.backward) {
        measurement_.reset();  // both linearise the same map
        differentiateNow(*orders.backward, stopToken);
    }
    if (orders.measure) beginMeasuring();
}

void SolveWorker::serveRun(const Orders& orders) {
    if (!session_ || state_ == WorkerState::finished) return;
    if (orders.stop) {
        session_->stop();
        endRun();
        return;
    }
    if (orders.pause == true && state_ == WorkerState::running) {
        enter(WorkerState::paused);
        frame(true);
    } else if (orders.pause == false && state_ == WorkerState::paused) {
        steps_ = 0;
        enter(WorkerState::running);
    }
    if (state_ == WorkerState::paused) steps_ += orders.steps;
}

void SolveWorker::simulateNow(JobId job, const SimulateOrder& order) {
    const WorkerState before = state_;
    mailbox_.post(StateChanged{job, WorkerState::simulating});
    const int threadsBefore = threadCount();
    setThreadCount(order.threads > 0 ? order.threads : hardwareThreads());
    attempt(job, JobFailed::During::simulating, [&] {
        Simulation made = stillpoint::simulate(
            *order.sharp, order.recipe, {.sigma = order.noiseSigma, .seed = order.seed}, order.kernelSource);
        const bool whole = made.sharp.shape() == order.sharp->shape();
        mailbox_.post(Simulated{job, std::make_shared<const Image>(std::move(made.blurred)),
                                whole ? order.sharp : std::make_shared<const Image>(std::move(made.sharp))});
    });
    setThreadCount(threadsBefore);
    mailbox_.post(StateChanged{job_, before});
}

void SolveWorker::begin(RunOrder order) {
    dropRun();
    job_ = order.job;
    enter(WorkerState::building);
    const bool built = attempt(job_, JobFailed::During::building, [&] {
        session_.emplace(order.recipe, std::move(order.input), std::move(order.options));
    });
    if (!built) {
        enter(WorkerState::idle);
        return;
    }
    marksTold_ = 0;
    mailbox_.post(RunStarted{job_, session_->record()});
    enter(order.paused ? WorkerState::paused : WorkerState::running);
    frame(true);
    if (session_->done()) endRun();
}

void SolveWorker::change(const Recipe& recipe, bool proceed) {
    if (!session_ || (state_ == WorkerState::finished && !proceed)) return;
    const bool replaced =
        attempt(job_, JobFailed::During::replacing, [&] { session_->replaceRecipe(recipe); });
    if (!replaced) return;
    tellMarks();
    if (state_ == WorkerState::finished) {
        if (!session_->done()) {
            enter(WorkerState::running);
        } else {
            const Issue issue{"", "The run cannot go on: it ended and these parameters do not change that."};
            mailbox_.post(JobFailed{job_, JobFailed::During::replacing, issue});
        }
    } else if (session_->done()) {
        endRun();  // for example the iteration limit was set below what has been done
    }
}

void SolveWorker::tellMarks() {
    const RunRecord& record = session_->record();
    marksTold_ = record.marks.size();
    mailbox_.post(RecipeReplaced{job_, record.recipe, record.marks});
}

void SolveWorker::iterate() {
    mailbox_.post(PointAdded{job_, session_->step()});
    if (session_->record().marks.size() > marksTold_) tellMarks();  // of the run itself: backtracking
    const bool single = steps_ > 0;
    if (single) --steps_;
    if (session_->done())
        endRun();
    else
        frame(single);
}

void SolveWorker::differentiateNow(const BackwardOrder& order, const std::stop_token& stopToken) {
    const WorkerState before = state_;
    if (!session_ || (before != WorkerState::paused && before != WorkerState::finished)) {
        const Issue issue{"", "Only a run that is paused or has ended can be differentiated."};
        mailbox_.post(JobFailed{job_, JobFailed::During::differentiating, issue});
        return;
    }
    std::stop_source cancel = order.cancel;
    const std::stop_callback atTheEnd(stopToken, [&cancel] { cancel.request_stop(); });
    enter(WorkerState::differentiating);
    attempt(job_, JobFailed::During::differentiating, [&] {
        takeBackwardKeys(order.recipe);
        BackwardHooks hooks;
        hooks.onStep = [this](const BackwardStep& step) { tellBackwardStep(step); };
        hooks.stop = cancel.get_token();
        Backward backward(*session_, order.choice);
        auto record = std::make_shared<const BackwardRecord>(
            backward.gradient({.data = false, .kernel = true, .adjoint = true}, hooks));
        mailbox_.post(BackwardDone{job_, std::move(record)});
    });
    enter(before);
}

void SolveWorker::takeBackwardKeys(const Recipe& recipe) {
    Recipe changed = session_->record().recipe;
    for (const auto& [key, value] : recipe.entries())
        if (key.starts_with("backward.")) changed.set(key, value);
    if (changed == session_->record().recipe) return;
    session_->replaceRecipe(changed);
    tellMarks();
}

void SolveWorker::tellBackwardStep(const BackwardStep& step) {
    mailbox_.post(BackwardStepped{job_, step});
    // The kernel is being looked at while the adjoint is solved: the picture need not wait for that.
    std::optional<std::pair<JobId, SimulateOrder>> simulation;
    {
        const std::lock_guard lock(mutex_);
        std::swap(simulation, orders_.simulate);
    }
    if (simulation) simulateNow(simulation->first, simulation->second);
}

void SolveWorker::beginMeasuring() {
    if (!session_ || state_ != WorkerState::finished) return;
    if (session_->record().summary.status == SolveStatus::diverged) return;
    endMeasuring();
    measures_ = true;
}

void SolveWorker::measure() {
    const double allowed = std::max(kLeastMeasuring, kMostMeasuring * session_->record().summary.seconds);
    const Timer watch;
    try {
        if (!measurement_)
            measurement_.emplace(*session_);  // a step of its own: it linearises
        else
            measurement_->step();
    } catch (const std::exception&) {  // of memory: the run itself is done
        return endMeasuring();
    }
    measureSeconds_ += watch.seconds();
    if (!measurement_->done() && (measureSeconds_ < allowed || measurement_->iterations() == 0)) return;
    mailbox_.post(ContractionMeasured{job_, measurement_->result()});
    endMeasuring();
}

void SolveWorker::endMeasuring() {
    measures_ = false;
    measurement_.reset();
    measureSeconds_ = 0;
}

void SolveWorker::endRun() {
    steps_ = 0;
    const RunRecord& record = session_->finish();
    auto estimate = std::make_shared<const Image>(session_->estimate());
    mailbox_.postFrame({job_, record.summary.iterations, record.summary.residual, estimate});
    mailbox_.post(RunFinished{job_, record, std::move(estimate)});
    enter(WorkerState::finished);
}

void SolveWorker::dropRun() {
    if (session_ && state_ != WorkerState::finished) {
        session_->stop();
        endRun();
    }
    session_.reset();
    steps_ = 0;
}

void SolveWorker::frame(bool always) {
    const auto now = std::chrono::steady_clock::now();
    if (!always && (now - lastFrame_ < frameInterval_ || mailbox_.hasFrame())) return;
    lastFrame_ = now;
    const RunRecord& record = session_->record();
    Frame frame{job_, 0, kNotMeasured, std::make_shared<const Image>(session_->estimate())};
    if (!record.points.empty()) {
        frame.iteration = record.points.back().step.iteration;
        frame.residual = record.points.back().step.residual;
    }
    mailbox_.postFrame(std::move(frame));
}

void SolveWorker::enter(WorkerState state) {
    state_ = state;
    mailbox_.post(StateChanged{job_, state});
}

}  // namespace stillpoint
