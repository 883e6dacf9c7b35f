#pragma once

#include <string>
#include <vector>

#include "drivers/core/units.hpp"
#include "drivers/mqtt/formats/decoder.hpp"
#include "drivers/mqtt/formats/devices.hpp"
#include "drivers/mqtt/formats/payload.hpp"
#include "drivers/mqtt/formats/units.hpp"

/// What the decoders share.
namespace drivers::mqtt {

/// "not a number: tele/x/SENSOR AM2301.Temperature", counted as "not a number".
Trouble trouble(std::string_view why, const Letter& letter, std::string_view where = {});

/// The place of a value: topic and key.
std::string origin_of(const Letter& letter, std::string_view key = {});

/// What is known about a value in a message.
struct Meaning {
    Quantity quantity;
    bool named = false;  // By the operator: what has no unit may be a number or a truth.
    Scale scale{};       // From the unit that the device sends.
};

/// A number in the unit of its quantity, or in a few words why there is none.
struct Fit {
    std::optional<double> number;
    std::string_view why{};
    std::string cure{};
};

/// A value, or why it is none.
Sighting sighting(const Letter& letter, const std::string& key, const Device& device,
                  const Meaning& meaning, const Fit& fit);

/// What ends the place of a value that the operator has named: with another name it is another.
std::string place_end(const Meaning& meaning);

/// What is said, if it is of the kind that its meaning has: a motion is not a temperature.
Fit fitting(const Meaning& meaning, const Said& said);

Meaning known_meaning(const KnownKey& known);
Meaning named_meaning(const MappedKey& mapped);

/// The payload as JSON; nothing, and a trouble in `decoded`, when it is not.
std::optional<base::Json> read_json(const Letter& letter, Decoded& decoded);

/// Reads the time of the document. False, with a trouble in `decoded`, when it should have one and
/// does not: then its values cannot be used.
bool read_source_time(const Options& options, const base::Json& document, const Letter& letter,
                      Decoded& decoded);

}  // namespace drivers::mqtt
