#include "central/jobs/kinds/vacuum.hpp"

#include <fmt/format.h>

#include <utility>

#include "central/jobs/server/kinds.hpp"
#include "central/sinks/tables/schema.hpp"

namespace jobs {

namespace {

/// Central writes every now and then; each try waits for two seconds.
constexpr int kTries = 15;

struct Pages {
    std::int64_t all = 0;
    std::int64_t free = 0;
    std::int64_t bytes = 0;  // Of one.

    double free_share() const {
        return all > 0 ? static_cast<double>(free) / static_cast<double>(all) : 0;
    }
    double mebibytes() const { return static_cast<double>(all * bytes) / (1024.0 * 1024.0); }
};

base::Result<Pages> pages_of(sql::Database& database) {
    Pages pages;
    for (const auto& [pragma, number] : {std::pair{"page_count", &pages.all},
                                         {"freelist_count", &pages.free},
                                         {"page_size", &pages.bytes}}) {
        const auto found = database.number(fmt::format("PRAGMA {}", pragma));
        if (!found) return found.error();
        *number = found.value();
    }
    return pages;
}

class Vacuum final : public Job {
  public:
    Vacuum(std::string database, double free_at_least)
        : database_(std::move(database)), free_at_least_(free_at_least) {}

    std::string explain() const override {
        return fmt::format(
            "Writes {} anew without the room that removed rows left, when that is at least {:.0f} "
            "% of the file. It needs twice as much room on the disk again while it runs. Central "
            "waits meanwhile, and may say that the database is locked: nothing is lost, and it "
            "goes on by itself.",
            database_, 100 * free_at_least_);
    }
    Heeds heeds() const override { return {}; }
    std::string remedy() const override {
        return "look whether the disk has twice as much free room as the database is large; the "
               "database is as it was";
    }

    base::Result<Work> run(const Order& order, base::EventTime /*now*/,
                           Progress& progress) override {
        auto opened = sinks::open_database(database_, true);
        if (!opened) return opened.error();
        const auto before = pages_of(*opened.value());
        if (!before) return before.error();
        const bool is_worth_it = before.value().free_share() >= free_at_least_;
        if (!is_worth_it || order.is_dry) {
            return Work{.records = 0,
                        .read = database_,
                        .wrote = fmt::format("{}: {:.1f} % of {:.1f} MiB are free",
                                             is_worth_it ? "it anew" : "nothing",
                                             100 * before.value().free_share(),
                                             before.value().mebibytes())};
        }
        progress.report(0, 1);
        if (auto may = progress.may_write(); !may) return may.error();
        const auto after = vacuum();
        if (!after) return after.error();
        progress.report(1, 1);
        return Work{.records = static_cast<std::uint64_t>(before.value().free),
                    .read = database_,
                    .wrote = fmt::format("{:.1f} MiB in place of {:.1f} MiB",
                                         after.value().mebibytes(), before.value().mebibytes())};
    }

  private:
    /// On a connection of its own each time, as one that failed is not to be trusted.
    base::Result<Pages> vacuum() const {
        for (int tries = 1;; ++tries) {
            auto opened = sinks::open_current(database_);
            if (!opened) return opened.error();
            auto& database = *opened.value();
            // Its copy goes to the disk: a small machine has no room for it in memory.
            auto done = database.execute("PRAGMA temp_store=FILE; VACUUM");
            if (done) done = database.execute("PRAGMA wal_checkpoint(TRUNCATE)");
            if (done) return pages_of(database);
            if (done.error().fault != base::Fault::transient || tries == kTries) {
                return done.error();
            }
        }
    }

    std::string database_;
    double free_at_least_;
};

}  // namespace

std::unique_ptr<Job> make_vacuum(Keys& keys, const Place& place) {
    const auto free_at_least = keys.number("free_at_least", 0.2, 0, 1);
    if (place.database.is_server()) return make_server_vacuum(place.database);
    return std::make_unique<Vacuum>(place.database.text(), free_at_least);
}

}  // namespace jobs
