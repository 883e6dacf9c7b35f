#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "broker/paho_connection.hpp"
#include "support/servers.hpp"

namespace hil {

struct Reading {
    std::int64_t time_ms = 0;
    double value = 0;
};

/// Listens to what a node sends to the broker. What is sent again counts once.
class Tap {
  public:
    Tap(const support::Mosquitto& broker, const std::string& node);

    /// Receives what has arrived. Call it often.
    void listen();

    /// The record lines by their sequence numbers.
    const std::map<std::uint64_t, std::string>& lines() const { return lines_; }
    std::vector<Reading> readings(const std::string& series) const;
    /// Readings of all series.
    std::size_t count() const;
    /// "sensor: reason" of each failed reading.
    std::vector<std::string> faults() const;

  private:
    base::SystemClock clock_;
    broker::PahoConnection connection_;
    std::map<std::uint64_t, std::string> lines_;
};

}  // namespace hil
