#include "central/pipeline/rewinds.hpp"

#include "base/log.hpp"
#include "wire/chain.hpp"

namespace central {

namespace {

// Beyond it all are forgotten, which costs no more than another rescan.
constexpr std::size_t kExpectedMax = 10'000;

}  // namespace

base::Status Rewinds::rewind(std::uint32_t partition, ingest::AppliedMark applied,
                             base::Instant now) {
    if (applied.mark.seq == 0) {
        applied.mark.hash = wire::Chain{chain_key_}.start(applied.node, applied.incarnation);
    }
    base::log_warn("a node is asked to send again",
                   {{"node", applied.node}, {"to", applied.mark.seq}});
    if (auto rewound = source_.rewind(partition, applied); !rewound) return rewound;
    if (expected_until_.size() >= kExpectedMax) expected_until_.clear();
    expected_until_[{applied.node, applied.incarnation}] = now + pause_;
    return base::Done{};
}

bool Rewinds::expects_hole(const Chronicle& chronicle, base::Instant now) const {
    const auto expected = expected_until_.find(chronicle);
    return expected != expected_until_.end() && now < expected->second;
}

void Rewinds::forget(const std::string& node, wire::Incarnation incarnation) {
    if (!expected_until_.empty()) expected_until_.erase({node, incarnation});
}

}  // namespace central
