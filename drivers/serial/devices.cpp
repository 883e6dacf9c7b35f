#include "drivers/serial/devices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "drivers/core/identity.hpp"
#include "drivers/core/names.hpp"
#include "drivers/serial/text/tokens.hpp"
#include "drivers/serial/text/vocabulary.hpp"

namespace drivers::serial {

namespace {

using Value = DecodedLine::Value;

constexpr std::size_t kWatchedMax = 256;

constexpr auto kHeading = "a heading";  // In place of a key.

constexpr std::array<std::string_view, 5> kPrepositions{"for", "of", "from", "at", "on"};

/// "Device 1 Address" is the "Device Address" of another device, while "Sensor 1" says it all.
std::string plain_key(std::string_view key) {
    const auto words = words_of(key);
    std::string plain;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const bool is_number = words[i].find_first_not_of("0123456789") == std::string::npos;
        if (is_number && i > 0 && i + 1 < words.size()) continue;
        plain += (plain.empty() ? "" : " ") + words[i];
    }
    return plain;
}

/// As `by` is to name it.
std::string without_number(const std::string& key) {
    const auto spans = word_spans(key);
    for (std::size_t i = 0; i < spans.size(); ++i) {
        const bool is_number = spans[i].find_first_not_of("0123456789") == std::string_view::npos;
        if (!is_number || i == 0 || i + 1 == spans.size()) continue;
        const auto at = static_cast<std::size_t>(spans[i].data() - key.data());
        const auto end = static_cast<std::size_t>(spans[i + 1].data() - key.data());
        return key.substr(0, at) + key.substr(end);
    }
    return key;
}

/// "node", and "Temperature for device" too.
bool names_device(const std::string& key) {
    if (names_identity(key)) return true;
    const auto words = words_of(key);
    if (words.size() < 3) return false;
    const auto& before = words[words.size() - 2];
    return std::find(kPrepositions.begin(), kPrepositions.end(), before) != kPrepositions.end() &&
           names_identity(words.back());
}

/// A 1-Wire address is one of a sensor in all examples, and stays with it.
bool is_address(const Value& value) {
    const auto words = words_of(value.key);
    if (words.empty() || value.text.empty()) return false;
    const bool is_named = words.back() == "address" || words.back() == "rom";
    return is_named && address_length(value.text) == value.text.size();
}

/// From here on, JSON's numbers are not exact. What came as a text has a resolution.
bool is_too_long(const Value& value) {
    return value.kind == Value::Kind::number && value.resolution == 0 &&
           std::abs(value.number) >= 0x1p53;
}

bool contains(const std::vector<std::string>& keys, const std::string& key) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

std::string device_name(const Value& value) {
    std::string text = value.text;
    if (is_address(value)) {
        // "28 FF 64 1F 82 16 C3 5": the sketch leaves out leading zeros.
        std::string digits;
        for (std::size_t at = 0; at < text.size();) {
            const auto end = std::min(text.find_first_of(" :-", at), text.size());
            if (end - at == 1) digits += '0';
            digits += text.substr(at, end - at);
            at = end + 1;
        }
        text = lower_case(digits);
    }
    return distinct_name(text);
}

/// Two lists of parts never give one name: where joining them could, it has a hash of them all.
std::string joined(const std::vector<std::string>& parts) {
    const auto name = fmt::format("{}", fmt::join(parts, "-"));
    const bool has_dash = std::any_of(parts.begin(), parts.end(), [](const std::string& part) {
        return part.find('-') != std::string::npos;
    });
    if (parts.size() < 2 || !has_dash) return name;
    return marked_name(name, fmt::format("{}", fmt::join(parts, " ")));
}

}  // namespace

base::Result<std::string> Devices::take(DecodedLine& line) {
    const auto said = take_heading(line) ? Values{{kHeading, heading_}} : take_identities(line);
    if (line.values.empty()) {
        if (!line.is_json) hold(said);
        return std::string{};
    }
    auto known = said;
    if (!line.is_json) {
        known.insert(standing_.begin(), standing_.end());
        unread_ = 0;
    }
    auto device = options_.by ? device_by(known) : device_at(said, known);
    if (device) {
        watch(known, device.value());
        watch_neighbours(line, device.value());
    }
    return device;
}

/// Whether `by` names it.
bool Devices::is_part(const Value& value) const {
    return options_.by &&
           std::any_of(options_.by->begin(), options_.by->end(), [&](const auto& key) {
               return value.key == key || plain_key(value.key) == plain_key(key);
           });
}

/// A number with a fraction or a unit is a reading, whatever it is called.
bool Devices::is_identity(const Value& value) const {
    if (contains(options_.readings, value.key) || !names_device(value.key)) return false;
    if (value.kind != Value::Kind::number) return true;
    const bool is_whole = value.number == std::floor(value.number) &&
                          (value.resolution == 0 || value.resolution == 1);
    return is_whole && value.unit.empty() && !value.is_truth;
}

/// "Kitchen:" on a line of its own.
bool Devices::take_heading(DecodedLine& line) {
    if (line.is_json || line.values.size() != 1) return false;
    const auto& value = line.values.front();
    const bool is_named = is_part(value) || contains(options_.readings, value.key) ||
                          contains(options_.ignored, value.key);
    if (value.kind != Value::Kind::text || !value.text.empty() || is_named) return false;
    heading_ = {.key = value.key, .text = value.key};
    line.values.clear();
    return true;
}

