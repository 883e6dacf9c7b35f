#pragma once

#include <set>
#include <string>
#include <string_view>

namespace drivers {

/// Whether a text may be one half of a series name: `[a-z0-9][a-z0-9_-]{0,62}`.
bool is_name(std::string_view text);

/// Turns any text into such a name: lower case, in Latin letters, with an underscore for each run
/// of other characters. "cpu-thermal" stays, "Package id 0" becomes "package_id_0", "Кухня" becomes
/// "kukhnya", "" becomes "unnamed". Several texts may become the same.
std::string safe_name(std::string_view text);

/// Turns any text into such a name, always the same on any machine, and a different one for each
/// text: what is a name already stays, and any other has a mark behind it, a hash of 32 bits:
/// "Кухня" becomes "kukhnya-x08a5de26". Two texts with the same letters may have one mark by
/// chance, once in four billion pairs: who keeps names must refuse the second. Only the case of a
/// hardware address is ignored: "shelly1-A4CF12" becomes "shelly1-a4cf12".
std::string distinct_name(std::string_view text);

/// The readable text as a name, with a hash of the exact one: also for a text that is a name.
std::string marked_name(std::string_view readable, std::string_view exact);

/// Foreign text for a reason or a log: printable UTF-8, at most 48 characters.
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
