#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace base {

/// A number that others may watch. Stable address for as long as its Counters lives.
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

/// The counters and gauges of one program, and their Prometheus text form. Never touched by two
/// threads. Names follow Prometheus: base units, `_total` for what only grows.
class Counters {
  public:
    /// The counter of that name and labels, made at the first call. `help` is one sentence.
    Counter& counter(const std::string& name, const std::string& help,
                     std::vector<Label> labels = {});
    Counter& gauge(const std::string& name, const std::string& help,
                   std::vector<Label> labels = {});

    /// The value of a counter, 0 when there is none: for tests and status lines.
    double value(const std::string& name, const std::vector<Label>& labels = {}) const;

    /// The values of a name, summed over its labels; 0 when there is none.
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
