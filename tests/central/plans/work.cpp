#include "central/plans/work.hpp"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <chrono>
#include <utility>

#include "base/clock.hpp"
#include "sql/database.hpp"

namespace plans_test {

namespace {

Work& steps() {
    static Work steps;
    return steps;
}

/// SQLite calls it whenever a statement has ended.
int note_statement(unsigned /*event*/, void* /*context*/, void* ended, void* /*time*/) {
    auto* statement = static_cast<sqlite3_stmt*>(ended);
    const char* sql = sqlite3_sql(statement);
    const auto done = sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 1);
    if (sql != nullptr) steps()[sql] += done;
    return 0;
}

int watch(sqlite3* connection, char** /*error*/, const sqlite3_api_routines* /*routines*/) {
    return sqlite3_trace_v2(connection, SQLITE_TRACE_PROFILE, note_statement, nullptr);
}

// Only catalogues and statistics are read, which are no tables of a user.
constexpr const char* kPages =
    "SELECT relname, coalesce(heap_blks_read, 0) + coalesce(heap_blks_hit, 0)"
    " + coalesce(idx_blks_read, 0) + coalesce(idx_blks_hit, 0)"
    " + coalesce(toast_blks_read, 0) + coalesce(toast_blks_hit, 0)"
    " FROM pg_statio_user_tables WHERE schemaname = current_schema()";

constexpr const char* kOthers =
    "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
    " AND pid <> pg_backend_pid()";

}  // namespace

WorkMeter::WorkMeter(sinks::Address address) : address_(std::move(address)) {
    if (address_.is_server()) {
        before_ = read_server();
        return;
    }
    steps().clear();
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(watch));
}

WorkMeter::~WorkMeter() {
    if (!address_.is_server()) sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(watch));
}

Work WorkMeter::take() const {
    if (!address_.is_server()) return steps();
    auto work = read_server();
    for (auto& [relation, pages] : work) {
        const auto before = before_.find(relation);
        if (before != before_.end()) pages -= before->second;
    }
    return work;
}

/// A connection that has ended tells what it did a moment later, and is then gone for good.
Work WorkMeter::read_server() const {
    auto database = sinks::open_database(address_, true);
    REQUIRE(database);
    for (int tries = 0; database.value()->number(kOthers).value() > 0; ++tries) {
        REQUIRE(tries < 1'000);
        base::pause_for(std::chrono::milliseconds{20});
    }
    auto query = database.value()->query(kPages);
    Work pages;
    for (;;) {
        const auto row = query.next();
        REQUIRE_MESSAGE(row, row.error().detail);
        if (!row.value()) return pages;
        pages[query.string(0)] = static_cast<double>(query.integer(1));
    }
}

}  // namespace plans_test
