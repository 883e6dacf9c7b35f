#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "central/alerts/core/archive.hpp"
#include "central/alerts/core/book.hpp"
#include "central/sinks/access/address.hpp"
#include "sql/database.hpp"

namespace sinks {

/// Silences that are kept at once.
constexpr std::size_t kSilencesMax = 1'000;

/// The alerts in the database of a sink, on a connection of its own, so that a silence may be
/// written beside a central that runs. Follows the path to another file that takes the place of the
/// one it used, and a server that comes back. Faults: misconfigured when it is no database of this
/// version, transient while it is locked, exhausted when the disk is full.
class AlertBook final : public alerts::Book, public alerts::Archive {
  public:
    /// The tables must be there: a sink makes them.
    explicit AlertBook(Address address, std::uint64_t ended_max = 10'000);

    base::Result<alerts::Kept> load(base::EventTime since) override;
    base::Result<std::uint64_t> save(const std::vector<alerts::Alert>& alerts,
                                     const std::vector<alerts::Delivery>& deliveries) override;
    base::Result<std::vector<alerts::Silence>> silences(base::EventTime now) override;
    base::Result<std::vector<alerts::Listed>> list(const alerts::AlertRange& range) override;

    /// Adds one and gives its number; those that have ended go. Exhausted when there are too many.
    base::Result<std::int64_t> add_silence(const alerts::Silence& silence);

    /// Whether there is such a node, and such a series of it unless that is empty.
    base::Result<bool> is_known(const std::string& node, const std::string& series);

    /// Ends it; false when there is none of that number that has not ended.
    base::Result<bool> end_silence(std::int64_t id, base::EventTime now);

  private:
    base::Status open();
    /// Passes the result on, and opens the file anew after an Error.
    template <class Value>
    base::Result<Value> trusted(base::Result<Value> result);
    base::Result<std::uint64_t> write(const std::vector<alerts::Alert>& alerts,
                                      const std::vector<alerts::Delivery>& deliveries);
    base::Result<std::int64_t> insert(const alerts::Silence& silence);

    Address address_;
    std::uint64_t ended_max_;
    std::unique_ptr<sql::Database> database_;
};

}  // namespace sinks
