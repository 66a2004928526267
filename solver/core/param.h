// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "solver/core/error.h"

namespace stillpoint {

/// A user's knob ("parameter"; the trainable numbers of a network are "weights"). A parameter is one field of
/// a plain struct, with its default as the field's initialiser, and one line of that struct's ParamTable. The
/// command line, the forms, the documentation, the recipe files and the tests all read this table.
enum class ParamKind { boolean, integer, real, choice, text };
enum class ParamScale { linear, logarithmic };
/// live: acts at the next iteration of a running solver. restart: needs a new start of the run.
enum class ParamApplies { live, restart };

/// boolean -> bool, integer -> int64, real -> double, choice and text -> string.
using Value = std::variant<bool, std::int64_t, double, std::string>;

/// A text that a parameter of kind text may well be given: others are allowed too.
struct Suggestion {
    std::string text;   ///< the value: "fast"
    std::string label;  ///< what it is, in a few words for a list: "removes noise, colour"
    std::string help;   ///< more about it: tool tip
};

/// What a table line says beside key and field. Ranges are inclusive and have no meaning for boolean and
/// text.
struct ParamInfo {
    std::string label;        ///< as shown in a form: "Weight"
    std::string symbol = {};  ///< of the formulas: "λ"; empty if none
    std::string unit = {};    ///< "px", "°"; empty for pure numbers
    std::string help = {};    ///< one or two sentences: tool tip and documentation
    double minimum = 0;
    double maximum = 1;
    double step = 0.01;                     ///< of one click; a factor's logarithm plays no role here
    ParamScale scale = ParamScale::linear;  ///< of the slider
    ParamApplies applies = ParamApplies::live;
    std::vector<Suggestion> suggestions = {};  ///< of a text: what comes with the program
    std::string files =
        {};  ///< of a text that may name a file: its name pattern, "*.safetensors"; else empty
};

struct Param {
    std::string key;  ///< within its table, kebab-case: "max-iter"
    ParamKind kind = ParamKind::real;
    ParamInfo info;
    std::vector<std::string> choices;  ///< of a choice, in the order of the enum's values
    Value defaultValue;
    std::function<Value(const void*)> read;
    std::function<void(void*, const Value&)> write;  ///< the value must have passed check()
};

/// "0.5": shortest decimal text that reads back to the same number, always in the C locale.
std::string toText(const Value& value);
std::string toText(double value);

/// Sentence about the allowed values: "a number from 0 to 10", "one of relative, absolute", "fast, small, or
/// a file (*.safetensors)".
std::string allowedText(const Param& param);

/// Text to a value of the parameter's kind within its range, or the Issue {key, sentence}. `key` is the full
/// key to name in the sentence ("prior.lambda").
std::variant<Value, Issue> parseValue(const Param& param, const std::string& key, std::string_view text);

/// Number from text in the C locale, or nothing when anything is left over. "inf" and "nan" are accepted
/// here.
std::optional<double> parseDouble(std::string_view text);

/// The parameters of one struct. Built once per struct by ParamTableOf; immutable afterwards.
class ParamTable {
 public:
    std::span<const Param> params() const { return params_; }
    const Param* find(std::string_view key) const;

 protected:
    std::vector<Param> params_;
};

/// Table of struct S:
///     static const ParamTable table = ParamTableOf<TvParams>()
///         .real("lambda", &TvParams::lambda, {.label = "Weight", .minimum = 0, .maximum = 1})
///         .integer("inner", &TvParams::inner, {...});
template <class S>
class ParamTableOf : public ParamTable {
 public:
    ParamTableOf& real(std::string key, double S::*field, ParamInfo info) {
        return add(
            std::move(key), ParamKind::real, std::move(info), {},
            [field](const S& s) { return Value(s.*field); },
            [field](S& s, const Value& v) { s.*field = std::get<double>(v); });
    }
    ParamTableOf& integer(std::string key, int S::*field, ParamInfo info) {
        return add(
            std::move(key), ParamKind::integer, std::move(info), {},
            [field](const S& s) { return Value(std::int64_t{s.*field}); },
            [field](S& s, const Value& v) { s.*field = static_cast<int>(std::get<std::int64_t>(v)); });
    }
    ParamTableOf& boolean(std::string key, bool S::*field, ParamInfo info) {
        return add(
            std::move(key), ParamKind::boolean, std::move(info), {},
            [field](const S& s) { return Value(s.*field); },
            [field](S& s, const Value& v) { s.*field = std::get<bool>(v); });
    }
    ParamTableOf& text(std::string key, std::string S::*field, ParamInfo info) {
        return add(
            std::move(key), ParamKind::text, std::move(info), {},
            [field](const S& s) { return Value(s.*field); },
            [field](S& s, const Value& v) { s.*field = std::get<std::string>(v); });
    }
    /// One of several names.
    ParamTableOf& choice(std::string key, std::string S::*field, std::vector<std::string> choices,
                         ParamInfo info) {
        return add(
            std::move(key), ParamKind::choice, std::move(info), std::move(choices),
            [field](const S& s) { return Value(s.*field); },
            [field](S& s, const Value& v) { s.*field = std::get<std::string>(v); });
    }
    /// Enum whose values are 0, 1, 2, ... in the order of `choices`.
    template <class Enum>
    ParamTableOf& choice(std::string key, Enum S::*field, std::vector<std::string> choices, ParamInfo info) {
        const auto names = choices;
        return add(
            std::move(key), ParamKind::choice, std::move(info), std::move(choices),
            [field, names](const S& s) { return Value(names[static_cast<std::size_t>(s.*field)]); },
            [field, names](S& s, const Value& v) {
                for (std::size_t i = 0; i < names.size(); ++i)
                    if (names[i] == std::get<std::string>(v)) s.*field = static_cast<Enum>(i);
            });
    }

 private:
    template <class Read, class Write>
    ParamTableOf& add(std::string key, ParamKind kind, ParamInfo info, std::vector<std::string> choices,
                      Read read, Write write) {
        Param param;
        param.key = std::move(key);
        param.kind = kind;
        param.info = std::move(info);
        param.choices = std::move(choices);
        param.defaultValue = read(S{});
        param.read = [read](const void* s) { return read(*static_cast<const S*>(s)); };
        param.write = [write](void* s, const Value& v) { write(*static_cast<S*>(s), v); };
        params_.push_back(std::move(param));
        return *this;
    }
};

}  // namespace stillpoint
