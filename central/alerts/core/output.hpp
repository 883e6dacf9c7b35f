#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "central/alerts/core/alert.hpp"

namespace alerts {

/// A revision of an alert that an output has brought to where it goes.
struct Delivered {
    std::string id;
    std::uint64_t revision = 0;

    friend bool operator==(const Delivered&, const Delivered&) = default;
};

/// A way out of the house: a webhook, a command, a broker. Never blocks, and keeps at most the
/// newest form of each alert that it was offered, until that is delivered: a receiver that is away
/// for long sees where each alert stands, not all that it went through.
class Output {
  public:
    virtual ~Output() = default;

    /// Under which deliveries are remembered: "webhook", "mqtt".
    virtual std::string_view name() const = 0;

    /// Whether it shows where everything stands, rather than tells people. Then it is offered every
    /// form, silenced or not, at any hour, and all that holds after a restart: it takes only ends
    /// for delivered.
    virtual bool is_display() const { return false; }

    /// Whether it is a time at which only what is critical goes out, be it offered before.
    virtual void keep_quiet(bool /*is_quiet*/) {}

    /// Takes the newest form of an alert, in place of an older one.
    virtual void offer(const Alert& alert) = 0;

    /// One bounded step: sends what is due, hears what became of what was sent.
    virtual void tick(base::Instant now) = 0;

    /// Moves out what was delivered since the last call.
    virtual std::vector<Delivered> take_delivered() = 0;

    /// Why nothing goes out at the moment, for people; empty when all is well.
    virtual std::string trouble() const = 0;
};

}  // namespace alerts
