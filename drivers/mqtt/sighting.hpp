#pragma once

#include <string>
#include <vector>

#include "drivers/mqtt/decoder.hpp"
#include "drivers/mqtt/payload.hpp"
#include "drivers/mqtt/units.hpp"

/// What the decoders share.
namespace drivers::mqtt {

/// "livingroom_temperature": what the wildcards stand for within the first `levels_max` levels of
/// the topic, then the parts that are not empty.
std::string quantity_name(const Letter& letter, std::size_t levels_max,
                          const std::vector<std::string>& parts);

/// "not a number: tele/x/SENSOR AM2301.Temperature", as text that is safe in a record.
std::string trouble(std::string_view why, const Letter& letter, std::string_view where = {});

/// Where a value stood: topic and key.
std::string origin_of(const Letter& letter, std::string_view key = {});

/// What is known or named of a value in a message.
struct Meaning {
    Quantity quantity;
    bool named = false;  // By the operator: a number and a truth are both welcome.
};

/// The value when it is of the kind that its meaning has; a motion is no temperature.
std::optional<double> fitting(const Meaning& meaning, const std::optional<Value>& value);

Meaning known_meaning(const KnownKey& known);
Meaning named_meaning(const MappedKey& mapped);

/// The payload as JSON, or the trouble with it is in `decoded`.
std::optional<base::Json> read_json(const Letter& letter, Decoded& decoded);

/// The time the document brings; when it should and does not, the values are not taken, and that is
/// told. False then.
bool read_source_time(const Options& options, const base::Json& document, const Letter& letter,
                      Decoded& decoded);

}  // namespace drivers::mqtt
