#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "drivers/serial/text/decoded_line.hpp"

namespace drivers::serial {

/// Tells which device a line is of, when one board sends for several. `by` names the keys that say
/// so; then a text line that says nothing but the device holds for those after it, as in OneWire's
/// examples. Without `by`, the address of a 1-Wire sensor tells it within its line, and any other
/// key that looks like one and changes from line to line is told.
class Devices {
  public:
    explicit Devices(std::optional<std::vector<std::string>> by) : by_(std::move(by)) {}

    /// Takes the values out of the line that say which device it is. Returns the device as the
    /// beginning of a name, "" where there is only one; malformed if the line does not say it.
    base::Result<std::string> take(DecodedLine& line);

    /// What is worth telling since the last call.
    std::vector<std::string> take_told();

    /// A new connection: what held for the lines before says nothing now.
    void reset() { standing_.clear(); }

  private:
    void watch(const DecodedLine& line);

    std::optional<std::vector<std::string>> by_;
    std::string standing_;
    std::map<std::string, std::string> first_;  // By key: what it said first; bounded.
    std::set<std::string> varying_;
    std::vector<std::string> told_;
};

}  // namespace drivers::serial
