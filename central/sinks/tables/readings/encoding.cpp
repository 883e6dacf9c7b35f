#include "central/sinks/tables/readings/encoding.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "base/ensure.hpp"

namespace sinks {

namespace {

/// Long enough for every number of either kind.
constexpr std::size_t kNumberBytesMax = 32;

template <class Number>
void append(std::string& text, Number number) {
    std::array<char, kNumberBytesMax> digits{};
    const auto [end, failure] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    ENSURE(failure == std::errc{});
    text.append(digits.data(), end);
}

std::optional<std::int64_t> step_of(const std::vector<engine::Single>& readings) {
    if (readings.size() == 1) return 0;
    const auto step = readings[1].at - readings[0].at;
    for (std::size_t i = 2; i < readings.size(); ++i) {
        if (readings[i].at - readings[i - 1].at != step) return std::nullopt;
    }
    return step.count();
}

/// Takes an encoded text apart, from left to right.
class Reader {
  public:
    explicit Reader(std::string_view text) : text_(text) {}

    bool take(char expected) {
        if (!text_.starts_with(expected)) return false;
        text_.remove_prefix(1);
        return true;
    }
    template <class Number>
    bool take(Number& number) {
        const auto* end = text_.data() + text_.size();
        const auto [rest, failure] = std::from_chars(text_.data(), end, number);
        if (failure != std::errc{}) return false;
        text_.remove_prefix(static_cast<std::size_t>(rest - text_.data()));
        return true;
    }
    bool is_at_end() const { return text_.empty(); }

  private:
    std::string_view text_;
};

base::Error unreadable() {
    return {base::Fault::malformed, "a block of readings cannot be read"};
}

}  // namespace

EncodedReadings encode(const std::vector<engine::Single>& readings) {
    ENSURE(!readings.empty());
    EncodedReadings encoded{.step = step_of(readings), .text = {}};
    auto& text = encoded.text;
    text.reserve(readings.size() * 8);
    const auto first_at = readings.front().at;
    for (const auto& [at, value] : readings) {
        ENSURE(at >= first_at && std::isfinite(value));
        text += text.empty() ? (encoded.step ? '[' : '{') : ',';
        if (!encoded.step) {
            text += '"';
            append(text, std::int64_t{(at - first_at).count()});
            text += "\":";
        }
        append(text, value);
    }
    text += encoded.step ? ']' : '}';
    return encoded;
}

base::Result<std::vector<engine::Single>> decode(std::string_view text, base::EventTime first_at,
                                                 std::optional<std::int64_t> step) {
    std::vector<engine::Single> readings;
    Reader reader{text};
    if (!reader.take(step ? '[' : '{')) return unreadable();
    do {
        auto key = static_cast<std::int64_t>(readings.size());
        if (step) {
            if (*step < 0 || *step > engine::kBlockSpan.count()) return unreadable();
            key *= *step;
        } else if (!reader.take('"') || !reader.take(key) || !reader.take('"') ||
                   !reader.take(':')) {
            return unreadable();
        }
        double value = 0;
        if (!reader.take(value) || !std::isfinite(value)) return unreadable();
        const auto at = first_at + base::Duration{key};
        const bool is_in_order = readings.empty() ? key == 0 : at >= readings.back().at;
        if (!is_in_order || key > engine::kBlockSpan.count()) return unreadable();
        readings.push_back({.at = at, .value = value});
    } while (reader.take(','));
    if (!reader.take(step ? ']' : '}') || !reader.is_at_end()) return unreadable();
    return readings;
}

}  // namespace sinks
