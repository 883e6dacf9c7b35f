#pragma once

#include <string>
#include <vector>

#include "bridge/store.hpp"
#include "wire/chain.hpp"

namespace bridge_test {

/// A node's records and the batches it would send: numbers from 1, with the chain.
class TestNode {
  public:
    TestNode(std::string name, std::uint64_t incarnation)
        : name_(std::move(name)),
          incarnation_{incarnation},
          chain_{wire::Chain{}.start(name_, incarnation_)} {}

    /// Adds records until `head`; another `story` makes other lines, and so another chain.
    TestNode& grow(std::uint64_t head, const std::string& story = "a") {
        while (chain_.size() <= head) {
            const auto seq = chain_.size();
            lines_.push_back(R"({"k":"fault","t":1763630000000,"clk":"synced","sensor":")" + story +
                             R"(","reason":")" + std::to_string(seq) + "\"}");
            chain_.push_back(wire::Chain{}.next(chain_.back(), seq, lines_.back()));
        }
        return *this;
    }

    /// The batch base … base + count - 1 of a node that still stores `lowest` and on.
    bridge::IngestRequest batch(std::uint64_t base, std::uint32_t count,
                                std::uint64_t lowest = 1) const {
        bridge::IngestRequest request{.node = name_, .header = {}, .lines = {}, .chain = {}};
        request.header.incarnation = incarnation_;
        request.header.base = base;
        request.header.count = count;
        request.header.lowest = lowest;
        request.header.before = chain_.at(base - 1);
        for (auto seq = base; seq < base + count; ++seq) {
            request.lines.push_back(lines_.at(seq - 1));
            request.chain.push_back(chain_.at(seq));
        }
        return request;
    }

    /// The batch of a node that has nothing between `after` and `base`.
    bridge::IngestRequest crossing(std::uint64_t after, std::uint64_t base,
                                   std::uint32_t count) const {
        auto request = batch(base, count);
        request.header.after = after;
        return request;
    }

    /// The same as a message's payload.
    std::string payload(std::uint64_t base, std::uint32_t count, std::uint64_t lowest = 1) const {
        const auto request = batch(base, count, lowest);
        return wire::encode_batch(request.header, {request.lines.begin(), request.lines.end()});
    }

    bridge::IngestRequest probe(std::uint64_t lowest = 1) const {
        return batch(chain_.size(), 0, lowest);
    }

    wire::Mark mark(std::uint64_t seq) const { return {.seq = seq, .hash = chain_.at(seq)}; }
    const std::string& line(std::uint64_t seq) const { return lines_.at(seq - 1); }
    const std::string& name() const { return name_; }
    wire::Incarnation incarnation() const { return incarnation_; }

  private:
    std::string name_;
    wire::Incarnation incarnation_;
    std::vector<std::string> lines_;
    std::vector<wire::ChainHash> chain_;
};

}  // namespace bridge_test
