#pragma once

#include <map>
#include <memory>
#include <string>

#include "drivers/core/pending.hpp"
#include "drivers/mqtt/catalogue.hpp"
#include "drivers/mqtt/decoder.hpp"
#include "drivers/mqtt/options.hpp"

namespace drivers::mqtt {

/// A message as it came in.
struct HeardMessage {
    std::string_view topic;
    std::string_view payload;
    bool retained = false;  // The broker's memory of it: it may be of any age.
    base::Instant taken;
};

/// From messages to measurements, and to failures with the topic in them. Keeps who is there and
/// what was explained. Does no I/O, knows no broker and asks no clock; whatever comes, it stays
/// within its bounds.
class Listener {
  public:
    explicit Listener(const Options& options);

    const std::vector<Quantity>& quantities() const { return catalogue_.quantities(); }

    void hear(const HeardMessage& message, Pending& pending);

  private:
    using Levels = std::vector<std::string>;

    /// Why there is nothing to take from the message, if so.
    std::string listen(const HeardMessage& message, Pending& pending);
    std::string note_availability(const Levels& topic, std::string_view payload);
    void take(const Letter& letter, base::Instant taken, Pending& pending);
    bool is_old(const HeardMessage& message);
    bool is_news(const Measurement& measurement);

    Options options_;
    std::unique_ptr<Decoder> decoder_;
    Catalogue catalogue_;
    std::map<std::string, std::string, std::less<>> availability_;  // The last word, by topic.
    std::map<std::string, std::uint64_t, std::less<>> last_heard_;  // A payload's hash, by topic.

    /// Of each quantity, when messages bring their own time.
    std::vector<std::optional<std::pair<base::EventTime, double>>> last_taken_;
};

}  // namespace drivers::mqtt
