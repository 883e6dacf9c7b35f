#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "central/imports/carrier.hpp"
#include "central/imports/packer.hpp"
#include "central/imports/untold.hpp"
#include "central/jobs/core/job.hpp"
#include "central/jobs/keys/keys.hpp"
#include "central/jobs/keys/place.hpp"

namespace jobs {

/// As which node a job that brings readings sends them, and how.
class Origin {
  public:
    Origin(imports::CarrierOptions options, const Place& place)
        : carrier(std::move(options)),
          database_(place.database),
          clock_(place.clock),
          series_max_(place.series_max) {}

    /// Its outbox, and what that notes without opening it. Two must not send as one node, nor one
    /// twice: misconfigured, with what to do, when nothing was ever sent from it and central knows
    /// the node. Other errors as those of imports::Carrier and of the database.
    base::Result<std::unique_ptr<imports::Carrier>> open() const;
    base::Result<std::map<std::string, std::string>> notes() const;

    /// What central takes of a node. Exhausted, with what to do, when there are more.
    base::Status check_series(std::size_t series) const;

    /// What a run brought, and with it what runs before have not told. `read` says of what.
    Work work_of(const imports::Tally& tally, const imports::Untold& before, std::size_t series,
                 std::string read) const;

    /// ENSUREs that there is one: a job that only is explained has none.
    const base::Clock& clock() const;

    imports::CarrierOptions carrier;

  private:
    base::Status check_node() const;

    sinks::Address database_;
    const base::Clock* clock_;
    std::size_t series_max_;
};

/// `node`, `outbox`, `patience`, `broker_user` and `broker_password_file`.
Origin read_origin(Keys& keys, const Place& place);

/// `period`: how often a reading was due; nothing when that is not said.
std::optional<base::Duration> read_period(Keys& keys);

}  // namespace jobs
