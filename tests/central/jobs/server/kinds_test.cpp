// Goal: a job of any kind writes nothing once another run of it may be on. Method: its connection
// is cut off when it has begun.
#include "central/jobs/core/runner.hpp"
#include "central/jobs/server/server_world.hpp"
#include "central/sinks/database_query.hpp"
#include "central/sinks/jobs/job_journal.hpp"
#include "lib/odbc/worlds.hpp"

using namespace jobs_test;
using jobs::RunStatus;

namespace {

/// The journal of a server that ends its connection when a run has begun.
class CutJournal final : public jobs::Journal {
  public:
    explicit CutJournal(const ServerWorld& world) : world_(world), journal_(world.address) {}

    base::Result<std::unique_ptr<jobs::Hold>> hold(const std::string& job) override {
        return journal_.hold(job);
    }
    base::Result<std::int64_t> begin(const jobs::Run& run) override {
        const auto id = journal_.begin(run);
        if (is_cut) world_.cut_off(run.job);
        return id;
    }
    base::Status end(const jobs::Run& run) override { return journal_.end(run); }
    base::Result<std::uint64_t> close_interrupted(const std::string& job,
                                                  base::EventTime now) override {
        return journal_.close_interrupted(job, now);
    }
    base::Result<std::vector<jobs::Run>> runs(const jobs::RunRange& range) override {
        return journal_.runs(range);
    }

    bool is_cut = true;

  private:
    const ServerWorld& world_;
    sinks::JobJournal journal_;
};

struct World : ServerWorld {
    jobs::Run carry_out(const std::string& kind, const std::string& keys) {
        Silence silence;
        const auto job = make(kind, keys);
        const auto run =
            jobs::carry_out({.name = "plant", .kind = kind}, *job, {}, journal, clock, silence,
                            [](base::Duration rest) { base::pause_for(rest / 10); });
        REQUIRE_MESSAGE(run, run.error().detail);
        CHECK(journal.newest("plant").value() == run.value());
        return run.value();
    }
    void expect_stop(const std::string& kind, const std::string& keys) {
        const auto run = carry_out(kind, keys);
        CHECK(run.status == RunStatus::failed);
        CAPTURE(run.error);
        CHECK(run.error.find("the connection that kept other runs out is lost") !=
              std::string::npos);
    }
    std::string location() const {
        const auto query = sinks::DatabaseQuery::open(address);
        REQUIRE(query);
        const auto read = query.value()->situations("attic", kMidnight + 30min);
        REQUIRE(read);
        auto all = read.value();
        return all[kSeries].location;
    }

    CutJournal journal{*this};
};

}  // namespace

TEST_CASE("dim-refresh takes nothing over") {
    World world;
    world.write("locations.csv", "node,location\nattic,/house/roof\n");
    const auto keys = "file = '" + world.target + "/locations.csv'\n";
    const auto before = world.location();
    world.expect_stop("dim-refresh", keys);
    CHECK(world.location() == before);
    world.journal.is_cut = false;
    CHECK(world.carry_out("dim-refresh", keys).status == RunStatus::ok);
    CHECK(world.location() == "/house/roof");
}

TEST_CASE("export-sql writes no row, and makes no table") {
    World world;
    odbc_test::SqliteWorld other;
    const auto keys = "connection = '" + other.options.connection + "'\ncreate = true\n";
    world.expect_stop("export-sql", keys);
    CHECK(odbc_test::valued(other.connection.tables()).empty());
    world.journal.is_cut = false;
    CHECK(world.carry_out("export-sql", keys).status == RunStatus::ok);
    CHECK(other.number("SELECT COUNT(*) FROM leat_windows") == 24);
}

TEST_CASE("ingest-csv reads nothing, and opens no outbox") {
    World world;
    world.write("a.csv", "time,t\n2024-01-01T00:00:00Z,21\n");
    const auto outbox = world.folder.file("history.outbox");
    world.expect_stop("ingest-csv", world.folder_key() + "node = 'history'\nsensor = 'office'\n" +
                                        "settle = '0s'\ntime_column = 'time'\noutbox = '" + outbox +
                                        "'\n[job.plant.columns]\nt = 'temperature:Cel'\n");
    CHECK_FALSE(std::filesystem::exists(outbox));
    CHECK(world.files() == std::vector<std::string>{"a.csv"});
}

TEST_CASE("export-csv, backup and vacuum stop, and leave no file") {
    World world;
    world.expect_stop("export-csv", world.folder_key());
    world.expect_stop("backup", world.folder_key());
    world.expect_stop("vacuum", {});
    CHECK(world.files().empty());
}
