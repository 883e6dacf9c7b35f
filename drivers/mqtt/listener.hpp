#pragma once

#include <map>
#include <memory>
#include <string>

#include "drivers/core/pending.hpp"
#include "drivers/mqtt/catalogue.hpp"
#include "drivers/mqtt/formats/decoder.hpp"
#include "drivers/mqtt/formats/payload.hpp"
#include "drivers/mqtt/options/options.hpp"
#include "drivers/mqtt/remarks.hpp"

namespace drivers::mqtt {

/// A message as it arrived.
struct IncomingMessage {
    std::string_view topic;
    std::string_view payload;
    bool retained = false;  // It comes from the broker's memory and may be of any age.
    base::Instant taken;
};

/// Turns messages into measurements, and into failures that name the topic. Remembers which devices
/// are there and how they describe their values. Does no I/O, knows no broker and asks no clock;
/// stays within its bounds whatever arrives.
class Listener {
  public:
    /// `names` is what take_names() gave in an earlier run.
    explicit Listener(const Options& options, std::string_view names = {});

    const std::vector<Quantity>& quantities() const { return catalogue_.quantities(); }

    /// The names of all quantities so far, to be kept; nothing unless some are new.
    std::optional<std::string> take_names() { return catalogue_.take_names(); }

    void accept(const IncomingMessage& message, Pending& pending);

  private:
    using Levels = std::vector<std::string>;

    /// What there is to say about the message; nothing when all is well.
    std::optional<Trouble> dispatch(const IncomingMessage& message, Pending& pending);
    std::optional<Trouble> observe_availability(const Levels& topic, std::string_view payload);
    void accept(const Letter& letter, const IncomingMessage& message, Pending& pending);
    void accept(const Sighting& sighting, const Letter& letter, Measurement measurement,
                Pending& pending);
    bool is_old(const IncomingMessage& message);
    bool is_news(const Measurement& measurement);

    Options options_;
    std::unique_ptr<Decoder> decoder_;
    Catalogue catalogue_;
    Remarks remarks_;
    std::map<std::string, Availability, std::less<>> availability_;  // The last one, by topic.
    std::map<std::string, std::uint64_t, std::less<>> last_heard_;   // A payload's hash, by topic.

    /// The last reading of each quantity, when messages have their own time.
    std::vector<std::optional<std::pair<base::EventTime, double>>> last_accepted_;
};

}  // namespace drivers::mqtt
