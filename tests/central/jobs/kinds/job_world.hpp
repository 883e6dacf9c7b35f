#pragma once

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "central/database/any_database.hpp"
#include "central/jobs/core/memory_journal.hpp"
#include "central/jobs/kinds/kinds.hpp"
#include "central/shell/filled_database.hpp"
#include "support/temporary_folder.hpp"

namespace jobs_test {

using namespace std::chrono_literals;

constexpr const char* kSeries = "climate.temperature";
constexpr base::EventTime kMidnight = base::from_milliseconds(1'763'596'800'000);  // 20 Nov 2025.

/// No file may grow beyond that for as long as this lives: a disk that is full.
class FullDisk {
  public:
    explicit FullDisk(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        REQUIRE(::getrlimit(RLIMIT_FSIZE, &before_) == 0);
        const rlimit limit{.rlim_cur = bytes, .rlim_max = before_.rlim_max};
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
    }
    ~FullDisk() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

  private:
    void (*handler_)(int);
    rlimit before_{};
};

/// A database, filled by the engine, that a central has open; and a folder for what jobs write.
struct JobWorld {
    explicit JobWorld(const engine::EngineOptions& options = {}) {
        database = std::make_unique<shell_test::Database>(path, options);
        database->declare("attic", kSeries, "temperature", "Cel");
        database->commit();
        std::filesystem::create_directory(target);
        broker.address = "tcp://127.0.0.1:1";  // Nobody is there.
    }

    /// A reading every ten minutes of [from, to).
    void fill(base::EventTime from, base::EventTime to, const std::string& node = "attic") {
        for (auto at = from; at < to; at += 10min) {
            database->read(node, kSeries, at, 20 + 0.1 * static_cast<double>((at - from) / 10min));
        }
        database->commit();
    }
    std::unique_ptr<jobs::Job> make(const std::string& kind, const std::string& keys = {}) {
        auto file = base::Settings::parse("[job.plant]\n" + keys, "central.toml").value();
        auto settings = file.table("job").table("plant");
        auto read = jobs::Keys::make(settings, {}).value();
        auto job = jobs::make_job(kind, read,
                                  {.database = central_test::place(path),
                                   .spans = engine::EngineOptions{}.spans,
                                   .keep = keep,
                                   .broker = broker,
                                   .clock = &clock});
        const auto checked = file.check();
        REQUIRE_MESSAGE(checked, checked.error().detail);
        return job;
    }
    base::Result<jobs::Work> run(const std::string& kind, const std::string& keys,
                                 const jobs::Order& order = {}) {
        Silence silence;
        return make(kind, keys)->run(order, now, silence);
    }
    jobs::Work work(const std::string& kind, const std::string& keys,
                    const jobs::Order& order = {}) {
        auto done = run(kind, keys, order);
        REQUIRE_MESSAGE(done, done.error().detail);
        return std::move(done).value();
    }
    base::Error failure(const std::string& kind, const std::string& keys,
                        const jobs::Order& order = {}) {
        const auto done = run(kind, keys, order);
        REQUIRE_FALSE(done);
        return done.error();
    }
    void execute(const std::string& sql) {
        auto other = central_test::AnyDatabase::open({.path = path}).value();
        const auto done = other.execute(sql);
        REQUIRE_MESSAGE(done, done.error().detail);
    }
    /// The names of the files in a folder.
    static std::vector<std::string> files(const std::string& folder) {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator{folder}) {
            if (entry.is_regular_file()) names.push_back(entry.path().filename().string());
        }
        std::sort(names.begin(), names.end());
        return names;
    }
    std::vector<std::string> files() const { return files(target); }
    std::string content(const std::string& name) const {
        std::ifstream file{target + "/" + name, std::ios::binary};
        REQUIRE(file);
        return {std::istreambuf_iterator<char>{file}, {}};
    }
    void write(const std::string& name, const std::string& content) const {
        std::ofstream{target + "/" + name} << content;
    }
    /// The key `folder` of a job.
    std::string folder_key() const { return "folder = \"" + target + "\"\n"; }

    support::TemporaryFolder folder;
    std::string path = folder.file("leat.db");
    std::string target = folder.file("target");
    retention::KeepReadings keep;
    broker::PahoOptions broker;
    base::SystemClock clock;
    base::EventTime now = kMidnight + 24h + 2h;
    std::unique_ptr<shell_test::Database> database;
};

}  // namespace jobs_test
