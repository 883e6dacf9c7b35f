#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/core/driver.hpp"

namespace drivers::serial {

/// Tells what is odd in a stream of lines but costs no reading, at a pace that a person can read:
/// each kind at once with an example, then once a minute how often it happened again.
class Complaints {
  public:
    /// Kinds at a time; any more are reported as "other".
    static constexpr std::size_t kKindsMax = 32;

    void add(std::string_view kind, std::string_view example, base::Instant now,
             std::size_t count = 1);

    /// The reports that are due.
    std::vector<Failure> take(base::Instant now);

  private:
    struct Kind {
        base::Instant reported;
        std::size_t again = 0;
    };

    std::map<std::string, Kind, std::less<>> kinds_;
    std::vector<Failure> failures_;
};

}  // namespace drivers::serial
