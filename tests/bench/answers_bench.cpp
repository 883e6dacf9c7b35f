// How fast central turns what Redis holds into committed rows: a real Redis, filled by the bridge's
// own store, then the pipeline with SQLite in this process. For the goals (1 000 series, with and
// without detectors), and as curves over the number of series and of partitions. Run it on an idle
// machine. TMPDIR is the folder for the database.
#include <fmt/core.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/ensure.hpp"
#include "bench/figures.hpp"
#include "bridge/redis_store.hpp"
#include "central/ingest/redis_source.hpp"
#include "central/pipeline/pipeline.hpp"
#include "central/sinks/opening.hpp"
#include "support/servers.hpp"
#include "wire/record.hpp"

namespace {

using namespace std::chrono_literals;

struct Load {
    std::string name;
    std::size_t series = 1'000;    // In all.
    std::size_t per_record = 100;  // Readings.
    std::size_t readings = 6'000'000;
    std::uint32_t partitions = 16;
    bool detection = false;
    bool singles = true;
};

constexpr std::size_t kSeriesPerNode = 10;
constexpr std::size_t kRecordsPerBatch = 8;
constexpr std::size_t kBatchesPerCall = 50;
constexpr std::int64_t kStartMs = 1'763'640'000'000;

/// Every node measures ten series once a second, all alike.
class History {
  public:
    explicit History(const Load& load)
        : nodes_(std::max<std::size_t>(1, load.series / width(load))) {
        const auto records = load.readings / load.per_record / nodes_;
        const auto each = load.per_record / width(load);
        for (std::size_t record = 0; record < records; ++record) {
            lines_.push_back(line_of(record, each, width(load)));
        }
    }

    void store(redis::Client& client, const Load& load) const {
        const base::SystemClock clock;
        bridge::RedisStore store{client,
                                 clock,
                                 {.partitions = load.partitions,
                                  .cap = 100'000'000,
                                  .durability = bridge::Durability::memory,
                                  .nodes_max = 1'000'000},
                                 "bench"};
        std::vector<std::vector<wire::ChainHash>> chains;
        for (std::size_t n = 0; n < nodes_; ++n) chains.push_back(chain_of(n));
        std::vector<bridge::IngestRequest> requests;
        const auto flush = [&] {
            const auto acks = store.ingest(requests);
            ENSURE(acks);
            for (const auto& ack : acks.value()) ENSURE(ack.answer == wire::Answer::ok);
            requests.clear();
        };
        for (std::size_t from = 0; from < lines_.size(); from += kRecordsPerBatch) {
            for (std::size_t n = 0; n < nodes_; ++n) {
                requests.push_back(request(n, from, chains[n]));
                if (requests.size() == kBatchesPerCall) flush();
            }
        }
        if (!requests.empty()) flush();
    }

    std::size_t records() const { return lines_.size() * nodes_; }

  private:
    static std::size_t width(const Load& load) { return std::min(kSeriesPerNode, load.series); }
    static std::string name(std::size_t n) { return fmt::format("node-{}", n); }

