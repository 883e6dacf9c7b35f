// Goal: the installed program neither loses nor repeats a line of a file that grows and is rotated,
// whenever it is killed. Method: the real leat-agent without a broker, SIGKILL at random
// moments, a file that is written, renamed and copied away all the time, also while nobody reads;
// in the end the outbox's readings are compared with what was written. SEED=n repeats one run.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "base/random.hpp"
#include "delivery/outbox/sqlite_outbox.hpp"
#include "places.hpp"
#include "support/process.hpp"
#include "support/temporary_folder.hpp"
#include "wire/record.hpp"

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using support::Process;

constexpr std::int64_t kFirst_ms = 1'763'640'000'000;
constexpr std::string_view kNode = "attic";

class Place {
  public:
    Place() {
        config_ = folder_.write(
            "agent.toml",
            fmt::format("[node]\nname = \"{}\"\n[broker]\naddress = \"tcp://127.0.0.1:1\"\n"
                        "[outbox]\npath = \"{}\"\nflush = \"200ms\"\n"
                        "[[sensor]]\nname = \"s\"\ndriver = \"tail\"\nfile = \"{}\"\n"
                        "start = \"beginning\"\nrotate_wait = \"500ms\"\n"
                        "time_column = \"t\"\ntime_format = \"unix_ms\"\n"
                        "[sensor.columns]\nn = \"n\"\n",
                        kNode, folder_.file("outbox.db"), file()));
    }

    std::string file(const std::string& suffix = {}) const {
        return folder_.file(fmt::format("data.csv{}", suffix));
    }

    Process start() const {
        return Process::start({.argv = {places::program("leat-agent"), "run", "--config", config_},
                               .environment = {},
                               .log_file = folder_.file("log"),
                               .folder = folder_.path().string()});
    }

    /// How often each number was committed, at the time that its line has.
    std::map<double, int> committed() const {
        delivery::SqliteOutboxOptions options;
        options.path = folder_.file("outbox.db");
        options.node = std::string{kNode};
        const auto outbox = delivery::SqliteOutbox::open(options);
        REQUIRE_MESSAGE(outbox, (outbox ? "" : outbox.error().detail));
        std::map<double, int> numbers;
        const auto head = outbox.value()->extent().head;
        for (std::uint64_t seq = 0; seq < head; ++seq) {
            const auto stored = outbox.value()->read(seq, 1, 1);
            REQUIRE(stored);
            const auto record = wire::decode_record(stored.value().at(0).line);
            REQUIRE(record);
            if (const auto* data = std::get_if<wire::Data>(&record.value().body)) {
                count(*data, numbers);
            }
        }
        return numbers;
    }

    const support::TemporaryFolder& folder() const { return folder_; }

  private:
    static void count(const wire::Data& data, std::map<double, int>& numbers) {
        for (const auto& column : data.columns) {
            const auto& raw = std::get<wire::RawColumn>(column.points);
            for (std::size_t i = 0; i < raw.values.size(); ++i) {
                const auto at = base::to_milliseconds(data.at) + raw.dt_ms[i];
                CHECK(static_cast<double>(at - kFirst_ms) == raw.values[i]);
                ++numbers[raw.values[i]];
            }
        }
    }

    support::TemporaryFolder folder_;
    std::string config_;
};

class Writer {
  public:
    explicit Writer(const Place& place) : place_(place) { reopen(); }

    void write(std::uint64_t lines) {
        for (std::uint64_t i = 0; i < lines; ++i) {
            ++written_;
            out_ << kFirst_ms + written_ << ',' << written_ << '\n';
        }
        out_ << std::flush;
    }

    void rename_away() {
        shift();
        fs::rename(place_.file(), place_.file(".1"));
        reopen();
    }

    void copy_and_truncate() {
        shift();
        fs::copy_file(place_.file(), place_.file(".1"));
        fs::resize_file(place_.file(), 0);
        out_ << "t,n\n" << std::flush;
    }

    int written() const { return written_; }

  private:
    void reopen() {
        out_.close();
        out_.open(place_.file(), std::ios::binary | std::ios::app);
        out_ << "t,n\n" << std::flush;
    }

    void shift() const {
        base::pause_for(10ms);  // The times of files are coarse.
        for (int i = 60; i > 0; --i) {
            if (!fs::exists(place_.file(fmt::format(".{}", i)))) continue;
            fs::rename(place_.file(fmt::format(".{}", i)), place_.file(fmt::format(".{}", i + 1)));
        }
    }

    const Place& place_;
    std::ofstream out_;
    int written_ = 0;
};

/// A few hundred milliseconds in the life of a file.
void write_for_a_while(Writer& writer, base::Random& random) {
    for (std::uint64_t i = 2 + random.below(6); i > 0; --i) {
        writer.write(1 + random.below(400));
        if (random.chance(1, 4)) writer.rename_away();
        if (random.chance(1, 8)) writer.copy_and_truncate();
        base::pause_for(base::Duration{20 + random.below(150)});
    }
}

}  // namespace

TEST_CASE("kill -9 while a file grows and is rotated neither loses nor repeats a line of it") {
    const char* given = std::getenv("SEED");
    const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : 7;
    CAPTURE(seed);
    base::Random random(seed);
    const Place place;
    Writer writer(place);
    int kills = 0;
    for (int round = 0; round < 8; ++round) {
        auto agent = place.start();
        // The first process commits a position: before that there is nothing to go on from.
        if (round == 0) base::pause_for(2s);
        write_for_a_while(writer, random);
        agent.kill(SIGKILL);
        kills += agent.wait(5s) == 128 + SIGKILL ? 1 : 0;
        if (random.chance(1, 2)) write_for_a_while(writer, random);
    }
    CHECK(kills == 8);
    std::map<double, int> committed;
    const auto all = static_cast<std::size_t>(writer.written());
    for (int tries = 0; tries < 30 && committed.size() < all; ++tries) {
        auto agent = place.start();
        base::pause_for(3s);
        agent.kill(SIGTERM);
        REQUIRE(agent.wait(10s) == 0);
        committed = place.committed();
    }
    REQUIRE(committed.size() == all);
    CHECK(committed.begin()->first == 1);
    CHECK(committed.rbegin()->first == writer.written());
    for (const auto& [number, times] : committed) {
        if (times != 1) FAIL_CHECK(number << " was committed " << times << " times");
    }
    MESSAGE(all << " lines, " << kills << " kills");
}
