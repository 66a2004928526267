// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/training/minimiser.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <deque>
#include <limits>
#include <numbers>

namespace stillpoint {
namespace {

using Vector = std::vector<double>;

constexpr double kShortest = 1e-4;

double dot(std::span<const double> a, std::span<const double> b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}
double largest(std::span<const double> a) {
    double most = 0;
    for (const double x : a) most = std::max(most, std::abs(x));
    return most;
}
Vector combined(std::span<const double> a, double t, std::span<const double> b) {
    Vector sum(a.begin(), a.end());
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += t * b[i];
    return sum;
}

class Lbfgs final : public Minimiser {
 public:
    Lbfgs(Vector start, Vector lower, Vector upper, const MinimiserParams& params)
        : Minimiser(std::move(start), std::move(lower), std::move(upper), params) {}

 private:
    static constexpr std::size_t kMemory = 8;
    static constexpr int kMaxTrials = 12;
    static constexpr double kArmijo = 1e-4;

    struct Pair {
        Vector step, change;
        double curvature;  // step . change
    };

    void advance(double value, std::span<const double> gradient) override {
        // Along the step that was made, which the box may have bent.
        const double slope = started_ ? dot(combined(point(), -1, from_), gradient_) : 0;
        if (started_ && !(value <= base_ + kArmijo * slope)) {
            // The parabola through the value and slope there and the value here, kept within the interval.
            const double excess = value - base_ - slope;
            const double factor = excess > 0 ? -0.5 * slope / excess : 0.5;
            shorten(std::clamp(factor, 0.1, 0.5));
            return;
        }
        const Vector free = freeGradient(gradient);
        if (started_) remember(gradient);
        from_.assign(point().begin(), point().end());
        gradient_.assign(gradient.begin(), gradient.end());
        base_ = value;
        trials_ = 0;
        started_ = true;
        choose(free);
    }

    void retreat() override {
        if (!started_)
            end("The first evaluation is not finite.");
        else
            shorten(0.5);
    }

    void shorten(double factor) {
        length_ *= factor;
        if (++trials_ >= kMaxTrials || length_ * largest(direction_) < kShortest)
            end("No smaller value was found along the last direction.");
        else
            moveTo(combined(from_, length_, direction_));
    }

    void remember(std::span<const double> gradient) {
        const Vector step = combined(point(), -1, from_);
        const Vector change = combined(gradient, -1, gradient_);
        const double curvature = dot(step, change);
        downward_ = !(curvature > 1e-8 * std::sqrt(dot(step, step) * dot(change, change)));
        if (downward_) {
            pairs_.clear();
            return;
        }
        pairs_.push_back({step, change, curvature});
        if (pairs_.size() > kMemory) pairs_.pop_front();
        if (largest(step) < kShortest) settled_ = true;
    }

    void choose(const Vector& free) {
        if (settled_) return end("The steps have become too short to matter.");
        direction_ = descent(free);
        if (!(dot(direction_, free) < 0)) return end("No direction leads down.");
        const double most = largest(direction_);
        length_ = most > params_.reach ? params_.reach / most : 1;
        moveTo(combined(from_, length_, direction_));
    }

    // Two-loop recursion; without pairs, and where the function curves downwards, a step of fixed length.
    Vector descent(const Vector& free) const {
        if (pairs_.empty()) {
            const double length = downward_ ? params_.reach : 0.625 * params_.reach;
            return combined(Vector(free.size(), 0.0), -length / largest(free), free);
        }
        Vector q = free;
        Vector alpha(pairs_.size());
        for (std::size_t k = pairs_.size(); k-- > 0;) {
            alpha[k] = dot(pairs_[k].step, q) / pairs_[k].curvature;
            q = combined(q, -alpha[k], pairs_[k].change);
        }
        const Pair& newest = pairs_.back();
        const double scale = newest.curvature / dot(newest.change, newest.change);
        for (double& x : q) x *= scale;
        for (std::size_t k = 0; k < pairs_.size(); ++k) {
            const double beta = dot(pairs_[k].change, q) / pairs_[k].curvature;
            q = combined(q, alpha[k] - beta, pairs_[k].step);
        }
        for (double& x : q) x = -x;
        for (std::size_t i = 0; i < q.size(); ++i)
            if (free[i] == 0) q[i] = 0;
        if (dot(q, free) < 0) return q;
        return combined(Vector(free.size(), 0.0), -params_.reach / largest(free), free);
    }

