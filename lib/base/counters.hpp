#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace base {

/// A number for others to watch. Its address is stable for as long as its Counters live.
class Counter {
  public:
    void add(std::uint64_t more = 1) { value_ += static_cast<double>(more); }
    void set(double value) { value_ = value; }
    double value() const { return value_; }

  private:
    double value_ = 0;
};

/// One label of a metric: name and value.
using Label = std::pair<std::string, std::string>;

/// The counters and gauges of one program, and their Prometheus text form. For one thread only.
/// Names follow Prometheus: base units, `_total` for what only grows.
class Counters {
  public:
    /// The counter with that name and those labels, made at the first call. `help` is one sentence.
    Counter& counter(const std::string& name, const std::string& help,
                     std::vector<Label> labels = {});
    Counter& gauge(const std::string& name, const std::string& help,
                   std::vector<Label> labels = {});

    /// The value of a counter, 0 if there is none: for tests and status lines.
    double value(const std::string& name, const std::vector<Label>& labels = {}) const;

    /// The values under one name, summed over its labels; 0 if there is none.
    double sum(const std::string& name) const;

    /// Prometheus text exposition format 0.0.4.
    std::string prometheus() const;

  private:
    struct Family {
        std::string type;
        std::string help;
        std::map<std::vector<Label>, Counter> members;
    };

    Counter& member(const std::string& name, const char* type, const std::string& help,
                    std::vector<Label> labels);

    std::map<std::string, Family> families_;
};

}  // namespace base