Devices::Values Devices::take_identities(DecodedLine& line) const {
    Values said;
    std::erase_if(line.values, [&](const Value& value) {
        if (!is_part(value) && !is_identity(value)) return false;
        if (value.kind != Value::Kind::missing) said.emplace(plain_key(value.key), value);
        return true;
    });
    return said;
}

/// Of ["Room", "Sensor"], another room ends what held for the sensor.
void Devices::hold(const Values& said) {
    watch_unread(said);
    bool is_over = false;
    for (const auto& key : options_.by.value_or(std::vector<std::string>{})) {
        if (is_over) standing_.erase(plain_key(key));
        is_over |= said.contains(plain_key(key));
    }
    for (const auto& [key, value] : said) {
        if (standing_.size() < kWatchedMax || standing_.contains(key)) standing_[key] = value;
    }
}

/// "Sensor: 512" on every other line is a reading, although it is called like an identity.
void Devices::watch_unread(const Values& said) {
    constexpr std::size_t kSure = 3;
    for (const auto& [key, value] : said) {
        const auto before = standing_.find(key);
        const bool changes = before != standing_.end() && before->second.text != value.text;
        if (value.kind != Value::Kind::number || is_part(value) || !changes) continue;
        if (++unread_ < kSure || !told_keys_.insert(key).second) continue;
        told_.push_back(fmt::format(
            "\"{}\" names a device, and no reading follows; if it is a reading, name it "
            "in [sensor.keys]",
            shown(value.key)));
    }
}

/// By the 1-Wire address in the line.
std::string Devices::device_at(const Values& said, Values& known) {
    const auto address = std::find_if(said.begin(), said.end(),
                                      [](const auto& one) { return is_address(one.second); });
    if (address == said.end()) return {};
    known.erase(address->first);
    return device_name(address->second);
}

base::Result<std::string> Devices::device_by(Values& known) const {
    std::vector<std::string> parts;
    for (const auto& key : *options_.by) {
        const auto found = known.find(plain_key(key));
        if (found == known.end()) {
            return base::Error{base::Fault::malformed,
                               fmt::format("it does not say \"{}\", so which device?", shown(key))};
        }
        if (is_too_long(found->second)) {
            return base::Error{base::Fault::malformed,
                               fmt::format("\"{}\" is too long a number to be exact; send it in "
                                           "quotes",
                                           shown(found->second.key))};
        }
        parts.push_back(device_name(found->second));
    }
    for (const auto& key : *options_.by) known.erase(plain_key(key));
    return joined(parts);
}

void Devices::watch(const Values& known, const std::string& device) {
    if (options_.by && options_.by->empty()) return;
    for (const auto& [key, value] : known) {
        if (options_.by && contains(options_.ignored, value.key)) continue;
        const auto* first = changed(device, key, value.text);
        if (first != nullptr && key == kHeading) {
            told_.push_back(
                fmt::format("\"{0}\" and \"{1}\" stand above readings: two devices? Then let the "
                            "board print the "
                            "name in each line, as in \"{1} Temperature: 21\"; if one, by = []",
                            shown(*first), shown(value.text)));
        } else if (first != nullptr) {
            tell_change(without_number(value.key), *first, value);
        }
    }
}

/// The humidity beside a temperature of indoors, and then beside one of outdoors.
void Devices::watch_neighbours(const DecodedLine& line, const std::string& device) {
    if (options_.by && options_.by->empty()) return;
    for (const auto& value : line.values) {
        if (value.beside.empty() || contains(options_.readings, value.key)) continue;
        const auto* first = changed(device, "beside " + value.key, value.beside);
        if (first == nullptr) continue;
        told_.push_back(
            fmt::format("\"{0}\" stands beside what is of \"{1}\", and of \"{2}\": is it of two "
                        "devices? Then let the "
                        "board print that word before it, too; if of one, name it in [sensor.keys]",
                        shown(value.key), shown(*first), shown(value.beside)));
    }
}

/// What stood there first, when it is another text now, and that is to be told.
const std::string* Devices::changed(const std::string& device, const std::string& key,
                                    const std::string& text) {
    const auto place = device + "\n" + key;
    if (first_.size() >= kWatchedMax && !first_.contains(place)) return nullptr;
    const auto& first = first_.emplace(place, text).first->second;
    return first != text && told_keys_.insert(key).second ? &first : nullptr;
}

void Devices::tell_change(const std::string& key, const std::string& first, const Value& value) {
    auto by = options_.by.value_or(std::vector<std::string>{});
    by.push_back(key);
    std::vector<std::string> quoted;
    for (const auto& part : by) quoted.push_back("\"" + shown(part) + "\"");
    const auto one = options_.by ? fmt::format("ignore = [{}]", quoted.back()) : "by = []";
    const bool is_number = value.kind == Value::Kind::number;
    told_.push_back(
        fmt::format("\"{}\" is \"{}\" and \"{}\": two devices? Then by = [{}]; if one, {}{}",
                    shown(key), shown(first), shown(value.text), fmt::join(quoted, ", "), one,
                    is_number ? "; if a reading, name it in [sensor.keys]" : ""));
}

std::vector<std::string> Devices::take_told() {
    return std::exchange(told_, {});
}

}  // namespace drivers::serial