    std::deque<Pair> pairs_;
    Vector from_, gradient_, direction_;
    double base_ = 0, length_ = 1;
    int trials_ = 0;
    bool started_ = false, downward_ = false, settled_ = false;
};

class Adam final : public Minimiser {
 public:
    Adam(Vector start, Vector lower, Vector upper, const MinimiserParams& params)
        : Minimiser(std::move(start), std::move(lower), std::move(upper), params),
          mean_(point().size()),
          square_(point().size()) {}

 private:
    void advance(double, std::span<const double> gradient) override {
        const int k = ++updates_;
        const double share = static_cast<double>(evaluations()) / params_.maxEvaluations;
        const double rate =
            params_.rate * (0.505 + 0.495 * std::cos(std::numbers::pi * std::min(share, 1.0)));
        Vector target(point().begin(), point().end());
        for (std::size_t i = 0; i < target.size(); ++i) {
            mean_[i] = 0.9 * mean_[i] + 0.1 * gradient[i];
            square_[i] = 0.99 * square_[i] + 0.01 * gradient[i] * gradient[i];
            const double mean = mean_[i] / (1 - std::pow(0.9, k));
            const double size = std::sqrt(square_[i] / (1 - std::pow(0.99, k)));
            if (size > 0) target[i] -= rate * mean / size;
        }
        moveTo(target);
    }
    void retreat() override {
        if (best().empty())
            end("The first evaluation is not finite.");
        else
            moveTo(combined(point(), 0.5, combined(best(), -1, point())));
    }

    Vector mean_, square_;
    int updates_ = 0;
};

}  // namespace

Minimiser::Minimiser(std::vector<double> start, std::vector<double> lower, std::vector<double> upper,
                     const MinimiserParams& params)
    : params_(params),
      lower_(std::move(lower)),
      upper_(std::move(upper)),
      bestValue_(std::numeric_limits<double>::infinity()) {
    assert(start.size() == lower_.size() && start.size() == upper_.size());
    moveTo(std::move(start));
}

void Minimiser::moveTo(std::vector<double> target) {
    for (std::size_t i = 0; i < target.size(); ++i) target[i] = std::clamp(target[i], lower_[i], upper_[i]);
    point_ = std::move(target);
}

std::vector<double> Minimiser::freeGradient(std::span<const double> gradient) const {
    std::vector<double> free(gradient.begin(), gradient.end());
    for (std::size_t i = 0; i < free.size(); ++i) {
        const bool below = point_[i] <= lower_[i] && free[i] > 0;
        const bool above = point_[i] >= upper_[i] && free[i] < 0;
        if (below || above) free[i] = 0;
    }
    return free;
}

void Minimiser::tell(double value, std::span<const double> gradient) {
    assert(!done() && gradient.size() == point_.size());
    ++evaluations_;
    const bool finite =
        std::isfinite(value) && std::ranges::all_of(gradient, [](double g) { return std::isfinite(g); });
    if (finite && value < bestValue_) {
        bestValue_ = value;
        best_ = point_;
    }
    if (finite && largest(freeGradient(gradient)) <= params_.tolerance * std::abs(value))
        end("The derivatives are below the tolerance.");
    else if (evaluations_ >= params_.maxEvaluations)
        end("The limit of evaluations was reached.");
    else if (finite)
        advance(value, gradient);
    else
        retreat();
}

std::unique_ptr<Minimiser> makeMinimiser(std::vector<double> start, std::vector<double> lower,
                                         std::vector<double> upper, const MinimiserParams& params) {
    if (params.kind == MinimiserKind::adam)
        return std::make_unique<Adam>(std::move(start), std::move(lower), std::move(upper), params);
    return std::make_unique<Lbfgs>(std::move(start), std::move(lower), std::move(upper), params);
}

}  // namespace stillpoint
