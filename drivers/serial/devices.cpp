#include "drivers/serial/devices.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "drivers/core/names.hpp"
#include "drivers/serial/text/tokens.hpp"
#include "drivers/serial/text/vocabulary.hpp"

namespace drivers::serial {

namespace {

using Value = DecodedLine::Value;

constexpr std::size_t kWatchedMax = 32;

constexpr std::array<std::string_view, 20> kIdentities{
    "id",  "model",  "channel", "ch",   "sensor",   "device",  "dev", "node",  "addr",   "address",
    "mac", "serial", "name",    "room", "location", "station", "rom", "index", "source", "probe",
};

bool is_identity(const Value& value) {
    const auto words = words_of(value.key);
    return value.unit.empty() && !words.empty() &&
           std::find(kIdentities.begin(), kIdentities.end(), words.back()) != kIdentities.end();
}

/// A 1-Wire address is one of a sensor in all examples, and stays with it.
bool is_address(const Value& value) {
    const auto words = words_of(value.key);
    if (words.empty() || value.text.empty()) return false;
    const bool is_named = words.back() == "address" || words.back() == "rom";
    return is_named && address_length(value.text) == value.text.size();
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
    std::vector<std::string> parts;
    const auto take_part = [&](const auto& is_part) {
        const auto found = std::find_if(line.values.begin(), line.values.end(), is_part);
        if (found == line.values.end()) return false;
        parts.push_back(device_name(*found));
        line.values.erase(found);
        return true;
    };
    if (!by_) {
        watch(line);
        if (line.values.size() > 1) take_part(is_address);
    } else {
        for (const auto& key : *by_) {
            const bool is_there = take_part([&](const Value& value) {
                return value.key == key || words_of(value.key) == words_of(key);
            });
            if (is_there) continue;
            if (!line.is_json && !standing_.empty()) return standing_;
            if (line.values.empty()) return std::string{};
            return base::Error{base::Fault::malformed,
                               fmt::format("it does not say \"{}\", so which device?", shown(key))};
        }
    }
    auto device = joined(parts);
    if (by_ && !line.is_json && line.values.empty()) standing_ = device;
    return device;
}

void Devices::watch(const DecodedLine& line) {
    for (const auto& value : line.values) {
        if (!is_identity(value)) continue;
        if (is_address(value) && line.values.size() > 1) continue;
        if (first_.size() >= kWatchedMax && !first_.contains(value.key)) continue;
        const auto& first = first_.emplace(value.key, value.text).first->second;
        if (first == value.text || !varying_.insert(value.key).second) continue;
        told_.push_back(fmt::format(
            "\"{0}\" is \"{1}\" and \"{2}\": two devices? Then by = [\"{0}\"]; if one, by = []",
            shown(value.key), shown(first), shown(value.text)));
    }
}

std::vector<std::string> Devices::take_told() {
    return std::exchange(told_, {});
}

}  // namespace drivers::serial
