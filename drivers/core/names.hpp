#pragma once

#include <set>
#include <string>
#include <string_view>

namespace drivers {

/// Whether it may be one half of a series name: `[a-z0-9][a-z0-9_-]{0,62}`.
bool is_name(std::string_view text);

/// The nearest name to any text: lower case, each run of other characters one underscore.
/// "cpu-thermal" stays, "Package id 0" becomes "package_id_0", "" becomes "unnamed".
std::string safe_name(std::string_view text);

/// Printable ASCII, at most 48 characters: for foreign text in a reason or a log.
std::string shown(std::string_view text);

/// What is wrong with the unit that somebody wrote for a quantity; empty when it may be one.
std::string unit_trouble(std::string_view quantity, std::string_view unit);

/// Gives names out once each: the second "temp" becomes "temp_2".
class UniqueNames {
  public:
    std::string take(std::string_view text);

  private:
    std::set<std::string, std::less<>> taken_;
};

}  // namespace drivers
