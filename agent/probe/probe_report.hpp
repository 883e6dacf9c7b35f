#pragma once

#include <string>
#include <vector>

#include "agent/probe/finding.hpp"
#include "agent/probe/machine.hpp"

namespace agent {

/// Everything that `leat-agent probe` found.
struct ProbeReport {
    std::string version;
    std::string configuration;  // The file; empty when there is none.
    Machine machine;
    std::vector<Finding> findings;

    std::size_t count(Finding::Verdict verdict) const;
};

/// For people: what there is, then a line for each finding, then the sum.
std::string to_text(const ProbeReport& report);

/// The same as one JSON object on a line.
std::string to_json(const ProbeReport& report);

}  // namespace agent
