#include "drivers/gpio/address.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <limits>
#include <numeric>
#include <optional>

namespace drivers::gpio {

namespace {

constexpr unsigned kHeaderPins = 40;
constexpr int kPower3 = -3;
constexpr int kPower5 = -5;
constexpr int kGround = 0;

/// The BCM number behind each pin of the 40-pin header, the same since the Raspberry Pi B+ (2014).
/// Source: Raspberry Pi documentation, "GPIO and the 40-pin header".
constexpr std::array<int, kHeaderPins> kHeader{
    kPower3, kPower5, 2,  kPower5, 3,       kGround, 4,       14, kGround, 15,       //  1 to 10
    17,      18,      27, kGround, 22,      23,      kPower3, 24, 10,      kGround,  // 11 to 20
    9,       25,      11, 8,       kGround, 7,       0,       1,  5,       kGround,  // 21 to 30
    6,       12,      13, kGround, 19,      16,      26,      20, kGround, 21};      // 31 to 40

/// The chip behind the header: Raspberry Pi 1 to 3 and Zero, 4, 5.
const std::vector<std::string> kHeaderLabels{"pinctrl-bcm2835", "pinctrl-bcm2711", "pinctrl-rp1"};

base::Error misconfigured(std::string detail) {
    return {base::Fault::misconfigured, std::move(detail)};
}

std::size_t distance(const std::string& left, const std::string& right) {
    std::vector<std::size_t> row(right.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < left.size(); ++i) {
        std::size_t diagonal = row[0]++;
        for (std::size_t j = 0; j < right.size(); ++j) {
            const auto same = std::toupper(static_cast<unsigned char>(left[i])) ==
                              std::toupper(static_cast<unsigned char>(right[j]));
            const auto replaced = diagonal + (same ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

bool is_number(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string bare_number(std::string_view number) {
    return fmt::format(
        "{0} may be the line GPIO{0} or the pin {0} of the header: write \"GPIO{0}\" for the line, "
        "or "
        "header_pin = {0} for the pin",
        number);
}

/// "gpiochip4", "/dev/gpiochip4"
bool is_chip_number(std::string_view text) {
    constexpr std::string_view kChip = "gpiochip";
    const auto name = text.substr(text.rfind('/') + 1);
    return name.starts_with(kChip) && is_number(name.substr(kChip.size()));
}

/// Why a text that may name a line is not taken nevertheless; nothing if it is.
std::optional<std::string> doubt_about(std::string_view text) {
    if (is_number(text)) return bare_number(text);
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || !is_chip_number(text.substr(0, colon)))
        return std::nullopt;
    return fmt::format(
        "{} names a chip by its number, which differs between kernels: write the line's name, "
        "\"GPIO{}\", or the chip's label and the line's number, \"pinctrl-bcm2711:{}\" "
        "(`leat-agent "
        "probe` lists both)",
        text, text.substr(colon + 1), text.substr(colon + 1));
}

/// One spelling for one line.
std::string one_spelling(const LineAddress& address) {
    constexpr std::string_view kName = "GPIO";
    if (!address.name.empty()) return address.name;
    const bool is_header = std::find(kHeaderLabels.begin(), kHeaderLabels.end(),
                                     address.labels.front()) != kHeaderLabels.end();
    return is_header ? fmt::format("{}{}", kName, address.offset) : address.written;
}

/// A number is judged as a text is: what it means is the question, not its type.
std::optional<std::string> accept_number(base::Settings& settings, const std::string& key) {
    constexpr auto kLargest = std::numeric_limits<std::int64_t>::max();
    return std::to_string(settings.integer(key, 0, -kLargest, kLargest));
}

}  // namespace

base::Result<LineAddress> parse_line_address(std::string_view text) {
    const auto colon = text.rfind(':');
    if (text.empty()) return misconfigured("no line is named");
    if (colon == std::string_view::npos) {
        return LineAddress{.name = std::string{text}, .labels = {}, .written = std::string{text}};
    }
    LineAddress address{
        .name = {}, .labels = {std::string{text.substr(0, colon)}}, .written = std::string{text}};
    const auto* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data() + colon + 1, end, address.offset);
    if (colon == 0 || parsed.ec != std::errc{} || parsed.ptr != end) {
        return misconfigured(
            fmt::format("\"{}\" is no line; write its name, \"GPIO4\", or chip label and number, "
                        "\"pinctrl-bcm2711:4\"",
                        text));
    }
    return address;
}

base::Result<LineAddress> header_pin_address(unsigned pin) {
    if (pin < 1 || pin > kHeaderPins) {
        return misconfigured(fmt::format("the header has no pin {}", pin));
    }
    const int number = kHeader[pin - 1];
    if (pin == 27 || pin == 28) {
        return misconfigured(fmt::format("pin {} belongs to the memory of HATs", pin));
    }
    if (number == kGround) return misconfigured(fmt::format("pin {} is ground", pin));
    if (number == kPower3) return misconfigured(fmt::format("pin {} is 3.3 V power", pin));
    if (number == kPower5) return misconfigured(fmt::format("pin {} is 5 V power", pin));
    return LineAddress{.name = {},
                       .labels = kHeaderLabels,
                       .offset = static_cast<unsigned>(number),
                       .written = fmt::format("header pin {} (GPIO{})", pin, number)};
}

LineAddress read_line_address(base::Settings& settings, const std::string& key,
                              const std::string& pin_key) {
    const bool by_pin = settings.has(pin_key);
    const auto pin = settings.integer(pin_key, 1, 1, kHeaderPins);
    const auto doubt = doubt_about(settings.written(key));
    const auto text =
        settings.is_whole(key) ? accept_number(settings, key) : settings.optional_text(key);
    if (by_pin == settings.has(key)) {
        settings.refuse(by_pin ? pin_key : std::string{},
                        fmt::format("name the line once: {} = \"GPIO4\" or {} = 7",
                                    settings.full_name(key), pin_key));
        return {};
    }
    if (!by_pin && doubt) {
        settings.refuse(key, fmt::format("{} = {}: {}", settings.full_name(key),
                                         settings.written(key), *doubt));
        return {};
    }
    if (!by_pin && !text) return {};  // What is wrong is already in the settings.
    auto address =
        by_pin ? header_pin_address(static_cast<unsigned>(pin)) : parse_line_address(*text);
    if (address) return std::move(address).value();
    const auto& asked = by_pin ? pin_key : key;
    settings.refuse(asked,
                    fmt::format("{}: {}", settings.full_name(asked), address.error().detail));
    return {};
}

std::vector<std::pair<std::string, std::string>> line_claims(
    const base::Settings& settings, const std::vector<std::pair<std::string, std::string>>& keys) {
    std::vector<std::pair<std::string, std::string>> claims;
    const auto devices = settings.written("devices");
    for (const auto& [key, pin_key] : keys) {
        unsigned pin = 0;
        const auto digits = settings.written(pin_key);
        std::from_chars(digits.data(), digits.data() + digits.size(), pin);
        const auto address = settings.has(pin_key) ? header_pin_address(pin)
                                                   : parse_line_address(settings.written(key));
        if (!address) continue;
        auto line = one_spelling(address.value());
        claims.emplace_back(settings.has(pin_key) ? pin_key : key,
                            devices.empty() ? line : line + " in " + devices);
    }
    return claims;
}

std::vector<std::string> nearest_first(const std::string& word, std::vector<std::string> words) {
    std::stable_sort(words.begin(), words.end(),
                     [&](const std::string& left, const std::string& right) {
                         return distance(word, left) < distance(word, right);
                     });
    return words;
}

}  // namespace drivers::gpio
