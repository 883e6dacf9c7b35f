#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/core/driver.hpp"
#include "drivers/mqtt/options/options.hpp"

namespace drivers::mqtt {

/// Why something that should be a value is none.
struct Trouble {
    std::string reason;
    std::string cause;  // The word under which it is counted, as in Failure.
};

/// One value in a message, or why it is none.
struct Sighting {
    /// Its exact place: topic and key. Two places never share a quantity.
    std::string origin;
    Quantity quantity;
    double value = 0;
    std::optional<Trouble> trouble{};
    std::string device{};  // As `by` has it, in the words of the message.
};

/// A number that no rule takes.
struct PassedOver {
    std::string key;   // What [sensor.quantities] would call it.
    std::string name;  // A name for its quantity.
    std::string unit;  // Empty when its name does not surely say one.
};

/// Something beside a value that may say which device it is of.
struct Identity {
    std::string place;
    std::string line;  // As one would write it in `by`: "id", "/deviceInfo/devEui".
    std::string text;
};

/// What is worth saying once: what happens, and which line changes it.
struct Note {
    std::string event;
    std::string cure;
};

/// What a message says.
struct Decoded {
    std::vector<Sighting> values;
    std::vector<Trouble> troubles;  // Of the whole message.
    std::vector<PassedOver> passed_over;
    std::vector<Identity> identities;
    std::vector<Note> notes;
    std::optional<base::EventTime> source_time;
};

/// A message with its topic and the filter for values that it matches.
struct Letter {
    const TopicFilter& filter;
    const std::vector<std::string>& topic;
    std::string_view payload;
};

/// Turns the messages of one format into values with name, kind and unit. Does no I/O, knows no
/// broker and asks no clock.
class Decoder {
  public:
    virtual ~Decoder() = default;

    virtual Decoded decode(const Letter& letter) = 0;

    /// Learns from a message that describes values (Homie's attributes). Returns what is wrong with
    /// it, if anything.
    virtual std::optional<std::string> learn(const std::vector<std::string>& /*topic*/,
                                             std::string_view /*payload*/) {
        return std::nullopt;
    }
};

/// The decoder of the configured format.
std::unique_ptr<Decoder> make_decoder(const Options& options);

std::unique_ptr<Decoder> make_zigbee2mqtt_decoder(const Options& options);
std::unique_ptr<Decoder> make_tasmota_decoder(const Options& options);
std::unique_ptr<Decoder> make_esphome_decoder(const Options& options);
std::unique_ptr<Decoder> make_homie_decoder(const Options& options);
std::unique_ptr<Decoder> make_plain_decoder(const Options& options);
std::unique_ptr<Decoder> make_json_decoder(const Options& options);

}  // namespace drivers::mqtt
