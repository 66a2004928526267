// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "solver/core/param.h"
#include "solver/core/shape.h"
#include "solver/physics/kernel.h"
#include "solver/run/recipe.h"

namespace stillpoint {

class Prior;
class Iterator;
class DataFidelity;
struct AdjointParams;

/// A component that a recipe can select by name.
struct ComponentInfo {
    std::string name;   ///< "tv"
    std::string label;  ///< "Total variation"
    std::string help;   ///< one sentence
    const ParamTable* table = nullptr;
};

/// A table of parameters with the prefix of its keys in a recipe: forms, flags and documentation are made of
/// these.
struct ParamGroup {
    std::string title;   ///< "Anderson acceleration"
    std::string prefix;  ///< "anderson."
    const ParamTable* table = nullptr;
};

/// A full key with its description.
struct KeyedParam {
    std::string key;
    const Param* param = nullptr;
};

/// Names, parameters and factories of everything a recipe can select. Immutable; builtin() may be used from
/// any thread.
class Registry {
 public:
    static const Registry& builtin();

    std::span<const ComponentInfo> iterators() const { return iterators_; }
    std::span<const ComponentInfo> priors() const { return priors_; }
    std::span<const ComponentInfo> fidelities() const { return fidelities_; }

    /// The selections themselves: kernel, boundary, fidelity, iterator, prior, start. Prefix "".
    const ParamGroup& problem() const { return problem_; }
    /// Groups that apply under the recipe's selections, in the order of a form: problem, fidelity, iterator,
    /// prior, driver, Anderson. Unknown selections are treated as the default.
    std::vector<ParamGroup> groups(const Recipe& recipe) const;
    /// The description behind a full key under the recipe's selections, or {key, nullptr}.
    KeyedParam find(const Recipe& recipe, std::string_view key) const;

    /// All faults at once: unknown keys (naming the component they would need, if any), wrong values,
    /// combinations that do not work together.
    std::vector<Issue> check(const Recipe& recipe) const;
    /// Only the combinations: sentences why the selected components do not fit together; empty if they do.
    std::vector<Issue> compatible(const Recipe& recipe) const;
    /// The recipe with every applicable key written out.
    Recipe complete(const Recipe& recipe) const;
    /// Size of the state z in pictures: 1, and more where dual variables or earlier pictures belong to it.
    /// For an incompatible recipe 1.
    double statePictures(const Recipe& recipe) const;
    /// Bytes that the recipe's prior reserves for a picture of this shape (Prior::workBytes); 0 if
    /// incompatible.
    std::size_t priorBytes(const Recipe& recipe, Shape shape) const;
    /// Pictures that the data step takes beside the operator's and its own scratch: data and mask on the
    /// canvas of an unknown rim, and the linear system of a proximal map that the spectrum does not separate.
    double fidelityPictures(const Recipe& recipe) const;
    /// Shape of the canvas that a picture is restored on; the picture's where the kernel cannot be made.
    Shape canvasShape(const Recipe& recipe, Shape picture, const KernelSource& source) const;
    /// Text of a key: from the recipe or the default. Empty for a key that does not apply.
    std::string valueText(const Recipe& recipe, std::string_view key) const;

    /// Selections for a person who has made none: those that give the best pictures on the usual photograph.
    /// The window begins with them. They are not what absent keys of a recipe mean, which is the
    /// initialisers' alone and does not change when something better is found: a recipe written before gives
    /// the same picture.
    Recipe recommended() const;
    /// Values that suit the recipe's components and the noise (standard deviation on the [0,1] scale;
    /// negative if not known) for keys that the recipe leaves out: lambda from the noise, or a learned
    /// denoiser's level and step as its model was tuned (for unknown noise: the step that suits the level), a
    /// stable step for iterators that take gradient steps, a fast one for ADMM, DRS and Chambolle-Pock.
    /// Explicit keys win: the result holds recipe's own entries unchanged, plus the suggestions.
    Recipe suggest(const Recipe& recipe, double noiseSigma) const;

 private:
    Registry();
    std::vector<ComponentInfo> iterators_, priors_, fidelities_;
    ParamGroup problem_;
};

/// Struct S filled from the recipe's entries under `prefix`; absent keys keep S's initialisers. Throws Error
/// for a wrong value.
void readParams(const Recipe& recipe, const ParamGroup& group, void* params);
template <class S>
S readParams(const Recipe& recipe, const std::string& prefix) {
    S params;
    readParams(recipe, ParamGroup{"", prefix, &S::table()}, &params);
    return params;
}
/// `backward.*` together with `backward.anderson.*`.
AdjointParams readAdjointParams(const Recipe& recipe);

}  // namespace stillpoint
