// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTest>
#include <functional>
#include <vector>

#include "solver/run/simulate.h"
#include "tests/support/pictures.h"
#include "ui/worker/solve_worker.h"

namespace stillpoint::test {

/// A small run that goes on until it is stopped, unless told otherwise. At tolerance 0 its step 2 / (1 -
/// lambda) makes the mean swing about the fixed point for ever (a run that settles had ended by itself before
/// a busy machine looked at it).
inline Recipe recipe(const std::string& maxIter = "100000", const std::string& tolerance = "0") {
    Recipe recipe;
    recipe.set("kernel", std::string("gaussian:sigma=1.2"));
    recipe.set("iterator", std::string("pgd"));
    recipe.set("prior", std::string("tikhonov"));
    recipe.set("prior.lambda", std::string("0.01"));
    if (tolerance == "0") {
        recipe.set("step", std::string("2.02020202"));
        recipe.set("stall-window", std::string("0"));
    }
    recipe.set("anderson.enabled", std::string("false"));
    recipe.set("max-iter", maxIter);
    recipe.set("tolerance", tolerance);
    return recipe;
}

inline RunInput input(Shape shape = {1, 24, 32}) {
    const auto sharp = std::make_shared<const Image>(scenePicture(shape));
    return {std::make_shared<const Image>(simulateBlur(*sharp, recipe(), 0.01, 1)), sharp};
}

/// A worker with its mailbox, and everything that has come from it.
struct Bench {
    Mailbox mailbox;
    std::vector<Message> log;
    std::vector<Frame> frames;
    SolveWorker worker{mailbox, std::chrono::milliseconds(0)};  // last: ends before the mailbox

    void pull() {
        auto mail = mailbox.take();
        log.insert(log.end(), mail.messages.begin(), mail.messages.end());
        if (mail.frame) frames.push_back(std::move(*mail.frame));
    }
    /// Pulls until the condition holds; a test's time-out ends an endless wait.
    bool until(const std::function<bool()>& condition) {
        return QTest::qWaitFor(
            [&] {
                pull();
                return condition();
            },
            30000);
    }
    template <class T>
    std::vector<T> all() const {
        std::vector<T> found;
        for (const Message& message : log)
            if (const T* one = std::get_if<T>(&message)) found.push_back(*one);
        return found;
    }
    WorkerState state() const {
        for (std::size_t i = log.size(); i > 0; --i)
            if (const auto* change = std::get_if<StateChanged>(&log[i - 1])) return change->state;
        return WorkerState::idle;
    }
    std::size_t points() const {
        std::size_t count = 0;
        for (const Message& message : log) count += std::holds_alternative<PointAdded>(message);
        return count;
    }
    bool in(WorkerState wanted) {
        return until([&] { return state() == wanted; });
    }
    bool settled() {
        const bool is = until([&] { return worker.settled(); });
        pull();
        return is;
    }
};

}  // namespace stillpoint::test
