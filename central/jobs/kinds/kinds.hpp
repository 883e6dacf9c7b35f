#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "central/engine/watermark.hpp"
#include "central/jobs/core/job.hpp"
#include "central/jobs/kinds/keys.hpp"
#include "central/retention/keep.hpp"

namespace jobs {

/// What every job needs of the rest of the configuration.
struct Place {
    std::string database;               // The file of the sink.
    std::vector<base::Duration> spans;  // Of its windows.
    retention::KeepReadings keep{};     // How long single readings are.
    base::Duration watermark_bound = engine::kWatermarkBound;
};

/// "backup", "export-csv" …
const std::vector<std::string>& kinds();

/// The job of that kind; its keys are read, and mistakes in them collected. ENSUREs the kind.
std::unique_ptr<Job> make_job(const std::string& kind, Keys& keys, const Place& place);

}  // namespace jobs
