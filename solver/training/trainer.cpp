// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/training/trainer.h"

#include <algorithm>
#include <cmath>

#include "solver/core/error.h"
#include "solver/core/parallel.h"

namespace stillpoint {

Model freshDenoiser(const DenoiserArchitecture& architecture, std::uint64_t seed) {
    Model model;
    model.architecture = architecture;
    model.weights = weightsOf(architecture.layers());
    const auto layers = architecture.layers();
    for (std::size_t k = 0; k < layers.size(); ++k) {
        const bool last = layers[k].skip || k + 1 == layers.size();
        const double size = (last ? 0.1 : 1) * std::sqrt(2.0 / (9.0 * layers[k].in));
        const RealSpan values = model.weights.values(2 * k);
        for (std::size_t i = 0; i < values.size(); ++i)
            values[i] = static_cast<Real>(size * normalAt(seed + 1000 * k + 1, i));
    }
    return model;
}

namespace {

// The profile and the scales of a ridge regulariser have far to go, in units of their own.
std::map<std::string, double> ratesOf(const Model& model) {
    if (!model.ridge()) return {};
    return {{"slopes", 20}, {"curvature", 10}, {"scale", 5}, {"power", 5}};
}

}  // namespace

Trainer::Trainer(Model start, const TrainerParams& params, std::shared_ptr<const PatchSource> source)
    : start_(std::move(start)),
      params_(params),
      source_(std::move(source)),
      optimiser_(start_.weights,
                 {.clip = params.clip, .averaging = params.averaging, .rates = ratesOf(start_)}),
      knobs_(static_cast<std::size_t>(params.batch)),
      gradient_(start_.weights.size()),
      tuning_(start_.tuning) {
    if (params.stage == TrainingStage::equilibrium && params.patch <= kLargestKernel)
        throw Error("patch", "patch is " + std::to_string(params.patch) +
                                 "; stage equilibrium needs more than " + std::to_string(kLargestKernel) +
                                 ", the size of its kernels.");
    if (params.penalty > 0 && start_.ridge())
        throw Error("penalty", "penalty is " + toText(params.penalty) +
                                   "; a ridge regulariser, whose curvature is bounded anyway, has none.");
    for (int k = 0; k < params.batch; ++k) gradients_.emplace_back(start_.weights.size());
}

std::unique_ptr<TrainingTask> Trainer::makeTask() const {
    EquilibriumTaskParams task;
    if (params_.stage == TrainingStage::denoising) {
        if (start_.denoiser())
            return makeDenoisingTask(*start_.denoiser(), {params_.patch, params_.sigmaMax, params_.loss});
        task.blurred = false;
        task.sigmaMost = params_.sigmaMax;
    }
    task.patch = params_.patch;
    task.loss = params_.loss;
    task.tolerance = params_.tolerance;
    task.maxIter = params_.maxIter;
    task.penalty = params_.penalty;
    task.normBound = params_.normBound;
    if (params_.jacobianFree) task.backward = EquilibriumTaskParams::Backward::jacobianFree;
    return makeEquilibriumTask(start_, task);
}

double Trainer::rateAt(int step) const {
    const double warm = (step + 1.0) / std::max(params_.warmUp, 1);
    const double left = params_.steps - step;
    return params_.rate * std::min({1.0, warm, left / std::max(params_.decay * params_.steps, 1.0)});
}

std::vector<SampleOutcome> Trainer::runBatch(const PatchSource& source, const Weights& weights,
                                             std::uint64_t stream, int count,
                                             const std::function<bool(int)>& isGrey, bool gradients) {
    const int threads = std::min(threadCount(), count);
    while (static_cast<int>(tasks_.size()) < threads) tasks_.push_back(makeTask());
    for (auto& task : tasks_) task->setModel(weights, tuning_);
    std::vector<SampleOutcome> outcomes(static_cast<std::size_t>(count));
    const auto samples = static_cast<std::size_t>(count);
    const auto parts = static_cast<std::size_t>(threads);
    parallelRanges(parts, 1, [&](std::size_t begin, std::size_t end) {
        // Whatever a sample calls runs in this thread.
        const int before = threadCount();
        setThreadCount(1);
        for (std::size_t part = begin; part < end; ++part)
            for (std::size_t k = part; k < samples; k += parts) {
                RandomStream random(stream + k);
                const Image sharp = source.draw(random, params_.patch, isGrey(static_cast<int>(k)));
                RealSpan gradient;
                if (gradients) {
                    gradient = gradients_[k].span();
                    fill(gradient, 0);
                    knobs_[k] = {0, 0};
                }
                ModelTuning none;
                outcomes[k] = tasks_[part]->run(sharp, random, gradient, gradients ? knobs_[k] : none);
            }
        setThreadCount(before);
    });
    return outcomes;
}

namespace {

TrainingRecord meansOf(const std::vector<SampleOutcome>& outcomes) {
    TrainingRecord record;
    record.samples = static_cast<int>(outcomes.size());
    double error = 0, converged = 0;
    int used = 0;
    for (const SampleOutcome& one : outcomes) {
        converged += one.converged ? 1 : 0;
        record.iterations += one.iterations / static_cast<double>(outcomes.size());
        if (!one.used) {
            ++record.skipped;
            continue;
        }
        ++used;
        record.loss += one.loss;
        error += one.squaredError;
        record.adjointIterations += one.adjointIterations;
        record.norm = std::max(record.norm, one.norm);
    }
    record.converged = converged / static_cast<double>(outcomes.size());
    if (used == 0) return record;
    record.loss /= used;
    record.adjointIterations /= used;
    record.psnr = -10 * std::log10(std::max(error / used, 1e-12));
    return record;
}

}  // namespace

TrainingRecord Trainer::step() {
    const auto batch = static_cast<std::uint64_t>(params_.batch);
    const std::uint64_t stream =
        (static_cast<std::uint64_t>(params_.seed) << 40) + static_cast<std::uint64_t>(stepsDone_) * batch;
    const double greySamples = params_.greyShare * params_.batch;
    const auto outcomes = runBatch(
        *source_, optimiser_.weights(), stream, params_.batch,
        [&](int k) { return k < greySamples || start_.channels() == 1; }, true);
    TrainingRecord record = meansOf(outcomes);
    record.rate = rateAt(stepsDone_);
    fill(gradient_.span(), 0);
    const int used = record.samples - record.skipped;
    for (std::size_t k = 0; k < outcomes.size(); ++k)
        if (outcomes[k].used) axpy(1.0 / used, gradients_[k].span(), gradient_.span());
    record.taken = used > 0 && optimiser_.step(gradient_.span(), record.rate);
    record.gradientNorm = optimiser_.gradientNorm();
    if (record.taken && params_.stage == TrainingStage::equilibrium) stepTuning();
    record.step = ++stepsDone_;
    return record;
}

// Adam on the logarithms of level and balance.
void Trainer::stepTuning() {
    ModelTuning sum{0, 0};
    for (const ModelTuning& one : knobs_) {
        sum.level += one.level;
        sum.balance += one.balance;
    }
    if (!std::isfinite(sum.level) || !std::isfinite(sum.balance)) return;
    const double rate = params_.tuningRate * rateAt(stepsDone_) / params_.rate;
    const int k = optimiser_.steps();
    const auto move = [&](double derivative, double& mean, double& square, double& value) {
        mean = 0.9 * mean + 0.1 * derivative;
        square = 0.99 * square + 0.01 * derivative * derivative;
        const double size = std::sqrt(square / (1 - std::pow(0.99, k)));
        if (size > 0) value *= std::exp(-rate * mean / (1 - std::pow(0.9, k)) / size);
    };
    move(sum.level, tuningMoments_[0], tuningMoments_[1], tuning_.level);
    move(sum.balance, tuningMoments_[2], tuningMoments_[3], tuning_.balance);
}

Model Trainer::model() const {
    Model model;
    model.architecture = start_.architecture;
    model.weights = optimiser_.average();
    model.tuning = tuning_;
    model.texts = start_.texts;
    if (model.ridge()) model.makeBank();
    return model;
}

TrainingRecord Trainer::validate(const PatchSource& source, int count, bool grey) {
    const std::uint64_t stream = std::uint64_t{1} << 62;
    return meansOf(runBatch(
        source, optimiser_.average(), stream, count, [&](int) { return grey; }, false));
}

namespace {

std::string signature(const TrainerParams& params) {
    std::string text;
    for (const Param& param : TrainerParams::table().params())
        text += param.key + "=" + toText(param.read(&params)) + " ";
    return text;
}

}  // namespace

WeightsFile Trainer::checkpoint() const {
    WeightsFile file{optimiser_.state(), start_.texts};
    std::visit([&](const auto& architecture) { architecture.describe(file.texts); }, start_.architecture);
    file.texts["network"] = "training of a " + file.texts["network"];
    file.texts["training"] = signature(params_);
    file.texts["steps"] = std::to_string(stepsDone_);
    file.texts["updates"] = std::to_string(optimiser_.steps());
    file.texts["level"] = toText(tuning_.level);
    file.texts["balance"] = toText(tuning_.balance);
    for (int k = 0; k < 4; ++k) file.texts["tuning-moment-" + std::to_string(k)] = toText(tuningMoments_[k]);
    return file;
}

void Trainer::restore(const WeightsFile& checkpoint) {
    const auto text = [&](const std::string& key) {
        const auto found = checkpoint.texts.find(key);
        if (found == checkpoint.texts.end())
            throw Error("checkpoint",
                        "The checkpoint does not say '" + key + "', so it is not one of this program.");
        return found->second;
    };
    const auto number = [&](const std::string& key) {
        const auto value = parseDouble(text(key));
        if (!value) throw Error("checkpoint", "The checkpoint's '" + key + "' is not a number.");
        return *value;
    };
    if (text("training") != signature(params_))
        throw Error("checkpoint", "The checkpoint was made with other settings: " + text("training") +
                                      "instead of " + signature(params_) + ".");
    optimiser_.restore(checkpoint.weights, static_cast<int>(number("updates")));
    stepsDone_ = static_cast<int>(number("steps"));
    tuning_ = {number("level"), number("balance")};
    for (int k = 0; k < 4; ++k) tuningMoments_[k] = number("tuning-moment-" + std::to_string(k));
}

}  // namespace stillpoint
