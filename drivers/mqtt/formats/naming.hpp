#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "drivers/mqtt/formats/decoder.hpp"
#include "drivers/mqtt/formats/units.hpp"

namespace drivers::mqtt {

/// How the names of a format's quantities are put together.
struct NamingRules {
    /// So many levels at the end of a topic say nothing of the device.
    std::size_t levels_behind = 0;

    /// The device chooses the names of its quantities; else they are known in advance.
    bool names_are_free = false;

    /// The key behind a name that is known in advance; the operator's names are known anyway.
    const KnownKey* (*known)(std::string_view name) = nullptr;
};

/// Names quantities after what the wildcards stand for, so that no two places have one name,
/// whatever comes first: "kitchen_temperature". Where a single underscore could be read in two
/// ways, two part the words: "a_b/c" becomes "a_b__c", and "a/b_c" stays "a_b_c".
class Naming {
  public:
    Naming(const Options& options, const NamingRules& rules);

    /// The name of a quantity; the names in `inner` come between the device and the quantity.
    std::string name(const Letter& letter, const std::vector<std::string>& inner,
                     const std::string& quantity) const;

  private:
    std::vector<std::string> device_parts(const Letter& letter,
                                          const std::vector<std::string>& inner) const;
    bool is_known(std::string_view name) const;
    bool reads_longer(std::string_view device, std::string_view quantity) const;

    NamingRules rules_;
    std::set<std::string, std::less<>> names_;               // The operator's.
    std::map<std::string, std::string, std::less<>> marks_;  // Of filters, by their text.
};

}  // namespace drivers::mqtt
