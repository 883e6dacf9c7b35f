#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "drivers/mqtt/formats/decoder.hpp"

namespace drivers::mqtt {

/// The quantities so far, in order of appearance. Bounded, and never two places in one quantity:
/// the readings of two devices must not be mixed up.
class Catalogue {
  public:
    explicit Catalogue(std::size_t quantities_max) : quantities_max_(quantities_max) {}

    const std::vector<Quantity>& quantities() const { return quantities_; }

    /// Malformed when the name belongs to another place, or its unit has changed; exhausted when
    /// there are too many.
    base::Result<std::size_t> index_of(const Sighting& sighting);

  private:
    struct Entry {
        std::size_t index = 0;
        std::string origin;
    };

    base::Result<std::size_t> add(const Sighting& sighting);

    std::size_t quantities_max_;
    std::vector<Quantity> quantities_;
    std::map<std::string, Entry> entries_;  // By the quantity's name.
};

}  // namespace drivers::mqtt
