#pragma once

#include <string>
#include <vector>

#include "bridge/store.hpp"
#include "central/ingest/source.hpp"
#include "wire/chain.hpp"
#include "wire/record.hpp"

namespace central_test {

/// A node's outbox on paper: record lines with their numbers and chain. Every record holds one
/// reading, 1, of the series "s.q".
class WrittenNode {
  public:
    WrittenNode(std::string name, std::uint64_t incarnation)
        : name_(std::move(name)),
          incarnation_{incarnation},
          chain_{wire::Chain{}.start(name_, incarnation_)} {}

    /// Adds a record with a line of its own, or one reading a second after the one before.
    void add(std::string line) {
        lines_.push_back(std::move(line));
        chain_.push_back(wire::Chain{}.next(chain_.back(), head(), lines_.back()));
    }
    void add_readings(std::uint64_t records) {
        for (std::uint64_t i = 0; i < records; ++i) add(reading(head()));
    }
    static std::string reading(std::uint64_t second) {
        return R"({"k":"data","t":)" + std::to_string(1'763'640'000'000 + second * 1'000) +
               R"(,"clk":"synced","series":{"s.q":{"dt":[0],"v":[1]}}})";
    }

    std::uint64_t head() const { return lines_.size(); }
    const std::string& name() const { return name_; }
    wire::Incarnation incarnation() const { return incarnation_; }
    const std::string& line(std::uint64_t seq) const { return lines_.at(seq - 1); }
    wire::Mark mark(std::uint64_t seq) const { return {.seq = seq, .hash = chain_.at(seq)}; }
    wire::Origin origin(std::uint64_t seq) const {
        return {.incarnation = incarnation_, .seq = seq, .hash = chain_.at(seq)};
    }

    ingest::Entry entry(std::uint64_t seq) const {
        return {.id = {},
                .node = name_,
                .incarnation = incarnation_,
                .seq = seq,
                .gap_to = 0,
                .hash = chain_.at(seq),
                .line = line(seq),
                .received = base::from_milliseconds(1'763'640'000'000)};
    }
    ingest::Entry gap(std::uint64_t from, std::uint64_t to) const {
        auto entry = this->entry(to);
        entry.seq = from;
        entry.gap_to = to;
        entry.line.clear();
        return entry;
    }
    bridge::IngestRequest batch(std::uint64_t base, std::uint32_t count) const {
        bridge::IngestRequest request{.node = name_, .header = {}, .lines = {}, .chain = {}};
        request.header = {.incarnation = incarnation_,
                          .base = base,
                          .count = count,
                          .lowest = 1,
                          .before = chain_.at(base - 1),
                          .now = {}};
        for (auto seq = base; seq < base + count; ++seq) {
            request.lines.push_back(line(seq));
            request.chain.push_back(chain_.at(seq));
        }
        return request;
    }

  private:
    std::string name_;
    wire::Incarnation incarnation_;
    std::vector<std::string> lines_;
    std::vector<wire::ChainHash> chain_;
};

}  // namespace central_test
