#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace drivers::tail {

/// What is wrong and lasts: told when it begins and once a minute, not at every look.
class Lasting {
  public:
    void tell(const std::string& what, base::Instant now, std::vector<std::string>& told) {
        if (what == what_ && now - told_ < std::chrono::minutes{1}) return;
        what_ = what;
        told_ = now;
        told.push_back(what);
    }

    void end() { what_.clear(); }

  private:
    std::string what_;
    base::Instant told_;
};

}  // namespace drivers::tail
