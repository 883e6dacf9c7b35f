#include "drivers/core/identity.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <string>
#include <vector>

namespace drivers {

namespace {

/// Whatever words come before them: "wifi mac".
constexpr std::array<std::string_view, 13> kMarks{"id",      "uid", "uuid", "guid", "addr",
                                                  "address", "mac", "eui",  "rom",  "serial",
                                                  "sn",      "ain", "imei"};

/// One among several, and what the others are of.
constexpr std::array<std::string_view, 28> kThings{
    "device",  "dev",  "sensor",   "sens",    "node",  "nodename", "mote",
    "station", "chan", "probe",    "channel", "ch",    "location", "loc",
    "place",   "site", "room",     "zone",    "floor", "slot",     "from",
    "sender",  "host", "hostname", "board",   "chip",  "sid",      "module"};

/// Alone, these are something else: a unit of measurement, a version.
constexpr std::array<std::string_view, 7> kOwners{"unit",   "tag",   "hw",      "ieee",
                                                  "entity", "slave", "friendly"};

/// Alone, or behind what they are of: "name" and "sensor_name", not "file name".
constexpr std::array<std::string_view, 7> kNames{"name",  "index",  "idx", "label",
                                                 "model", "source", "src"};

/// Only behind what they count: "node number".
constexpr std::array<std::string_view, 5> kCounts{"number", "num", "nr", "no", "code"};

/// An identity of such a thing is new each time.
constexpr std::array<std::string_view, 23> kPassing{
    "message",       "msg",         "packet",  "pkt",      "frame", "seq",
    "sequence",      "transaction", "request", "record",   "row",   "event",
    "session",       "boot",        "job",     "command",  "cmd",   "log",
    "deduplication", "correlation", "uplink",  "downlink", "trace"};

template <std::size_t Size>
bool has(const std::array<std::string_view, Size>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

bool is_of_word(char c) {
    return is_upper(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           static_cast<unsigned char>(c) >= 0x80U;
}

bool is_number(std::string_view word) {
    return word.find_first_not_of("0123456789") == std::string_view::npos;
}

/// In lower case: "devEUI" is "dev", "eui"; "Device 0 Address" is "device", "0", "address".
std::vector<std::string> words_of(std::string_view key) {
    std::vector<std::string> words;
    char before = ' ';
    for (const char c : key) {
        const bool begins = !is_of_word(before) || (is_upper(c) && !is_upper(before));
        if (is_of_word(c)) {
            if (begins) words.emplace_back();
            words.back() += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
        }
        before = c;
    }
    return words;
}

bool is_owner(std::string_view word) {
    return has(kThings, word) || has(kMarks, word) || has(kOwners, word) || is_number(word);
}

/// "deviceid", "stationname", "serialnumber": written as one.
bool is_compound(std::string_view word) {
    for (std::size_t at = 1; at < word.size(); ++at) {
        const auto rest = word.substr(at);
        const bool is_ending = has(kMarks, rest) || has(kNames, rest) || has(kCounts, rest);
        if (is_ending && is_owner(word.substr(0, at))) return true;
    }
    return false;
}

}  // namespace

bool names_identity(std::string_view key) {
    if (const auto dot = key.rfind('.'); dot != std::string_view::npos) key.remove_prefix(dot + 1);
    const auto words = words_of(key);
    if (words.empty()) return false;
    const auto last = std::prev(words.end());
    if (std::any_of(words.begin(), last, [](const auto& word) { return has(kPassing, word); })) {
        return false;
    }
    if (has(kMarks, *last) || is_compound(*last)) return true;
    const bool is_name =
        has(kThings, *last) || has(kNames, *last) || (last != words.begin() && has(kCounts, *last));
    return is_name && std::all_of(words.begin(), last, is_owner);
}

}  // namespace drivers
