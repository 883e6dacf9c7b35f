#include <fmt/format.h>

#include "central/sinks/access/marks.hpp"
#include "central/sinks/access/schema_mark.hpp"
#include "sqlite/database.hpp"

namespace sinks {

namespace {

constexpr sqlite::LogOptions kLog{.checkpoint_pages = 1'000, .bytes_max = 64 * 1024 * 1024};

/// A file without tables is a new one.
base::Status check_owner(sql::Database& database) {
    const auto application = database.number("PRAGMA application_id");
    if (!application) return explained(application.error());
    if (application.value() == kApplicationId) return base::Done{};
    const auto tables = database.number("SELECT count(*) FROM sqlite_master");
    if (!tables) return explained(tables.error());
    if (tables.value() == 0) return base::Done{};
    const auto ours = database.number("SELECT count(*) FROM sqlite_master WHERE name = 'dim_node'");
    if (!ours) return explained(ours.error());
    if (application.value() != kSharedApplicationId) {
        return refusal(database, "the database belongs to another program");
    }
    if (ours.value() > 0) return base::Done{};
    return refusal(database,
                   "this is the outbox of a leat-agent, not central's database; give [sink] path "
                   "a file of its own");
}

}  // namespace

base::Result<std::int64_t> sqlite_version(sql::Database& database) {
    if (auto owned = check_owner(database); !owned) return owned.error();
    return database.number("PRAGMA user_version");
}

base::Result<std::int64_t> begin_sqlite(sql::Database& database) {
    auto& file = static_cast<sqlite::Database&>(database);
    if (auto begun = file.begin_log(kLog); !begun) return explained(begun.error());
    if (auto set = database.execute("PRAGMA cache_size=-65536"); !set) return set.error();
    const auto before = database.number("SELECT count(*) FROM sqlite_master");
    if (!before) return explained(before.error());
    return before;
}

base::Status mark_sqlite(sql::Database& database) {
    return database.execute(fmt::format("PRAGMA application_id={};PRAGMA user_version={};",
                                        kApplicationId, kSchemaVersion));
}

}  // namespace sinks
