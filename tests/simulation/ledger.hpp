#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "central/sinks/query.hpp"
#include "delivery/outbox/outbox.hpp"
#include "wire/record.hpp"

namespace simulation {

/// The truth: every reading that a node's outbox has committed, every one that failed, and what the
/// windows must therefore become. Computed from the record lines alone.
class Ledger {
  public:
    void commit(const std::string& node, const std::vector<std::string>& lines);

    std::uint64_t readings() const { return readings_; }

    /// How many readings of a series failed.
    std::uint64_t failed(const std::string& node, const std::string& series) const;

    /// A reading, by its record.
    struct Told {
        double value = 0;
        wire::ClockState clock = wire::ClockState::synced;
        std::string boot;
    };
    const std::vector<Told>& told(const std::string& node, const std::string& series) {
        return told_[{node, series}];
    }

    /// The clock records of a boot; empty if there was none.
    const std::vector<wire::ClockSample>& samples(const std::string& node,
                                                  const std::string& boot) {
        return samples_[{node, boot}];
    }

    /// The first difference between the truth and the query's answers, in words; empty when there
    /// is none. Windows of a minute may lack what a node thinned, and all windows what it evicted;
    /// nothing may be there twice.
    std::string difference(sinks::Query& query) const;

  private:
    struct Taken {
        base::EventTime at;
        double value = 0;
    };
    using Series = std::pair<std::string, std::string>;  // Node and series.

    /// What a node has declared, by the query.
    struct Declared {
        bool thinned = false;
        std::uint64_t evicted = 0;  // Readings.
    };

    std::string difference(sinks::Query& query, const Series& series,
                           const std::vector<Taken>& taken, base::Duration span,
                           const Declared& declared) const;

    /// The same for single readings: what was thinned is counted as summarised instead.
    std::string single_difference(sinks::Query& query, const Series& series,
                                  const std::vector<Taken>& taken, const Declared& declared) const;

    /// The same for the failed readings: exact in whole hours, unless some were evicted.
    std::string failed_difference(sinks::Query& query, const Series& series, base::Duration span,
                                  const Declared& declared) const;

    struct Failures {
        base::EventTime at;
        std::uint64_t count = 0;
    };
    std::map<Series, std::vector<Taken>> taken_;  // In the order of commits.
    std::map<Series, std::vector<Failures>> failed_;
    std::map<Series, std::vector<Told>> told_;
    std::map<std::pair<std::string, std::string>, std::vector<wire::ClockSample>> samples_;
    std::uint64_t readings_ = 0;
};

/// An outbox that enters every commit into the ledger. After a crash in the middle of a commit, the
/// outbox itself is asked whether the commit happened.
class LedgerOutbox final : public delivery::Outbox {
  public:
    LedgerOutbox(delivery::Outbox& inner, Ledger& ledger, std::string node)
        : inner_(inner), ledger_(ledger), node_(std::move(node)) {}

    base::Status append(const delivery::Flush& flush) override;
    base::Status reserve(std::uint64_t upto) override { return inner_.reserve(upto); }
    base::Result<std::vector<delivery::StoredRecord>> read(std::uint64_t after,
                                                           std::size_t records_max,
                                                           std::size_t bytes_max) const override;
    base::Result<std::optional<wire::ChainHash>> hash_at(std::uint64_t seq) const override;
    base::Status fork(std::uint64_t stored_upto) override { return inner_.fork(stored_upto); }
    delivery::Extent extent() const override { return inner_.extent(); }
    std::uint64_t bytes_after(std::uint64_t seq) const override { return inner_.bytes_after(seq); }
    std::optional<std::string> position(const std::string& sensor) const override {
        return inner_.position(sensor);
    }

    /// A commit whose outcome is not known.
    struct Doubt {
        wire::Incarnation incarnation;
        std::uint64_t first = 0;
        std::vector<std::string> lines;
    };
    const std::optional<Doubt>& doubt() const { return doubt_; }

  private:
    delivery::Outbox& inner_;
    Ledger& ledger_;
    std::string node_;
    std::optional<Doubt> doubt_;
};

/// After a restart: if the doubtful commit did happen, the ledger enters it now.
void settle_doubt(const std::optional<LedgerOutbox::Doubt>& doubt, const delivery::Outbox& outbox,
                  Ledger& ledger, const std::string& node);

}  // namespace simulation
