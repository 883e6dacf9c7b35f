#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace drivers::mqtt {

/// Which name each place has, as the outbox keeps it: a place that had a name once keeps it, though
/// the rules for names or the configured topics change. Bounded; a place that there is no room for
/// goes by the rules alone.
class KeptNames {
  public:
    /// From take_text() of an earlier run. What cannot be read is told and forgotten.
    explicit KeptNames(std::string_view text = {});

    /// The name that the place has; else `wanted`, or one of its own if another place has that.
    std::string name_of(const std::string& place, const std::string& wanted) const;

    void keep(const std::string& place, const std::string& name);

    /// All of them as one JSON object, name by name; nothing unless some are new since the last
    /// call.
    std::optional<std::string> take_text();

  private:
    std::map<std::string, std::string, std::less<>> names_;   // By place.
    std::map<std::string, std::string, std::less<>> places_;  // By name.
    bool is_new_ = false;
};

}  // namespace drivers::mqtt
