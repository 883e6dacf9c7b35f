#include "drivers/serial/text/pairs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "drivers/core/identity.hpp"
#include "drivers/core/names.hpp"
#include "drivers/core/units.hpp"
#include "drivers/serial/text/device_text.hpp"
#include "drivers/serial/text/number.hpp"
#include "drivers/serial/text/subjects.hpp"
#include "drivers/serial/text/tokens.hpp"
#include "drivers/serial/text/vocabulary.hpp"

namespace drivers::serial {

namespace {

using Value = DecodedLine::Value;

constexpr std::string_view kUnitAdvice =
    "print one that leat knows (cm, hPa, °C, %, lb …), or none, and name it in [sensor.keys]";

base::Error not_understood(const std::string& why) {
    return {base::Fault::malformed, why};
}

/// "key=value", without blanks.
bool is_tight(std::string_view text, std::size_t sign) {
    return text[sign] == '=' && sign > 0 && text[sign - 1] != ' ' && sign + 1 < text.size() &&
           text[sign + 1] != ' ';
}

bool is_pair(std::string_view words) {
    return std::count(words.begin(), words.end(), ' ') == 1;
}

bool contains(const std::vector<std::string>& keys, const std::string& key) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

/// Goes through a line from left to right.
class Reader {
  public:
    Reader(std::string_view line, const LineOptions& options)
        : rest_(line), options_(options), mark_(options.decimal_mark) {}

    base::Result<DecodedLine> read() {
        skip(rest_, kBetween);
        while (!rest_.empty()) {
            if (auto status = read_item(); !status) return status.error();
        }
        if (any_) {
            give_subjects(decoded_.values, options_.named);
            return std::move(decoded_);
        }
        return not_understood("no label with a number");
    }

  private:
    base::Status read_item() {
        if (starts_number(rest_, mark_) && !numbered_label(rest_)) {
            if (any_) {
                return not_understood(fmt::format(
                    "\"{}\" has no label; print one before it, as in \"label: 1\"", shown(rest_)));
            }
            return read_numbers("");
        }
        if (const auto device = numbered_device(rest_)) {
            decoded_.values.push_back(
                {.key = key_of(device->label), .text = std::string{device->number}});
            any_ = true;
            rest_.remove_prefix(device->length);
            skip_gap();
            return base::Done{};
        }
        if (const auto length = label_without_sign(rest_, mark_); length > 0) {
            const auto label = base::trimmed(rest_.substr(0, length));
            rest_.remove_prefix(length);
            return read_numbers(label);
        }
        const auto sign = rest_.find_first_of(kSigns);
        if (sign == std::string_view::npos) return leave();
        const auto label = base::trimmed(rest_.substr(0, sign));
        if (label.empty() || !is_label(label)) {
            return not_understood(
                fmt::format("\"{}\" is no label; print one word or a few, without a comma or two "
                            "blanks, before each number",
                            shown(label)));
        }
        const bool prefixes = rest_[sign] == ':' && !any_ && prefix_.empty();
        is_tight_ = is_tight(rest_, sign);
        rest_.remove_prefix(sign);
        skip(rest_, kSigns);
        skip(rest_, kBlanks);
        after_number_ = false;
        if (contains(options_.ignored, key_of(label))) return read_ignored(label, prefixes);
        return read_value(label, prefixes);
    }

    /// Where its value is not understood, all up to the next label is left out.
    base::Status read_ignored(std::string_view label, bool prefixes) {
        const auto values = decoded_.values.size();
        const auto before = rest_;
        const auto prefix = prefix_;
        const auto status = read_value(label, prefixes);
        any_ = true;
        if (status) {
            // "Kitchen: Temperature: 21": all of it is the kitchen's.
            if (prefix_ != prefix) rest_ = {};
            const bool is_word = !rest_.empty() && !starts_number(rest_, mark_);
            if (is_word) leave_out();  // "Weight: 3 stones".
            return base::Done{};
        }
        decoded_.values.resize(values);
        rest_ = before;
        return leave_out() ? base::Status{base::Done{}} : status;
    }

    /// Removes what stands before the next label; false where that begins without a separator.
    bool leave_out() {
        const auto before = rest_.size();
        while (!rest_.empty()) {
            const auto piece = rest_.substr(0, wide_gap(rest_));
            if (piece.find_first_of(kSigns) != std::string_view::npos) break;
            rest_.remove_prefix(piece.size());
            skip_gap();
        }
        return rest_.size() < before;
    }

    /// Only the first label may hold what separates readings elsewhere: nothing comes before it.
    bool is_label(std::string_view label) const {
        if (label.find_first_of(kSeparators) != std::string_view::npos) return false;
        const bool is_wide = label.find('\t') != std::string_view::npos ||
                             label.find("  ") != std::string_view::npos;
        return !any_ || !is_wide;
    }

