// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <span>
#include <vector>

#include "solver/core/buffer.h"
#include "solver/core/param.h"
#include "solver/core/vec.h"
#include "solver/fixedpoint/mixing_weights.h"

namespace stillpoint {

enum class RidgeScaling { relative, absolute };

struct AndersonParams {
    bool enabled = true;
    int history = 5;
    double beta = 1;
    double ridge = 1e-10;
    RidgeScaling ridgeScaling = RidgeScaling::relative;
    int delay = 0;
    int interval = 3;
    double conditionBound = 1e5;
    double stale = 1e4;
    double weightCap = 1e4;
    double growth = 3;
    int restartEvery = 0;
    bool gainDamping = false;
    static const ParamTable& table();
};

/// Anderson acceleration of type II (Anderson, 1965; Walker and Ni, 2011): the store of the last `history`
/// pairs (T(z_i), r_i = T(z_i) - z_i) and the mixing
///     z+ = sum alpha_i (beta T(z_i) + (1 - beta) z_i),   alpha = argmin ||sum alpha_i r_i||, sum alpha_i
///     = 1.
/// The weights come from mixing_weights.h: relative ridge and rank-revealing by default, or an absolute
/// ridge. Pairs whose residual exceeds `stale` times the newest are left out. With gainDamping beta is beta
/// (1 - gain / 2): gain =
/// ||sum alpha_i r_i|| / ||r_newest|| is small where mixing helps and 1 where it does not (Evans, Pollock,
/// Rebholz and Xiao, 2020).
///
/// The caller mixes in every `interval`-th iteration only (alternating Anderson-Picard; Banerjee,
/// Suryanarayana and Pask, 2016): the plain steps between damp what the mixing stirs up and make the
/// differences longer.
///
/// The Gram matrix of the residuals is kept in double; each push adds one row in the same pass over the
/// stored residuals that forms the new one. If columns would have to go because their condition is near what
/// the Gram matrix can resolve (1e6 in double precision, 1e8 in float), and conditionBound allows more, the
/// differences are orthogonalised instead (classical Gram-Schmidt, twice), which costs about history^2 / 2
/// passes. Memory: 2 history vectors, and history - 1 more with such a bound. No allocation after
/// construction. One thread at a time (which may use several).
class Anderson {
 public:
    Anderson(std::size_t size, const AndersonParams& params);

    /// Where the next output of T is to be written; it is in no way part of the history until push(). The
    /// oldest pair gives way when the history is full.
    RealSpan nextOutput();
    /// Forms r = output - z and appends the pair. {||r||^2, ||output||^2}.
    DifferenceNorms push(ConstRealSpan z);
    /// Takes the newest pair back; the one before is the newest again (the oldest may be lost).
    void pop();
    /// Forgets all but the newest pair.
    void restart();
    void clear() { count_ = 0; }

    int count() const { return count_; }
    /// Newest output of T; count() must be at least 1.
    ConstRealSpan newest() const { return slot(count_ - 1).output.span(); }
    /// Whether nextOutput() will overwrite the pair that is `age` pushes old (0 = newest).
    bool willOverwrite(int age) const { return count_ == capacity() && age == count_ - 1; }
    ConstRealSpan output(int age) const { return slot(count_ - 1 - age).output.span(); }

    struct Mix {
        Refusal refusal = Refusal::none;
        int weightCount = 0;
        std::array<double, kMaxHistory + 1> weights{};  ///< oldest first
        double condition = kNotMeasured;
        double gain = kNotMeasured;
        int columns = 0;  ///< residual differences that were kept
    };
    /// z = mixed point. When refused, z is untouched; the caller restarts.
    Mix mix(RealSpan z);

 private:
    struct Pair {
        Buffer output;
        Buffer residual;
    };
    int capacity() const { return static_cast<int>(pairs_.size()); }
    int index(int position) const { return (first_ + position) % capacity(); }  ///< position 0 = oldest
    Pair& slot(int position) { return pairs_[static_cast<std::size_t>(index(position))]; }
    const Pair& slot(int position) const { return pairs_[static_cast<std::size_t>(index(position))]; }
    double gram(int i, int j) const { return gram_(index(i), index(j)); }

    int usablePairs() const;
    SmallMatrix newestGram(int pairs) const;
    MixingWeights solve(const SmallMatrix& gram);
    MixingWeights solveByOrthogonalisation(int pairs);
    void combineInto(RealSpan z, const Mix& mix, double beta) const;

    AndersonParams params_;
    std::vector<Pair> pairs_;
    std::vector<Buffer> orthogonal_;  // empty unless the condition bound may ask for them
    SmallMatrix gram_;
    int first_ = 0;
    int count_ = 0;
};

}  // namespace stillpoint
