#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "broker/connection.hpp"
#include "wire/topic.hpp"

namespace central {

struct BridgesOptions {
    wire::Topics topics{};

    /// A bridge speaks every second. One that is silent for so long is frozen or cut off.
    base::Duration silence_max = std::chrono::seconds{5};

    /// Bridges that are kept; more are ignored.
    std::size_t bridges_max = 64;
};

/// What the bridges say of themselves, according to the broker. Does no I/O.
class Bridges {
  public:
    explicit Bridges(BridgesOptions options) : options_(std::move(options)) {}

    /// Accepts a status of a bridge; false when it is no such message.
    bool accept(const broker::Message& message, base::Instant now);

    /// Begins to wait anew for every bridge: the broker was away, and nobody could be heard.
    void wait_anew(base::Instant now) { waiting_since_ = now; }

    /// Done while readings can pass: at least one bridge works, and none that takes part is silent
    /// or without Redis. Otherwise which one it is, and why.
    base::Status status(base::Instant now) const;

  private:
    struct Bridge {
        std::string state;
        std::string redis;  // "ready", or why it cannot be used.
        base::Instant heard;
    };

    bool is_silent(const Bridge& bridge, base::Instant now) const;

    BridgesOptions options_;
    std::map<std::string, Bridge> bridges_;
    std::optional<base::Instant> waiting_since_;
};

}  // namespace central
