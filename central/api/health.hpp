#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/http/message.hpp"

namespace api {

/// How the parts that the program depends on are. A part that fails for a moment is no news; one
/// that fails for half a minute is.
class Health {
  public:
    /// `required`: the program is of no use without it.
    void declare(const std::string& part, bool required);

    void report(const std::string& part, const base::Status& status, base::Instant now);

    /// 200 with "ok" or "degraded" (a part that is not required fails), or 503 with "failing".
    /// Names every part and says since how long and why it fails.
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
