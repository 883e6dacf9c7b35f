#include "drivers/serial/decode.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/json.hpp"
#include "drivers/core/names.hpp"

namespace drivers::serial {

namespace {

constexpr base::JsonLimits kLimits{
    .bytes_max = Lines::kLineBytesMax, .depth_max = 4, .values_max = 256};
constexpr double kCountMax = 9007199254740991;  // 2^53-1: exact in every JSON reader.
constexpr std::string_view kBetween = " \t,;";
constexpr std::string_view kSigns = "=:";  // "key:value" is for the Arduino plotter.

bool is_fault(std::string_view key) {
    return key == "fault" || key == "error";
}

std::optional<double> number_in(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    double number = 0;
    const auto* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    if (parsed.ec != std::errc{} || parsed.ptr != end || !std::isfinite(number)) {
        return std::nullopt;
    }
    return number;
}

std::optional<double> number_in(const base::Json& json) {
    if (json.is_number()) return json.number;
    if (json.kind == base::Json::Kind::boolean) return json.boolean ? 1 : 0;
    if (json.is_string()) return number_in(json.string);
    return std::nullopt;
}

void read_count(std::optional<double> count, DecodedLine& decoded) {
    if (count && *count >= 0 && *count <= kCountMax && *count == std::floor(*count)) {
        decoded.number = static_cast<std::uint64_t>(*count);
    } else {
        decoded.refused.emplace_back("n is no whole number");
    }
}

/// Some boards say "error": 0 when there is no error.
void read_fault(std::string text, DecodedLine& decoded) {
    if (text == "0") return;
    decoded.faults.push_back(text.empty() ? "fault" : std::move(text));
}

// ---- JSON ------------------------------------------------------------------------------------

std::string text_of(const base::Json& json) {
    if (json.is_string()) return json.string;
    const auto number = number_in(json);
    return number ? fmt::format("{}", *number) : std::string{};
}

void read_members(const base::Json& object, const std::string& prefix, DecodedLine& decoded) {
    for (const auto& [key, json] : object.object) {
        const bool is_outer = prefix.empty();
        if (json.is_object()) {
            read_members(json, prefix + key + ".", decoded);
        } else if (is_outer && key == "n") {
            read_count(number_in(json), decoded);
        } else if (is_outer && key == "boot") {
            decoded.boot = text_of(json);
        } else if (is_outer && is_fault(key)) {
            if (json.kind != base::Json::Kind::null) read_fault(text_of(json), decoded);
        } else {
            decoded.values.push_back({.key = prefix + key, .value = number_in(json)});
        }
    }
}

base::Result<DecodedLine> decode_json(std::string_view line) {
    const auto json = base::parse_json(line, kLimits);
    if (!json) return json.error();
    DecodedLine decoded;
    read_members(json.value(), "", decoded);
    return decoded;
}

// ---- key=value -------------------------------------------------------------------------------

/// Goes through a line piece by piece.
class Pieces {
  public:
    explicit Pieces(std::string_view rest) : rest_(rest) { skip(); }

    bool is_done() const { return rest_.empty(); }
    std::string_view rest() const { return rest_; }

    /// "key=value", "key:" or a word.
    std::string_view next() {
        const auto piece = rest_.substr(0, rest_.find_first_of(kBetween));
        rest_.remove_prefix(piece.size());
        skip();
        return piece;
    }

  private:
    void skip() { rest_.remove_prefix(std::min(rest_.find_first_not_of(kBetween), rest_.size())); }

    std::string_view rest_;
};

void read_pair(std::string_view key, std::string_view text, DecodedLine& decoded) {
    const auto value = number_in(text);
    if (key == "n") return read_count(value, decoded);
    decoded.values.push_back({.key = std::string{key}, .value = value});
}

/// The text of `fault` and `boot` is the rest of the line.
bool read_words(std::string_view key, std::string_view text, DecodedLine& decoded) {
    if (is_fault(key)) {
        read_fault(std::string{text}, decoded);
    } else if (key == "boot") {
        decoded.boot = std::string{text};
    } else {
        return false;
    }
    return true;
}

base::Result<DecodedLine> decode_pairs(std::string_view line) {
    DecodedLine decoded;
    bool any = false;
    for (Pieces pieces(line); !pieces.is_done();) {
        const auto from_here = pieces.rest();
        const auto piece = pieces.next();
        const auto sign = piece.find_first_of(kSigns);
        if (sign == 0 || sign == std::string_view::npos) {
            decoded.refused.push_back(fmt::format("not understood: \"{}\"", shown(piece)));
            continue;
        }
        any = true;
        const auto key = piece.substr(0, sign);
        if (read_words(key, Pieces(from_here.substr(sign + 1)).rest(), decoded)) break;
        auto text = piece.substr(sign + 1);
        if (text.empty()) text = pieces.next();  // "Humidity: 45"
        read_pair(key, text, decoded);
    }
    if (any) return decoded;
    return base::Error{base::Fault::malformed, "neither JSON nor key=value"};
}

}  // namespace

base::Result<DecodedLine> decode_line(const Line& line) {
    std::string_view text = line.text;
    // Noise has the high bit set: that is what a wire carries while a board powers up.
    const bool noisy = !text.empty() && static_cast<unsigned char>(text.front()) >= 0x80U;
    if (noisy || line.torn) {
        text.remove_prefix(std::min(text.find('{'), text.size()));
    } else {
        text.remove_prefix(std::min(text.find_first_not_of(kBetween), text.size()));
    }
    return text.starts_with('{') ? decode_json(text) : decode_pairs(text);
}

}  // namespace drivers::serial
