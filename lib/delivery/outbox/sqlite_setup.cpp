#include "delivery/outbox/sqlite_setup.hpp"

#include <fmt/format.h>

#include <utility>

#include "disk/files.hpp"
#include "sqlite/place.hpp"
#include "sqlite/transaction.hpp"

namespace delivery {

namespace {

using base::Done;
using base::Error;
using base::Fault;
using base::Status;

constexpr sqlite::LogOptions kLog{.checkpoint_pages = 2048, .bytes_max = 1024 * 1024};

Status check(sqlite::Database& database) {
    auto query = database.query("PRAGMA quick_check(1)");
    const auto row = query.next();
    if (!row) return row.error();
    if (row.value() && query.text(0) == "ok") return Done{};
    return Error{Fault::malformed, fmt::format("{}: damaged: {}", database.path(), query.text(0))};
}

/// All or nothing, whenever the power goes. The copy that SQLite makes on the way is as large as
/// the file: too large for memory.
Status adopt_page_size(sqlite::Database& database) {
    const auto size = database.number("PRAGMA page_size");
    if (!size) return size.error();
    if (static_cast<std::uint64_t>(size.value()) == kPageBytes) return Done{};
    return database.execute(
        fmt::format("PRAGMA temp_store=FILE;PRAGMA journal_mode=DELETE;PRAGMA page_size={};VACUUM;"
                    "PRAGMA journal_mode=WAL;PRAGMA temp_store=MEMORY",
                    kPageBytes));
}

}  // namespace

Status inspect_outbox(const SqliteOutboxOptions& options) {
    const auto& path = options.path;
    auto inspected = sqlite::inspect_place(path, "[outbox] path", "leat-agent");
    if (!inspected) return inspected;
    const auto there = disk::is_there(path);
    if (!there) return there.error();
    if (!there.value()) return Done{};
    if (const auto holder = sqlite::holder_of(path)) {
        return Error{Fault::misconfigured,
                     fmt::format("{} is in use by another process ({}): stop that one, or give "
                                 "another [outbox] path",
                                 path, *holder)};
    }
    auto opened = sqlite::Database::open({.path = path, .is_immutable = true});
    if (!opened) return Done{};
    auto database = std::move(opened).value();
    inspected = SqliteRecords{database}.inspect(options.node);
    // A damaged one is not judged: opening it puts it aside.
    const bool is_judged = inspected || inspected.error().fault == Fault::misconfigured;
    return is_judged ? inspected : Done{};
}

base::Result<sqlite::Database> open_database(const std::string& path, const std::string& vfs) {
    if (vfs.empty()) sqlite::make_private(path);
    return sqlite::Database::open(
        {.path = path, .vfs = vfs, .is_exclusive = true, .page_bytes = kPageBytes});
}

Status prepare_database(sqlite::Database& database, std::uint64_t pages_max) {
    if (auto begun = database.begin_log(kLog); !begun) return begun;
    if (auto good = check(database); !good) return good;
    if (auto adopted = adopt_page_size(database); !adopted) return adopted;
    return limit_pages(database, pages_max);
}

Status limit_pages(sqlite::Database& database, std::uint64_t pages_max) {
    return database.execute(fmt::format("PRAGMA max_page_count={}", pages_max));
}

Status sync_database(sqlite::Database& database) {
    return database.execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

Status make_outbox(const SqliteOutboxOptions& options, const std::string& path,
                   const SqliteRecords::Positions& positions) {
    disk::DurableFiles files;
    for (const char* end : {"", "-wal"}) {  // Of an attempt that failed.
        if (auto removed = files.remove(path + end); !removed) return removed;
    }
    auto opened = open_database(path, options.vfs);
    if (!opened) return opened.error();
    auto database = std::move(opened).value();
    if (auto prepared = prepare_database(database, options.quota / kPageBytes); !prepared)
        return prepared;
    SqliteRecords records{database};
    const wire::Incarnation fresh{options.new_incarnation()};
    const auto start = wire::Chain{}.start(options.node, fresh);
    if (auto ready = records.prepare(options.node, fresh, start); !ready) return ready;
    sqlite::Transaction transaction{database};
    if (!transaction.begun()) return transaction.begun();
    for (const auto& [sensor, position] : positions) {
        if (auto set = records.set_position(sensor, position); !set) return set;
    }
    if (auto committed = transaction.commit(); !committed) return committed;
    return sync_database(database);
}

base::Result<std::map<std::string, std::string>> read_positions(const std::string& path) {
    auto opened = sqlite::Database::open({.path = path, .is_read_only = true});
    if (!opened) return opened.error();
    auto database = std::move(opened).value();
    std::map<std::string, std::string> positions;
    // A kill may have left a file without tables.
    const auto tables =
        database.number("SELECT count(*) FROM sqlite_master WHERE name = 'position'");
    if (!tables) return tables.error();
    if (tables.value() == 0) return positions;
    auto query = database.query("SELECT sensor, position FROM position");
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return positions;
        positions.emplace(query.text(0), query.text(1));
    }
}

}  // namespace delivery
