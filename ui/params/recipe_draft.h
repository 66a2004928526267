// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <utility>

#include "solver/run/registry.h"

namespace stillpoint {

/// The recipe as the user is writing it: which keys have been touched, with what values, over a recipe to
/// begin with. Untouched keys follow the latter, then the registry's suggestions for the noise. Values of
/// components that are not selected at the moment are kept and come back with the component. Holds only keys
/// that apply. No widgets.
class RecipeDraft {
 public:
    /// `base`: selections that hold until the user makes others.
    explicit RecipeDraft(const Registry& registry = Registry::builtin(), Recipe base = {});

    /// Touches a key. Selecting another component puts away the touched keys of the old one.
    void set(const std::string& key, const std::string& text);
    /// Back to the suggestion or default.
    void reset(const std::string& key);
    bool isTouched(const std::string& key) const { return touched_.find(key).has_value(); }
    /// Only the keys that were touched.
    const Recipe& touched() const { return touched_; }
    /// These and the base where it is untouched: what decides which keys apply.
    Recipe chosen() const;

    /// Another selection that holds until the user makes one; its component must have the same parameters.
    void setBase(const std::string& key, const std::string& text) { base_.set(key, text); }

    /// Standard deviation of the noise on the [0,1] scale, negative if not known.
    void setNoiseSigma(double sigma) { noiseSigma_ = sigma; }
    double noiseSigma() const { return noiseSigma_; }

    /// Every applicable key written out: touched, else suggested, else default.
    Recipe complete() const;
    /// What the key would be if it were not touched.
    std::string untouchedText(const std::string& key) const;

 private:
    /// Prefix and table of a group: the same prefix stands for other parameters with another component.
    using Place = std::pair<std::string, const ParamTable*>;

    Recipe over(const Recipe& touched) const;

    const Registry& registry_;
    Recipe base_;
    Recipe touched_;
    double noiseSigma_ = -1;
    std::map<Place, std::map<std::string, std::string>> putAway_;
};

}  // namespace stillpoint