    base::Status read_value(std::string_view label, bool prefixes) {
        if (label == "n") return read_count();
        const auto word = lower_case(label);
        if (word == "fault" || word == "error") {
            any_ = true;
            if (rest_ != "0") decoded_.faults.emplace_back(rest_.empty() ? "fault" : rest_);
            rest_ = {};
            return base::Done{};
        }
        if (label == "boot") {
            any_ = true;
            decoded_.boot = std::string{std::exchange(rest_, {})};
            return base::Done{};
        }
        const bool is_identity = names_identity(label);
        if (const auto length =
                std::max(address_length(rest_), is_identity ? code_length(rest_, label) : 0U);
            length > 0) {
            add_text(label, length);
            return base::Done{};
        }
        if (starts_number(rest_, mark_) || missing_length(rest_) > 0) return read_numbers(label);
        return read_words(label, prefixes);
    }

    base::Status read_count() {
        constexpr double kCountMax = 9007199254740991;  // 2^53-1: exact in every JSON reader.
        const auto token = rest_.substr(0, rest_.find_first_of(kBetween));
        const auto number = read_number(token, mark_);
        const bool is_whole = number && number->length == token.size() && number->value >= 0 &&
                              number->value <= kCountMax &&
                              number->value == std::floor(number->value);
        any_ = true;
        if (is_whole) {
            decoded_.number = static_cast<std::uint64_t>(number->value);
        } else {
            decoded_.refused.emplace_back("n is no whole number");
        }
        rest_.remove_prefix(token.size());
        skip(rest_, kBetween);
        return base::Done{};
    }

    /// One number, or the same quantity in several units: "23.00°C 73.40°F", "9in, 23cm".
    base::Status read_numbers(std::string_view label) {
        for (bool again = false;; again = true) {
            const auto value = read_one(label, again);
            if (!value) return value.error();
            const bool has_unit = !value.value().unit.empty();
            if (!has_unit && again) return two_numbers(label);
            if (!has_unit && label.empty()) return without_label();
            decoded_.values.push_back(value.value());
            any_ = true;
            after_number_ = true;
            auto gap = skip_gap();
            if (has_unit) gap.is_clear |= skip_and();
            const bool more = starts_number(rest_, mark_) && !numbered_label(rest_);
            if (more && !has_unit) return two_numbers(label);
            if (!more && !(has_unit && missing_length(rest_) > 0)) {
                const bool is_clear = has_unit || gap.is_clear || names_identity(label);
                return is_clear ? base::Status{base::Done{}} : check_word();
            }
        }
    }

    /// "23.4 *C and 74.1 *F", "21.5 C / 70.7 F": what parts two numbers, if another one follows.
    bool skip_and() {
        for (const std::string_view word : {"and ", "or ", "/ ", "= "}) {
            if (!rest_.starts_with(word) || !starts_number(rest_.substr(word.size()), mark_)) {
                continue;
            }
            rest_.remove_prefix(word.size());
            return true;
        }
        return false;
    }

    base::Result<Value> read_one(std::string_view label, bool again) {
        const auto begin = rest_;
        Value value{.key = key_of(label), .text = {}, .kind = Value::Kind::missing, .again = again};
        if (const auto missing = missing_length(rest_); missing > 0) {
            rest_.remove_prefix(missing);
        } else {
            const auto number = read_number(rest_, mark_);
            if (!number) return not_understood(fmt::format("\"{}\" is no number", shown(rest_)));
            value.kind = Value::Kind::number;
            value.number = number->value;
            value.resolution = number->resolution;
            rest_.remove_prefix(number->length);
        }
        const auto digits = begin.substr(0, begin.size() - rest_.size());
        if (auto status = read_unit(digits, value); !status) return status.error();
        value.text = begin.substr(0, begin.size() - rest_.size());
        return value;
    }

    base::Status read_unit(std::string_view number, Value& value) {
        if (auto status = check_marks(number, value.key.empty()); !status) return status;
        const auto length = unit_length(rest_);
        if (length > 0) {
            value.unit = bare_unit(rest_.substr(0, length));
            rest_.remove_prefix(length);
            return base::Done{};
        }
        const auto glued = rest_.substr(0, rest_.find_first_of(kUnitEnds));
        if (glued.find_first_not_of(".!") == std::string_view::npos) {
            rest_.remove_prefix(glued.size());
            return base::Done{};
        }
        return not_understood(fmt::format("\"{}\" behind {} is no known unit; {}", shown(glued),
                                          shown(number), kUnitAdvice));
    }

