#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/http/message.hpp"

namespace api {

/// The state of the parts that the program depends on. What does not work shows at once; it counts
/// as failing only after half a minute, as most of it passes.
class Health {
  public:
    /// `required`: without it the program is of no use.
    void declare(const std::string& part, bool required);

    void report(const std::string& part, const base::Status& status, base::Instant now);

    /// 200 with "ok", or with "degraded" as soon as a part does not work; 503 with "failing" once a
    /// required part has failed for half a minute. Names every part, and says why and for how long
    /// it has not worked.
    http::Response answer(base::Instant now) const;

    /// The same as JSON without the times: it changes only when a state does.
    std::string summary(base::Instant now) const;

  private:
    struct Part {
        bool required = false;
        std::optional<base::Instant> failing_since;
        std::string detail;
    };

    std::string write(base::Instant now, bool with_times, bool& is_failing) const;

    std::map<std::string, Part> parts_;
};

}  // namespace api
