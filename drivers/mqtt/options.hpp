#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/settings.hpp"
#include "drivers/mqtt/topic_filter.hpp"
#include "drivers/tables/json_pointer.hpp"
#include "drivers/tables/time_format.hpp"

namespace drivers::mqtt {

enum class Format { zigbee2mqtt, tasmota, esphome, homie, plain, json };

/// What a key of the payload is, said by the operator: a JSON pointer, a member's name, an object
/// id, a property; of a plain number it is "".
struct MappedKey {
    std::string key;
    std::optional<tables::JsonPointer> pointer;  // Of the format "json".
    std::string quantity;
    std::string unit;
};

/// The time that messages bring themselves.
struct SourceTime {
    tables::JsonPointer pointer;
    tables::TimeFormat format;
};

struct Options {
    Format format = Format::json;

    /// To be subscribed to in this order: what explains values, who is there, values.
    std::vector<TopicFilter> attributes;
    std::vector<TopicFilter> availability;
    std::vector<TopicFilter> values;

    std::vector<MappedKey> keys;
    std::vector<std::string> ignored_keys;

    /// None: the time of a reading is when its message came in.
    std::optional<SourceTime> source_time;

    /// A retained value may be of any age. Taken, it counts once, not at every reconnect.
    bool take_retained = false;

    std::size_t quantities_max = 48;

    const MappedKey* find_key(std::string_view key) const;
    bool ignores(std::string_view key) const;
};

/// Reads the keys of a [[sensor]] table, the broker's excepted.
Options read_options(base::Settings& settings);

/// All filters without those that another covers: what to ask the broker for, in order.
std::vector<TopicFilter> subscriptions_of(const Options& options);

}  // namespace drivers::mqtt
