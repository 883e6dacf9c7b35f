#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "central/database/place.hpp"
#include "central/pipeline/pipeline.hpp"
#include "central/sinks/database_query.hpp"
#include "central/sinks/opening.hpp"
#include "support/temporary_folder.hpp"

namespace central_test {

using namespace std::chrono_literals;

/// Stands in front of the real sink, and fails when the test wants it.
class FailingSink final : public sinks::Sink {
  public:
    explicit FailingSink(sinks::Sink& sink) : sink_(sink) {}

    base::Result<sinks::Loaded> load(std::uint32_t partition, std::uint32_t partitions) override {
        ++loads;
        if (fail_loads > 0 && fail_loads-- > 0) return away();
        return sink_.load(partition, partitions);
    }
    base::Result<sinks::TailMatch> applied(const std::string& node,
                                           const wire::Origin& origin) override {
        return sink_.applied(node, origin);
    }
    base::Result<sinks::Committed> commit(const sinks::Commit& step) override {
        if (fail_before > 0 && fail_before-- > 0) return away();
        auto committed = sink_.commit(step);
        if (fail_after > 0 && fail_after-- > 0) return away();
        return committed;
    }
    base::Status check() override { return sink_.check(); }
    engine::Memory& memory() override { return sink_.memory(); }
    sinks::Neighbours& neighbours() override { return sink_.neighbours(); }

    int loads = 0;
    int fail_loads = 0;
    int fail_before = 0;  // Commits that fail and do nothing.
    int fail_after = 0;   // Commits that happen, but the answer is lost.

  private:
    static base::Error away() { return {base::Fault::transient, "the test said so"}; }

    sinks::Sink& sink_;
};

/// A pipeline over a real SQLite file, which can be killed and started again.
class Centre {
  public:
    explicit Centre(ingest::Source& source, std::uint32_t partitions = 1)
        : source_(source), partitions_(partitions) {
        start();
    }

    /// Everything in memory is lost, what was committed is not.
    void restart() {
        stop();
        start();
    }
    void stop() {
        pipeline.reset();
        sink.reset();
        file_.reset();
    }

    central::Progress tick(base::Duration later = 1ms) {
        now += later;
        return pipeline->tick(now);
    }
    /// Until nothing more comes: far enough apart for every back-off to be over.
    void run(int ticks = 6) {
        for (int i = 0; i < ticks; ++i) tick(40s);
    }

    std::uint64_t readings(const std::string& node = "attic") {
        std::uint64_t sum = 0;
        const auto rows = query().series(node);
        REQUIRE(rows);
        for (const auto& row : rows.value()) sum += row.readings;
        std::uint64_t counted = 0;
        for (const auto& series : rows.value()) {
            const auto windows = query().windows({.node = node,
                                                  .series = series.declared.series,
                                                  .span = 1min,
                                                  .from = base::EventTime::min(),
                                                  .to = base::EventTime::max()});
            REQUIRE(windows);
            for (const auto& [start, row] : windows.value()) counted += row.summary.count;
        }
        CHECK(counted == sum);
        return sum;
    }
    double counter(const std::string& name) const { return counters.value("leat_central_" + name); }
    sinks::DatabaseQuery& query() {
        if (!query_) {
            auto opened = sinks::DatabaseQuery::open(central_test::place(folder_.file("leat.db")));
            REQUIRE(opened);
            query_ = std::move(opened).value();
        }
        return *query_;
    }
    sinks::DatabaseSink& file() { return *file_; }

    base::Counters counters;
    std::unique_ptr<FailingSink> sink;
    std::unique_ptr<central::Pipeline> pipeline;
    base::Instant now{1h};
    engine::EngineOptions engine{};  // From the next start() on.
    bool drift = true;               // As that.

    /// Where the database is.
    std::string path() const { return folder_.file("leat.db"); }

    void start() {
        auto opened = sinks::open_sink({.path = central_test::place(folder_.file("leat.db"))});
        REQUIRE_MESSAGE(opened, opened.error().detail);
        file_ = std::move(opened).value();
        sink = std::make_unique<FailingSink>(*file_);
        central::PipelineOptions options;
        options.partitions = partitions_;
        options.entries_max = 10;
        options.placed_max = 3;
        options.drift = drift;
        pipeline =
            std::make_unique<central::Pipeline>(options, engine, source_, *sink, counters, 1);
    }

  private:
    support::TemporaryFolder folder_;
    ingest::Source& source_;
    std::uint32_t partitions_;
    std::unique_ptr<sinks::DatabaseSink> file_;
    std::unique_ptr<sinks::DatabaseQuery> query_;
};

}  // namespace central_test
