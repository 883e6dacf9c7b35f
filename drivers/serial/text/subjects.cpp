#include "drivers/serial/text/subjects.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "drivers/core/units.hpp"
#include "drivers/serial/text/tokens.hpp"
#include "drivers/serial/text/vocabulary.hpp"

namespace drivers::serial {

namespace {

using Value = DecodedLine::Value;

// They say more about the quantity, or name a part of the board, and not where it is.
constexpr std::array<std::string_view, 52> kQualities{
    "relative", "absolute", "approx",  "approximate", "current", "real",       "measured",
    "actual",   "average",  "avg",     "mean",        "raw",     "calculated", "compensated",
    "filtered", "min",      "max",     "minimum",     "maximum", "set",        "target",
    "last",     "peak",     "total",   "color",       "colour",  "the",        "my",
    "is",       "in",       "of",      "deg",         "degrees", "value",      "reading",
    "level",    "sensor",   "battery", "batt",        "bat",     "bus",        "shunt",
    "load",     "supply",   "solar",   "panel",       "cpu",     "chip",       "die",
    "internal", "core",     "mcu"};

// What else a device says of itself, in a word.
constexpr std::array<std::string_view, 24> kAttributes{
    "battery", "batt", "bat",  "moisture", "rssi",  "snr",   "lqi",         "uv",
    "gas",     "iaq",  "eco2", "voc",      "ph",    "level", "speed",       "direction",
    "flow",    "pm25", "pm10", "pm1",      "noise", "sound", "linkquality", "signal"};

template <std::size_t Size>
bool has(const std::array<std::string_view, Size>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), lower_case(word)) != words.end();
}

/// "Indoor ", "Temperature", " 1" and " (°C)": what is before, what it measures, and what is behind
/// but no unit. Without a quantity all is before.
struct Parts {
    std::string before;
    std::string core;
    std::string behind;
    std::string unit;
    std::string kind;  // Of the quantity, in lower case.
};

struct Subject {
    std::string before;
    std::string behind;

    bool operator==(const Subject&) const = default;
};

std::size_t offset(std::string_view part, std::string_view whole) {
    return static_cast<std::size_t>(part.data() - whole.data());
}

bool is_name(std::string_view word) {
    return !has(kQualities, word) && !is_unit(word) &&
           find_quantity_word(lower_case(word)) == nullptr;
}

/// Where what is behind the quantity ends and its unit begins.
std::size_t end_behind(std::string_view label, const std::vector<std::string_view>& words,
                       std::size_t first, std::size_t end) {
    for (auto i = first; i < words.size() && !is_unit(words[i]); ++i) {
        if (is_name(words[i])) end = offset(words[i], label) + words[i].size();
    }
    return end + (end < label.size() && (label[end] == ')' || label[end] == ']') ? 1 : 0);
}

Parts parts_of(const std::string& label) {
    const auto words = word_spans(label);
    for (auto i = words.size(); i-- > 0;) {
        auto [quantity, count] = find_quantity_at(words, i);
        const bool is_attribute = words.size() == 1 && has(kAttributes, words[i]);
        if (is_attribute) count = 1;
        if (count == 0) continue;
        const auto begin = offset(words[i], label);
        const auto end = offset(words[i + count - 1], label) + words[i + count - 1].size();
        const auto unit = end_behind(label, words, i + count, end);
        return {.before = label.substr(0, begin),
                .core = label.substr(begin, end - begin),
                .behind = label.substr(end, unit - end),
                .unit = label.substr(unit),
                .kind = quantity == nullptr ? lower_case(words[i]) : std::string{quantity->kind}};
    }
    return {.before = label, .core = {}, .behind = {}, .unit = {}, .kind = {}};
}

bool has_name(std::string_view text) {
    const auto words = word_spans(text);
    return std::any_of(words.begin(), words.end(), is_name);
}

Subject subject_of(const Parts& parts) {
    return {.before = has_name(parts.before) ? parts.before : "",
            .behind = has_name(parts.behind) ? parts.behind : ""};
}

/// "indoor" of "indoor_", "1" of " 1".
std::string shown_subject(const Subject& subject) {
    const auto text = subject.before + subject.behind;
    const auto words = word_spans(text);
    return fmt::format("{}", fmt::join(words, " "));
}

