#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "broker/connection.hpp"

namespace central {

/// Publishes central's own retained status: at every new connection, every second, and at the end.
/// Its will says that it is lost.
class OwnStatus {
  public:
    OwnStatus(std::string topic, std::string version, broker::Connection& connection)
        : topic_(std::move(topic)), version_(std::move(version)), connection_(connection) {}

    /// `trouble` is why nothing is stored at the moment; empty when all is well.
    void tick(base::Instant now, base::EventTime wall, const std::string& trouble);

    void say_goodbye(base::EventTime wall);

    static std::string will();

  private:
    bool publish(const char* state, base::EventTime wall, const std::string& trouble);

    std::string topic_;
    std::string version_;
    broker::Connection& connection_;
    std::optional<base::Instant> published_at_;
    std::uint64_t published_in_ = 0;  // The session.
};

}  // namespace central
