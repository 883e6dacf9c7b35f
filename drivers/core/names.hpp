#pragma once

#include <set>
#include <string>
#include <string_view>

namespace drivers {

/// Whether a text may be one half of a series name: `[a-z0-9][a-z0-9_-]{0,62}`.
bool is_name(std::string_view text);

/// Turns any text into such a name: lower case, with an underscore for each run of other
/// characters. "cpu-thermal" stays, "Package id 0" becomes "package_id_0", "" becomes "unnamed".
std::string safe_name(std::string_view text);

/// Foreign text for a reason or a log: printable ASCII, at most 48 characters.
std::string shown(std::string_view text);

/// What is wrong with a configured unit of a quantity; empty when it is right.
std::string unit_trouble(std::string_view quantity, std::string_view unit);

/// Makes names unique: the second "temp" becomes "temp_2".
class UniqueNames {
  public:
    std::string add(std::string_view text);

  private:
    std::set<std::string, std::less<>> names_;
};

}  // namespace drivers
