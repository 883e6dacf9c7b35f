#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "central/imports/carrier.hpp"
#include "central/imports/packer.hpp"
#include "delivery/records/flush.hpp"

namespace imports {

/// What was committed, and what failed with it, by runs that could not tell it: they were killed,
/// or failed. It is noted with each commit, so that the next run that ends well can tell it.
struct Untold {
    std::uint64_t readings = 0;
    std::uint64_t failed = 0;

    bool is_empty() const { return readings == 0 && failed == 0; }
};

/// What the outbox says. Misconfigured when that cannot be read.
base::Result<Untold> untold_in(const Carrier& carrier);

/// To be committed with what the run has tallied so far.
void note_untold(const Untold& before, const Tally& tally, delivery::Flush& flush);

/// All of it is about to be told. What a run brought that dies between this and its row in etl_log
/// is told by none.
base::Status forget_untold(Carrier& carrier);

/// "; 40 of these by earlier runs …", or nothing when there is none.
std::string sentence_of(const Untold& untold);

}  // namespace imports
