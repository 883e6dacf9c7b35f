#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "drivers/serial/text/decoded_line.hpp"

namespace drivers::serial {

struct DeviceOptions {
    /// The keys that say which device a line is of; empty: there is one. Nothing: not said.
    std::optional<std::vector<std::string>> by{};
    std::vector<std::string> readings{};  // Keys that are readings, whatever they are called.
    std::vector<std::string> ignored{};
};

/// Tells which device a line is of, when one board sends for several. `by` names the keys that say
/// so. A text line that says nothing but the device holds for those after it, as in OneWire's
/// examples. Without `by`, the address of a 1-Wire sensor tells it within its line. Any other key
/// that is called like an identity is no reading, and is told where it changes among readings that
/// go into one series.
class Devices {
  public:
    explicit Devices(DeviceOptions options) : options_(std::move(options)) {}

    /// Takes the values out of the line that say which device it is. Returns the device as the
    /// beginning of a name, "" where there is only one; malformed if the line does not say it.
    base::Result<std::string> take(DecodedLine& line);

    /// What is worth telling since the last call.
    std::vector<std::string> take_told();

    /// A new connection: what held for the lines before says nothing now.
    void reset() { standing_.clear(); }

  private:
    using Value = DecodedLine::Value;
    using Values = std::map<std::string, Value>;  // By the plain key.

    bool is_part(const Value& value) const;
    bool is_identity(const Value& value) const;
    bool take_heading(DecodedLine& line);
    Values take_identities(DecodedLine& line) const;
    void hold(const Values& said);
    void watch_unread(const Values& said);
    static std::string device_at(const Values& said, Values& known);
    base::Result<std::string> device_by(Values& known) const;  // Takes what it is named by out.
    void watch(const Values& known, const std::string& device);
    void watch_neighbours(const DecodedLine& line, const std::string& device);
    const std::string* changed(const std::string& device, const std::string& key,
                               const std::string& text);
    void tell_change(const std::string& key, const std::string& first, const Value& value);

    DeviceOptions options_;
    Values standing_;                           // Of the lines that say nothing else.
    Value heading_;                             // The last one.
    std::size_t unread_ = 0;                    // How often a number among them changed in vain.
    std::map<std::string, std::string> first_;  // By device and key: what it said first; bounded.
    std::set<std::string> told_keys_;
    std::vector<std::string> told_;
};

}  // namespace drivers::serial
