#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "drivers/mqtt/formats/decoder.hpp"

namespace drivers::mqtt {

/// Tells the operator in the log, once, what the configuration passes over: numbers that nobody
/// asked for, and devices that share a series. Bounded, whatever arrives.
class Remarks {
  public:
    void accept(std::string_view topic, const Decoded& decoded);

  private:
    void tell_passed_over(std::string_view topic, const std::vector<PassedOver>& numbers);
    void watch(std::string_view topic, const Identity& identity);

    std::set<std::uint64_t> told_;                     // Hashes of the keys of numbers.
    std::set<std::string, std::less<>> varying_;       // Members.
    std::map<std::uint64_t, std::string> identities_;  // The last text, by a place's hash.
    bool told_all_ = false;
};

}  // namespace drivers::mqtt