    static std::string line_of(std::size_t record, std::size_t each, std::size_t width) {
        wire::Data data{.at = base::from_milliseconds(
                            kStartMs + static_cast<std::int64_t>(record * each) * 1'000),
                        .clock = wire::ClockState::synced,
                        .boot = {},
                        .columns = {}};
        for (std::size_t s = 0; s < width; ++s) {
            wire::RawColumn column;
            for (std::size_t i = 0; i < each; ++i) {
                column.dt_ms.push_back(static_cast<std::int64_t>(i) * 1'000);
                column.values.push_back(static_cast<double>((i * 37 + s * 11 + record) % 400) / 10);
            }
            data.columns.push_back({.series = fmt::format("sensor{}.value", s), .points = column});
        }
        return wire::encode_record({.body = data, .origin = {}});
    }

    /// h(0), h(1) … of the node.
    std::vector<wire::ChainHash> chain_of(std::size_t n) const {
        const wire::Chain chain;
        std::vector hashes{chain.start(name(n), wire::Incarnation{1})};
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            hashes.push_back(chain.next(hashes.back(), i + 1, lines_[i]));
        }
        return hashes;
    }

    bridge::IngestRequest request(std::size_t n, std::size_t from,
                                  const std::vector<wire::ChainHash>& chain) const {
        const auto to = std::min(from + kRecordsPerBatch, lines_.size());
        const auto at = [](std::size_t i) { return static_cast<std::ptrdiff_t>(i); };
        return {.node = name(n),
                .header = {.incarnation = {1},
                           .base = from + 1,
                           .count = static_cast<std::uint32_t>(to - from),
                           .lowest = 1,
                           .before = chain[from],
                           .now = base::from_milliseconds(kStartMs)},
                .lines = {lines_.begin() + at(from), lines_.begin() + at(to)},
                .chain = {chain.begin() + at(from + 1), chain.begin() + at(to + 1)}};
    }

    std::size_t nodes_;
    std::vector<std::string> lines_;  // Of every node.
};

/// Fills a Redis, and then measures central alone over it.
void measure(const Load& load) {
    support::RedisServer server{{.arguments = {"--appendfsync", "no"}}};
    redis::ClientOptions connect;
    connect.port = server.port();
    connect.timeout = 60s;
    redis::Client client{connect};
    std::size_t readings = 0;
    {
        const History history{load};
        history.store(client, load);
        readings = history.records() * load.per_record;
    }
    const support::TemporaryFolder folder;
    auto sink = sinks::open_sink({.path = folder.file("leat.db")});
    ENSURE(sink);
    ingest::RedisSource source{client, "bench", "bench"};
    base::Counters counters;
    engine::EngineOptions engine;
    engine.detection = load.detection;
    engine.singles.is_default_kept = load.singles;
    central::PipelineOptions options;
    options.partitions = load.partitions;
    central::Pipeline pipeline{options, engine, source, *sink.value(), counters, 1};
    const bench::Stopwatch watch;
    const auto before = bench::processor_seconds(::getpid());
    const base::SystemClock clock;
    while (counters.value("leat_central_readings_total") < static_cast<double>(readings)) {
        pipeline.tick(clock.instant());
        if (const auto& trouble = pipeline.trouble()) {
            fmt::print(stderr, "{}\n", central::to_text(*trouble));
        }
    }
    const auto seconds = watch.seconds();
    const auto processor = bench::processor_seconds(::getpid()) - before;
    const auto all = static_cast<double>(readings);
    fmt::print("{}: {:.1f} M readings in {} records\n", load.name, all / 1e6,
               readings / load.per_record);
    bench::report("  committed", all / seconds, "readings/s");
    bench::report("  committed, a second of processor time", all / processor, "readings");
    bench::report("  processor time a reading", processor / all * 1e9, "ns");
    bench::report("  resident afterwards",
                  static_cast<double>(bench::resident_kib(::getpid())) / 1024, "MiB");
    bench::report("  database, a reading",
                  static_cast<double>(std::filesystem::file_size(folder.file("leat.db"))) / all,
                  "bytes");
    bench::report(
        "  rows written a commit",
        counters.value("leat_central_rows_total") / counters.value("leat_central_commits_total"),
        "");
}

/// In a process of its own, so that its memory is its own.
void measure_alone(const Load& load) {
    const auto child = ::fork();
    if (child == 0) {
        measure(load);
        std::fflush(stdout);
        ::_exit(EXIT_SUCCESS);
    }
    int status = 0;
    ENSURE(::waitpid(child, &status, 0) == child && status == 0);
}

std::vector<Load> goals() {
    std::vector<Load> loads;
    for (const bool detection : {false, true}) {
        const auto* with = detection ? "detectors on" : "detectors off";
        for (const std::size_t per_record : {100UL, 20UL, 10UL}) {
            for (const bool singles : {true, false}) {
                loads.push_back(
                    {.name = fmt::format("1 000 series, {} readings a record, {}, {}", per_record,
                                         with, singles ? "each kept" : "windows only"),
                     .per_record = per_record,
                     .readings = 60'000 * per_record,
                     .detection = detection,
                     .singles = singles});
            }
        }
    }
    return loads;
}

std::vector<Load> curves() {
    std::vector<Load> loads;
    for (const bool detection : {false, true}) {
        const auto* with = detection ? "detectors on" : "detectors off";
        for (const std::size_t series : {10UL, 100UL, 1'000UL, 10'000UL, 100'000UL}) {
            loads.push_back({.name = fmt::format("{} series, {}", series, with),
                             .series = series,
                             .readings = series == 100'000 ? 18'000'000UL : 6'000'000UL,
                             .detection = detection});
        }
        for (const std::uint32_t partitions : {1U, 4U}) {
            loads.push_back(
                {.name = fmt::format("1 000 series in {} partitions, {}", partitions, with),
                 .partitions = partitions,
                 .detection = detection});
        }
    }
    return loads;
}

}  // namespace

/// `answers_bench goals` leaves out the curves.
int main(int argc, char** argv) {
    auto loads = goals();
    const bool has_curves = argc < 2 || std::string_view{argv[1]} != "goals";
    if (has_curves) {
        for (auto& load : curves()) loads.push_back(std::move(load));
    }
    for (const auto& load : loads) measure_alone(load);
}
