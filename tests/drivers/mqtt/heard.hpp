#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/mqtt/listener.hpp"

/// Messages in, lines of text out: what a listener makes of the messages.
namespace heard {

struct Said {
    std::string topic;
    std::string payload;
    bool retained = false;
};

/// The keys of a [[sensor]] table after its driver; throws what is wrong with them.
drivers::mqtt::Options options(const std::string& keys);

/// What is wrong with them; empty when nothing is.
std::string wrong(const std::string& keys);

/// A listener and what it made of everything so far.
class Ear {
  public:
    explicit Ear(const std::string& keys, const std::string& names = {})
        : listener_(options(keys), names) {}

    /// "livingroom_temperature 21.5 Cel" a measurement, "! offline: livingroom" a failure; in that
    /// order, one a line.
    std::string accept(const std::vector<Said>& messages);

    const std::vector<drivers::Quantity>& quantities() const { return listener_.quantities(); }

    /// The times that the last measurements brought themselves; 0 for none.
    const std::vector<std::int64_t>& source_times() const { return source_times_; }

    std::optional<std::string> take_names() { return listener_.take_names(); }

    /// The failures among what was made last.
    const std::vector<drivers::Failure>& failures() const { return failures_; }

  private:
    drivers::mqtt::Listener listener_;
    drivers::Pending pending_{4096};
    std::vector<std::int64_t> source_times_;
    std::vector<drivers::Failure> failures_;
};

}  // namespace heard
