#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/core/driver.hpp"

namespace drivers::serial {

/// What is wrong with a stream of lines, told so that a person can read it: each kind at once with
/// an example, and then once a minute how often it came again. Counts all, drops none.
class Complaints {
  public:
    /// Kinds at a time; what comes beyond is told as "other".
    static constexpr std::size_t kKindsMax = 32;

    void add(std::string_view kind, std::string_view example, base::Instant now,
             std::size_t count = 1);

    /// What is to be told by now.
    std::vector<Failure> take(base::Instant now);

  private:
    struct Kind {
        base::Instant told;
        std::size_t again = 0;
    };

    std::map<std::string, Kind, std::less<>> kinds_;
    std::vector<Failure> failures_;
};

}  // namespace drivers::serial
