#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "drivers/core/units.hpp"
#include "drivers/mqtt/formats/decoder.hpp"
#include "drivers/mqtt/kept_names.hpp"

namespace drivers::mqtt {

/// The quantities so far, in order of appearance. Bounded, and never two places in one quantity:
/// the readings of two devices must not be mixed up.
class Catalogue {
  public:
    Catalogue(std::size_t quantities_max, KeptNames kept)
        : quantities_max_(quantities_max), kept_(std::move(kept)) {}

    const std::vector<Quantity>& quantities() const { return quantities_; }

    /// A quantity, and how a value in the unit of the sighting becomes one in its own.
    struct Place {
        std::size_t index = 0;
        Scale scale{};
    };

    /// Malformed when the name belongs to another place, or its unit has changed to one of another
    /// kind; exhausted when there are too many.
    base::Result<Place> place_of(const Sighting& sighting, std::string_view topic);

    /// The names that are new since the last call, with all others, to be kept.
    std::optional<std::string> take_names() { return kept_.take_text(); }

    /// Those that were first seen in a topic.
    std::vector<std::size_t> of_topic(std::string_view topic) const;

    /// The one at exactly this place, whatever its unit.
    std::vector<std::size_t> of_place(const Sighting& sighting) const;

  private:
    struct Entry {
        std::size_t index = 0;
        std::string origin;
        std::string device;
        std::string topic;
    };

    base::Result<Place> add(Quantity quantity, const Sighting& sighting, std::string_view topic);

    std::size_t quantities_max_;
    KeptNames kept_;
    std::vector<Quantity> quantities_;
    std::map<std::string, Entry, std::less<>> entries_;  // By the quantity's name.
};

}  // namespace drivers::mqtt
