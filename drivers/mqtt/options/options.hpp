#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/settings.hpp"
#include "drivers/mqtt/options/mapped_key.hpp"
#include "drivers/mqtt/options/topic_filter.hpp"
#include "drivers/tables/json_pointer.hpp"
#include "drivers/tables/time_format.hpp"

namespace drivers::mqtt {

enum class Format { zigbee2mqtt, tasmota, esphome, homie, plain, json };

/// Where messages have a time of their own.
struct SourceTime {
    tables::JsonPointer pointer;
    tables::TimeFormat format;
};

/// "id": the one nearest to a value; "/device/id": the one at that place.
struct IdentityMember {
    std::string member;
    std::optional<tables::JsonPointer> pointer;
};

struct Options {
    Format format = Format::json;

    /// Subscribed to in this order: descriptions of values, availability, values.
    std::vector<TopicFilter> attributes;
    std::vector<TopicFilter> availability;
    std::vector<TopicFilter> values;

    std::vector<MappedKey> keys;
    std::vector<std::string> ignored_keys;

    /// Without it the time of a reading is when its message arrived.
    std::optional<SourceTime> source_time;

    /// A retained value may be of any age. If accepted, it counts once, not at every reconnect.
    bool accepts_retained = false;

    std::size_t quantities_max = 48;

    /// Members of a payload that say which device a value is of.
    std::vector<IdentityMember> by;

    /// What devices send when they come and go, beside the words that are known.
    std::optional<std::string> payload_available;
    std::optional<std::string> payload_not_available;

    /// How numbers in texts are written: "21,5". JSON's own numbers have a point.
    bool decimal_comma = false;

    const MappedKey* find_key(std::string_view key) const;
    bool ignores(std::string_view key) const;

    /// Whether `by` names a member, or the pointer to it.
    bool parts_by(std::string_view member, std::string_view pointer) const;
};

/// Reads the keys of a [[sensor]] table, except the broker's.
Options read_options(base::Settings& settings);

/// What to subscribe to, in order: all filters but those that another one covers.
std::vector<TopicFilter> subscriptions_of(const Options& options);

}  // namespace drivers::mqtt
