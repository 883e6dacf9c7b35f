#pragma once

#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "central/engine/engine.hpp"
#include "central/judging/judge.hpp"
#include "central/sinks/database_query.hpp"
#include "central/sinks/opening.hpp"
#include "central/sinks/tables/spans.hpp"
#include "support/temporary_folder.hpp"
#include "wire/record.hpp"

namespace judging_test {

using namespace std::chrono_literals;

/// A day's beginning: the start of windows of every span.
constexpr std::int64_t kDayMs = 1'763'596'800'000;

inline base::EventTime at(base::Duration since) {
    return base::from_milliseconds(kDayMs) + since;
}

/// What is stored of a window: nothing but NULLs while it is not judged.
struct Stored {
    std::optional<std::string> state;
    std::optional<std::uint64_t> expected;
    std::optional<double> quality;
    std::optional<std::string> causes;

    friend bool operator==(const Stored&, const Stored&) = default;
};

inline std::string text(const Stored& stored) {
    return stored.state.value_or("NULL") + " of " +
           (stored.expected ? std::to_string(*stored.expected) : "?") + ", " +
           (stored.quality ? std::to_string(*stored.quality) : "?") + " " +
           stored.causes.value_or("");
}

using Judgements = std::map<base::EventTime, Stored>;

/// A node and the centre over a real database, which can be killed at any time.
class World {
  public:
    explicit World(std::vector<base::Duration> lengths = engine::EngineOptions{}.spans,
                   judging::JudgeOptions judge_options = {})
        : spans(std::move(lengths)), options(judge_options) {
        start();
    }

    void start();

    /// What is not committed is lost.
    void kill();

    std::uint64_t apply(const wire::Record& record, base::EventTime received);
    void read(const std::string& series, base::EventTime time, double value = 20);
    void read_between(const std::string& series, base::EventTime from, base::EventTime to,
                      base::Duration period);
    void fail(const std::string& series, base::EventTime time, std::uint64_t count = 1);
    /// Readings that are known only as a partial.
    void summarise(const std::string& series, base::EventTime start, base::Duration span,
                   std::uint64_t count, std::int64_t first_ms, std::int64_t last_ms,
                   base::EventTime received);
    void declare(const std::string& series, std::optional<base::Duration> period, bool also_between,
                 base::EventTime received);
    void lose(std::uint64_t records, base::EventTime received);
    void lose(std::uint64_t from, std::uint64_t to, base::EventTime received);
    void declare_gap(const wire::Gap& gap, base::EventTime received);

    /// And counts what has a clock since.
    void commit();
    void write();

    /// One step of the judge; false when it has nothing to do.
    bool tick();
    /// Until nothing is due any more. A round that is under way may have passed what is due since.
    void judge_all();

    Judgements stored(const std::string& series, base::Duration span);

    engine::SeriesRow series_row(const std::string& series);

    /// What an answer about all of the series would say now.
    Judgements answered(const std::string& series, base::Duration span);

    /// Every settled window as an answer would say it, all others as NULL. Gives how many are
    /// settled. Call it when nothing is due.
    std::size_t check(const std::string& series);

    std::string path() const { return folder.file("leat.db"); }
    double counter(const std::string& name) const { return counters.value("leat_central_" + name); }

    support::TemporaryFolder folder;
    std::vector<base::Duration> spans;
    judging::JudgeOptions options;
    base::Counters counters;
    std::unique_ptr<sinks::DatabaseSink> sink;
    std::unique_ptr<sinks::DatabaseQuery> query;
    std::unique_ptr<engine::Engine> engine;
    std::unique_ptr<judging::Judge> judge;
    sinks::PartitionState state;
    std::uint64_t seq = 0;
    base::Instant now{1h};

  private:
    engine::Arrival arrival(std::uint64_t number, base::EventTime received,
                            std::string_view line) const;
};

}  // namespace judging_test
