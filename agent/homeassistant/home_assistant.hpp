#pragma once

#include <string>
#include <vector>

#include "wire/record.hpp"
#include "wire/topic.hpp"

namespace agent {

/// The node that is announced to Home Assistant, and its topics.
struct AnnouncedNode {
    std::string node;
    std::string version;
    wire::Topics topics{};
};

/// Series beyond this are not announced: the message stays well below what brokers accept.
constexpr std::size_t kAnnouncedSeriesMax = 128;

/// `<prefix>/device/leat_<node>/config`
std::string discovery_topic(const std::string& prefix, const std::string& node);

/// Home Assistant's device discovery (2024.11 and later): one device, with a component for every
/// series on the state topic and some for what the status topic says about the node itself.
std::string encode_discovery(const AnnouncedNode& announced,
                             const std::vector<wire::SeriesDeclaration>& series);

}  // namespace agent
