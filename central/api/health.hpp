#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/http/message.hpp"

namespace api {

/// The state of the parts that the program depends on. A part counts as failing only after half a
/// minute.
class Health {
  public:
    /// `required`: without it the program is of no use.
    void declare(const std::string& part, bool required);

    void report(const std::string& part, const base::Status& status, base::Instant now);

    /// 200 with "ok", or with "degraded" when a part fails that is not required; else 503 with
    /// "failing". Names every part, and says why and for how long it has failed.
    http::Response answer(base::Instant now) const;

  private:
    struct Part {
        bool required = false;
        std::optional<base::Instant> failing_since;
        std::string detail;
    };

    std::map<std::string, Part> parts_;
};

}  // namespace api
