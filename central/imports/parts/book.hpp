#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "delivery/records/flush.hpp"
#include "drivers/replay/position.hpp"

namespace imports {

/// What was read of a part.
struct Taken {
    std::string name;  // Of its file.
    bool is_whole = false;
    drivers::replay::Position position{};
};

/// What of which content was read, whatever the names of the files: stands in the outbox, and is
/// committed together with the readings. Remembers the newest kTakenMax.
class Book {
  public:
    static constexpr std::uint64_t kTakenMax = 4'096;

    using Load = std::function<std::optional<std::string>(const std::string& key)>;
    /// Misconfigured when something else stands there.
    static base::Result<Book> load(const Load& load);

    bool is_empty() const { return taken_.empty(); }

    /// Where it notes a content.
    using Place = std::size_t;

    /// The longest content with which the file begins; nothing when it knows none. Transient when
    /// the file cannot be read.
    base::Result<std::optional<Place>> find(const std::string& path) const;
    const Taken& at(Place place) const { return taken_.at(place); }

    /// A file of that name was read in part, and not to its end.
    bool has_begun(const std::string& name) const;

    /// A place for a content that is begun; the oldest is forgotten when there are too many.
    Place begin(Taken taken);
    void note(Place place, Taken taken);

    /// Adds what was noted since the last call to what is committed.
    void add_to(delivery::Flush& flush);

  private:
    std::vector<Taken> taken_;   // A ring, once it is full.
    std::uint64_t begun_ = 0;    // How many were begun, ever.
    std::set<Place> changed_{};  // Since the last add_to().
};

}  // namespace imports
