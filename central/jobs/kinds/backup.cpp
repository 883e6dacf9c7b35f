#include "central/jobs/kinds/backup.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "central/files/whole_file.hpp"
#include "central/jobs/core/folder.hpp"
#include "central/jobs/server/kinds.hpp"
#include "central/sinks/tables/schema.hpp"
#include "central/text/rfc3339.hpp"
#include "sqlite/copy.hpp"
#include "sqlite/database.hpp"

namespace jobs {

namespace {

constexpr const char* kAfter = ".db";

base::Result<std::int64_t> readings_in(sqlite::Database& database) {
    return database.number("SELECT coalesce(sum(readings), 0) FROM dim_series");
}

base::Error bad_copy(const std::string& why) {
    return {base::Fault::transient, "the copy is not good: " + why};
}

class Backup final : public Job {
  public:
    Backup(std::string database, std::string folder, std::string prefix, std::size_t keep)
        : database_(std::move(database)),
          folder_(std::move(folder)),
          prefix_(std::move(prefix)),
          keep_(keep) {}

    std::string explain() const override {
        return fmt::format(
            "Copies {0} into {1} as {2}-<time>.db, whole, while central runs. Opens the copy, has "
            "SQLite check it, and compares its readings with those of the original. Keeps the "
            "newest {3} copies, and removes older ones of that name only. To restore one: stop "
            "central, remove {0}-wal and {0}-shm, which belong to the database of before, copy the "
            "copy into its place, start central; what came since is sent again by Redis and the "
            "nodes as far as they still have it.",
            database_, folder_, prefix_, keep_);
    }
    Heeds heeds() const override { return {}; }
    std::string remedy() const override {
        return fmt::format(
            "look whether {} is there, writable and large enough, then run it again "
            "(leat-central job run). The copies of before are as they were",
            folder_);
    }

    base::Result<Work> run(const Order& order, base::EventTime now, Progress& progress) override {
        auto opened = sinks::open_database(database_, true);
        if (!opened) return opened.error();
        auto& original = static_cast<sqlite::Database&>(*opened.value());
        if (auto known = sinks::check_schema(original); !known) return known.error();
        const auto path = (std::filesystem::path{folder_} / name_of(now)).string();
        const auto before = readings_in(original);
        if (!before) return before.error();
        if (order.is_dry) {
            return Work{.records = static_cast<std::uint64_t>(before.value()),
                        .read = database_,
                        .wrote = path};
        }
        if (auto there = make_folder(folder_); !there) return there.error();
        return copy(original, path, before.value(), progress);
    }

  private:
    std::string stem() const { return prefix_ + "-"; }
    std::string name_of(base::EventTime now) const {
        return stem() + text::file_stamp(now) + kAfter;
    }

    base::Result<Work> copy(sqlite::Database& original, const std::string& path,
                            std::int64_t before, Progress& progress) {
        if (auto cleared = clear_partial(folder_, stem(), kAfter); !cleared) {
            return cleared.error();
        }
        files::WholeFile file{path};
        progress.report(0, 3);
        if (auto copied = sqlite::copy_database(original, file.partial()); !copied) {
            return copied.error();
        }
        progress.report(1, 3);
        const auto after = readings_in(original);
        if (!after) return after.error();
        const auto readings = verify(original, file.partial(), before, after.value());
        if (!readings) return readings.error();
        progress.report(2, 3);
        if (auto may = progress.may_write(); !may) return may.error();
        if (auto finished = file.finish(); !finished) return finished.error();
        const auto name = std::filesystem::path{path}.filename().string();
        const auto rotated = rotate(folder_, stem(), kAfter, keep_, name);
        if (!rotated) return rotated.error();
        progress.report(3, 3);
        return Work{.records = readings.value(), .read = database_, .wrote = path};
    }

    /// Gives the readings in it.
    static base::Result<std::uint64_t> verify(sqlite::Database& original, const std::string& path,
                                              std::int64_t before, std::int64_t after) {
        auto opened = sqlite::Database::open({.path = path, .is_immutable = true});
        if (!opened) return opened.error();
        auto copy = std::move(opened).value();
        {
            auto check = copy.query("PRAGMA integrity_check(1)");
            const auto row = check.next();
            if (!row) return row.error();
            if (!row.value() || check.text(0) != "ok") return bad_copy(check.string(0));
        }
        const auto identity = sinks::read_identity(original);
        const auto copied = sinks::read_identity(copy);
        if (!identity || !copied || identity.value() != copied.value()) {
            return bad_copy("it has another identity");
        }
        const auto readings = readings_in(copy);
        if (!readings) return readings.error();
        if (readings.value() < before || readings.value() > after) {
            return bad_copy(
                fmt::format("it has {} readings, the database had {} before and {} "
                            "afterwards",
                            readings.value(), before, after));
        }
        return static_cast<std::uint64_t>(readings.value());
    }

    std::string database_;
    std::string folder_;
    std::string prefix_;
    std::size_t keep_;
};

}  // namespace

std::unique_ptr<Job> make_backup(Keys& keys, const Place& place) {
    auto folder = keys.required_text("folder");
    const auto keep = keys.integer("keep", 7, 1, 10'000);
    auto prefix = read_prefix(keys);
    const auto kept = static_cast<std::size_t>(keep);
    if (place.database.is_server()) {
        return make_server_backup(place.database, {std::move(folder), std::move(prefix), kept});
    }
    return std::make_unique<Backup>(place.database.text(), std::move(folder), std::move(prefix),
                                    kept);
}

}  // namespace jobs
