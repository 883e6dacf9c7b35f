#pragma once

#include <map>
#include <memory>
#include <string>

#include "drivers/core/pending.hpp"
#include "drivers/mqtt/catalogue.hpp"
#include "drivers/mqtt/formats/decoder.hpp"
#include "drivers/mqtt/options/options.hpp"

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
    explicit Listener(const Options& options);

    const std::vector<Quantity>& quantities() const { return catalogue_.quantities(); }

    void accept(const IncomingMessage& message, Pending& pending);

  private:
    using Levels = std::vector<std::string>;

    /// Why the message cannot be used; empty when all is well.
    std::string dispatch(const IncomingMessage& message, Pending& pending);
    std::string observe_availability(const Levels& topic, std::string_view payload);
    void accept(const Letter& letter, base::Instant taken, Pending& pending);
    bool is_old(const IncomingMessage& message);
    bool is_news(const Measurement& measurement);

    Options options_;
    std::unique_ptr<Decoder> decoder_;
    Catalogue catalogue_;
    std::map<std::string, std::string, std::less<>> availability_;  // The last status, by topic.
    std::map<std::string, std::uint64_t, std::less<>> last_heard_;  // A payload's hash, by topic.

    /// The last reading of each quantity, when messages have their own time.
    std::vector<std::optional<std::pair<base::EventTime, double>>> last_accepted_;
};

}  // namespace drivers::mqtt
