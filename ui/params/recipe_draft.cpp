// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/params/recipe_draft.h"

#include <set>

namespace stillpoint {

RecipeDraft::RecipeDraft(const Registry& registry, Recipe base)
    : registry_(registry), base_(std::move(base)) {}

Recipe RecipeDraft::over(const Recipe& touched) const {
    Recipe recipe = base_;
    for (const auto& [key, text] : touched.entries()) recipe.set(key, text);
    return recipe;
}

Recipe RecipeDraft::chosen() const {
    return over(touched_);
}

void RecipeDraft::set(const std::string& key, const std::string& text) {
    const auto before = registry_.groups(chosen());
    Recipe changed = touched_;
    changed.set(key, text);
    const auto after = registry_.groups(over(changed));

    std::set<Place> stays;
    for (const ParamGroup& group : after) stays.insert({group.prefix, group.table});
    for (const ParamGroup& group : before) {
        const Place place{group.prefix, group.table};
        if (stays.erase(place) > 0) continue;
        for (const Param& param : group.table->params()) {
            const std::string full = group.prefix + param.key;
            const auto value = changed.find(full);
            if (!value) continue;
            putAway_[place][full] = *value;
            changed.erase(full);
        }
    }
    for (const Place& place : stays) {  // what is left is new
        const auto kept = putAway_.find(place);
        if (kept == putAway_.end()) continue;
        for (const auto& [full, value] : kept->second) changed.set(full, value);
        putAway_.erase(kept);
    }
    touched_ = std::move(changed);
}

void RecipeDraft::reset(const std::string& key) {
    const std::string text = untouchedText(key);
    set(key, text);  // a component's own keys move with it
    touched_.erase(key);
}

Recipe RecipeDraft::complete() const {
    return registry_.complete(registry_.suggest(chosen(), noiseSigma_));
}

std::string RecipeDraft::untouchedText(const std::string& key) const {
    Recipe without = touched_;
    without.erase(key);
    return registry_.valueText(registry_.suggest(over(without), noiseSigma_), key);
}

}  // namespace stillpoint
