#pragma once

#include <map>
#include <string>
#include <vector>

#include "agent/commands/request.hpp"
#include "agent/commands/response.hpp"
#include "wire/status.hpp"

namespace agent {

/// A `read` under way: which sensors were asked, and what each has said since. Asks no sensor and
/// no clock.
class Inquiry {
  public:
    Inquiry(Request request, std::vector<std::string> sensors, base::Instant now)
        : request_(std::move(request)),
          sensors_(std::move(sensors)),
          asked_(now),
          due_(now + request_.within) {}

    /// What a sensor said. Ignored when it is older than the question, or from another sensor.
    void accept(std::string_view sensor, const wire::LatestReading& reading, base::Instant taken);
    void accept(std::string_view sensor, const std::string& fault, base::Instant taken);

    /// Every sensor has answered, or time is up.
    bool is_over(base::Instant now) const;

    /// One reading is enough for an `ok`, whatever else is missing.
    Response response() const;
    const Request& request() const { return request_; }

  private:
    bool concerns(std::string_view sensor, base::Instant taken) const;
    bool has_answered(const std::string& sensor) const;
    std::vector<std::string> silent() const;
    Response response_without_readings() const;

    Request request_;
    std::vector<std::string> sensors_;
    base::Instant asked_;
    base::Instant due_;
    std::map<std::string, wire::LatestReading, std::less<>> readings_;  // By series: the newest.
    std::map<std::string, std::string, std::less<>> faults_;            // By sensor: the newest.
};

}  // namespace agent
