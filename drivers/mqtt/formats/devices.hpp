#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drivers/mqtt/formats/decoder.hpp"
#include "drivers/mqtt/formats/leaves.hpp"

namespace drivers::mqtt {

/// Which device a value is of, as `by` has it. Without `by`, nothing.
struct Device {
    std::vector<std::string> parts;  // Of a name: "none" for a member that is not there.
    std::string exact;  // As the members say it, but for capitals: two devices never share one.
    std::vector<std::string> missing;
    bool is_named = false;  // By one of the members at least.
};

/// Tells devices apart by members of their documents. Knows no values and no series.
class Devices {
  public:
    explicit Devices(const Options& options) : options_(options) {}

    Device of(const Leaf& leaf, const base::Json& document) const;

    /// What the document has instead of a member of `by`, as one would write it there: the same
    /// name at another place or in other letters, else what is called like an identity.
    struct Found {
        std::string line;  // "/deviceInfo/devEui"; empty when there is nothing.
        bool is_same_name = false;
    };
    Found instead_of(const std::string& member, const std::vector<Leaf>& leaves) const;

    /// The members of a document that seem to name its device, and that `by` does not name.
    /// `holders` are the objects that hold its values.
    std::vector<Identity> unmentioned(const std::vector<Leaf>& leaves,
                                      const std::vector<JsonPath>& holders) const;

  private:
    Options options_;
};

/// Whether a member, or what a pointer ends in, tells a device apart from all others in the world:
/// "devEui", "mac"; two of one model may well have the same "id" or "channel".
bool is_unique(const std::string& member);

/// The object around a leaf.
JsonPath around(const JsonPath& path);

}  // namespace drivers::mqtt
