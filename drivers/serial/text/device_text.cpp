#include "drivers/serial/text/device_text.hpp"

#include <algorithm>
#include <array>

#include "drivers/core/identity.hpp"
#include "drivers/core/units.hpp"
#include "drivers/serial/text/number.hpp"
#include "drivers/serial/text/tokens.hpp"
#include "drivers/serial/text/vocabulary.hpp"

namespace drivers::serial {

namespace {

/// Whether a label is of a code, in which "3F" is no temperature.
bool is_of_code(std::string_view label) {
    constexpr std::array<std::string_view, 7> kCodes{"addr", "address", "mac",   "eui",
                                                     "rom",  "sn",      "serial"};
    const auto words = words_of(label);
    return !words.empty() &&
           (words.back().ends_with("id") ||
            std::find(kCodes.begin(), kCodes.end(), words.back()) != kCodes.end());
}

}  // namespace

std::size_t code_length(std::string_view text, std::string_view label) {
    const auto code = text.substr(0, text.find_first_of(kUnitEnds));
    const auto number = read_number(code, '.');
    if (!number || code.find_first_of(kSigns) != std::string_view::npos) return 0;
    const auto tail = code.substr(number->length);
    const bool is_number = tail.find_first_not_of(".!") == std::string_view::npos;
    return is_number || (is_unit(tail) && !is_of_code(label)) ? 0 : code.size();
}

std::size_t name_length(std::string_view words) {
    const auto spans = word_spans(words);
    for (std::size_t at = 0; at < spans.size(); ++at) {
        if (find_quantity_at(spans, at).quantity == nullptr) continue;
        return static_cast<std::size_t>(spans[at].data() - words.data());
    }
    return spans.size() < 2 ? 0 : spans.front().size();
}

std::optional<NumberedDevice> numbered_device(std::string_view text) {
    constexpr std::string_view kRuler = "-=*#[]>: ";
    const auto piece = text.substr(0, wide_gap(text));
    const auto begin = std::min(piece.find_first_not_of(kRuler), piece.size());
    const auto end = piece.find_last_not_of(kRuler) + 1;
    if (begin >= end) return std::nullopt;
    // "Sensor 1:, 21" is none: only at the end of a line a colon ends a heading.
    if (piece.find(':', end) != std::string_view::npos && piece.size() < text.size()) {
        return std::nullopt;
    }
    const auto words = word_spans(piece.substr(begin, end - begin));
    if (words.size() < 2) return std::nullopt;
    const auto number = words.back();
    if (number.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    const auto before = static_cast<std::size_t>(number.data() - piece.data());
    auto label = piece.substr(begin, before - begin);
    if (label.find_first_of(kSigns) != std::string_view::npos) return std::nullopt;
    label = label.substr(0, label.find_last_not_of(kRuler) + 1);
    if (!names_identity(label)) return std::nullopt;
    return NumberedDevice{.label = label, .number = number, .length = piece.size()};
}

}  // namespace drivers::serial