    /// "23,4" is neither 23 nor two numbers, and neither is "1.013,25".
    base::Status check_marks(std::string_view number, bool is_bare) const {
        if (rest_.size() < 2 || rest_[1] < '0' || rest_[1] > '9') return base::Done{};
        const auto written =
            fmt::format("{}{}", number, rest_.substr(0, rest_.find_first_not_of("0123456789.,")));
        if (rest_.front() == ',' && mark_ == '.') {
            return is_bare ? without_label() : not_understood(advice_on_comma(written));
        }
        if (rest_.front() == '.' && mark_ == ',') {
            return not_understood(fmt::format(
                "{} has a point, but decimal = \",\"; print all numbers alike", shown(written)));
        }
        return base::Done{};
    }

    /// A word behind a bare number may be its unit; only the next label tells that it is none.
    base::Status check_word() const {
        const auto words = rest_.substr(0, rest_.find_first_of(kSigns));
        const auto first = words.substr(0, words.find(' '));
        if (first.size() == words.size() || base::trimmed(words.substr(first.size())).empty()) {
            return base::Done{};
        }
        const bool is_title = first.size() > 2 && first[0] >= 'A' && first[0] <= 'Z' &&
                              first[1] >= 'a' && first[1] <= 'z';
        const bool is_quantity = find_quantity_word(lower_case(first)) != nullptr;
        if (is_title || is_quantity) return base::Done{};
        return not_understood(
            fmt::format("is \"{}\" a unit or a name? Put a comma between readings", shown(first)));
    }

    /// A word in place of a number. What follows it may be the next label.
    base::Status read_words(std::string_view label, bool prefixes) {
        const auto part = rest_.substr(0, wide_gap(rest_));
        const auto sign = part.find_first_of(kSigns);
        if (sign == std::string_view::npos) {
            add_text(label, part.size());
            return base::Done{};
        }
        const auto words = base::trimmed(part.substr(0, sign));
        const auto first = words.substr(0, words.find(' '));
        const bool has_digit = first.find_first_of("0123456789") != std::string_view::npos;
        if (const auto length = names_identity(label) ? name_length(words) : 0U; length > 0) {
            add_text(label, length);
            return base::Done{};
        }
        const bool is_word =
            has_digit || is_state(first) || (is_tight_ && is_tight(rest_, sign) && is_pair(words));
        if (first.size() < words.size() && is_word) {
            add_text(label, first.size());
        } else if (first.size() < words.size() || words.empty()) {
            return not_understood(
                fmt::format("no number after \"{}\"; print one, or a comma before the next label",
                            shown(label)));
        } else if (prefixes) {
            prefix_ = std::string{label} + " ";
        } else {
            add_text(label, 0);
        }
        return base::Done{};
    }

    /// What is left has no label and no number. A remark behind a dash says nothing.
    base::Status leave() {
        const auto words = base::trimmed(rest_);
        const bool is_empty = words.find_first_not_of(".!-") == std::string_view::npos;
        const bool has_digit = words.find_first_of("0123456789") != std::string_view::npos;
        if (is_empty || (any_ && after_dash_ && !has_digit && !is_unit(words))) {
            rest_ = {};
            return base::Done{};
        }
        if (any_ && after_number_) {
            return not_understood(
                fmt::format("\"{}\" is no known unit; {}", shown(words), kUnitAdvice));
        }
        return not_understood(
            fmt::format("\"{}\" is no reading; print \"label: number\", or name the "
                        "beginning of the line in ignore",
                        shown(words)));
    }

    base::Error two_numbers(std::string_view label) const {
        return not_understood(
            fmt::format("more than one number for \"{}\": \"{}\"; give each a label, or a unit",
                        shown(label), shown(rest_)));
    }

    base::Error without_label() const {
        return not_understood(
            options_.columns.empty()
                ? std::string{"numbers without a label; name them with columns = [\"...\", ...]"}
                : fmt::format("columns has {} names, and the line another number of cells",
                              options_.columns.size()));
    }

    void add_text(std::string_view label, std::size_t length) {
        decoded_.values.push_back(
            {.key = key_of(label), .text = std::string{base::trimmed(rest_.substr(0, length))}});
        any_ = true;
        rest_.remove_prefix(length);
        skip_gap();
    }

    Gap skip_gap() {
        const auto gap = drivers::serial::skip_gap(rest_);
        after_dash_ = gap.has_dash;
        return gap;
    }

    std::string key_of(std::string_view label) const { return prefix_ + std::string{label}; }

    std::string_view rest_;
    const LineOptions& options_;
    char mark_;
    DecodedLine decoded_;
    std::string prefix_;  // "Kitchen: Temperature: 21, Humidity: 45" is all of the kitchen.
    bool any_ = false;    // Something was understood.
    bool after_dash_ = false;
    bool after_number_ = false;
    bool is_tight_ = false;  // "mode=auto temp=21": a blank ends the value.
};

}  // namespace

base::Result<DecodedLine> decode_pairs(std::string_view line, const LineOptions& options) {
    return Reader{without_stamps(line), options}.read();
}

}  // namespace drivers::serial