bool is_axis(std::string_view word) {
    const auto letter = lower_case(word);
    return letter == "x" || letter == "y" || letter == "z";
}

/// What stands before the axis at the end of a label; nothing without an axis.
std::optional<std::string> before_axis(const std::string& label) {
    const auto words = word_spans(label);
    if (words.empty() || !is_axis(words.back())) return std::nullopt;
    return label.substr(0, offset(words.back(), label));
}

/// Goes through the labels of a line.
class Speaker {
  public:
    Speaker(std::vector<Value>& values, const std::vector<std::string>& named)
        : values_(values), named_(named) {}

    void give() {
        for (std::size_t first = 0; first < values_.size();) {
            auto end = first + 1;
            while (end < values_.size() && values_[end].again) ++end;
            const auto key = key_for(values_[first].key);
            for (auto i = first; i < end; ++i) values_[i].key = key;
            first = end;
        }
        give_units();
    }

  private:
    std::string key_for(const std::string& label) {
        if (const auto stem = before_axis(label)) return key_of_axis(label, *stem);
        stem_.clear();
        const auto parts = parts_of(label);
        if (parts.core.empty()) return label;
        if (has_name(parts.before) || has_name(parts.behind)) {
            speak_of(parts);
            return label;
        }
        last_kind_.clear();
        if (subject_ == Subject{} || is_named(label)) return label;
        auto key = subject_.before + parts.before + parts.core + subject_.behind + parts.behind +
                   parts.unit;
        if (!is_taken(key)) return key;
        subject_ = {};
        return label;
    }

    /// "Temp 1: 21, Temp 2: 22, Humidity: 45" counts thermometers; the humidity is of none of them.
    void speak_of(const Parts& parts) {
        const auto subject = subject_of(parts);
        const bool is_list = last_kind_ == parts.kind && subject != subject_;
        last_kind_ = parts.kind;
        subject_ = is_list ? Subject{} : subject;
    }

    std::string key_of_axis(const std::string& label, const std::string& stem) {
        if (!stem.empty()) stem_ = stem;
        if (stem_.empty() || !stem.empty() || is_named(label)) return label;
        auto key = stem_ + label;
        return is_taken(key) ? label : key;
    }

    bool is_named(const std::string& label) const {
        return std::find(named_.begin(), named_.end(), label) != named_.end();
    }

    bool is_taken(const std::string& key) const {
        return std::any_of(values_.begin(), values_.end(), [&](const Value& value) {
            return words_of(value.key) == words_of(key);
        });
    }

    /// Behind the last of the axes stands the unit of all.
    void give_units() {
        std::string unit;
        std::string stem;
        for (auto value = values_.rbegin(); value != values_.rend(); ++value) {
            const auto before = before_axis(value->key);
            if (!before || (!unit.empty() && *before != stem)) unit.clear();
            if (!before) continue;
            if (value->unit.empty() && value->kind == Value::Kind::number) value->unit = unit;
            unit = value->unit;
            stem = *before;
        }
    }

    std::vector<Value>& values_;
    const std::vector<std::string>& named_;
    Subject subject_;
    std::string stem_;       // "Acceleration " of "Acceleration X".
    std::string last_kind_;  // What the label before measured, if it named a subject.
};

}  // namespace

void give_subjects(std::vector<Value>& values, const std::vector<std::string>& named) {
    Speaker{values, named}.give();
    note_neighbours(values);
}

void note_neighbours(std::vector<Value>& values) {
    const Value* speaker = nullptr;
    for (const auto& value : values) {
        const auto parts = parts_of(value.key);
        if (parts.core.empty() || subject_of(parts) == Subject{}) continue;
        if (speaker != nullptr && subject_of(parts) != subject_of(parts_of(speaker->key))) return;
        if (speaker == nullptr) speaker = &value;
    }
    if (speaker == nullptr) return;
    for (auto& value : values) {
        const auto parts = parts_of(value.key);
        const bool is_bare = subject_of(parts) == Subject{} && names_quantity(parts.core);
        if (is_bare) value.beside = shown_subject(subject_of(parts_of(speaker->key)));
    }
}

}  // namespace drivers::serial
