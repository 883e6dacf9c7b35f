#include "central/sinks/access/schema_mark.hpp"

#include "central/sinks/access/marks.hpp"

namespace sinks {

namespace {

bool is_sqlite(const sql::Database& database) {
    return database.dialect() == sql::Dialect::sqlite;
}

}  // namespace

base::Error refusal(const sql::Database& database, const std::string& reason) {
    return {base::Fault::misconfigured, database.path() + ": " + reason};
}

base::Error explained(const base::Error& error) {
    if (error.fault != base::Fault::malformed) return error;
    return {base::Fault::misconfigured,
            error.detail +
                ": the database is damaged. Put it aside, or restore a copy; central "
                "gets what is missing from Redis and the nodes"};
}

base::Result<std::int64_t> schema_version(sql::Database& database) {
    return is_sqlite(database) ? sqlite_version(database) : postgres_version(database);
}

base::Result<std::int64_t> begin_writing(sql::Database& database) {
    return is_sqlite(database) ? begin_sqlite(database) : begin_postgres(database);
}

base::Status mark_schema(sql::Database& database) {
    return is_sqlite(database) ? mark_sqlite(database) : mark_postgres(database);
}

}  // namespace sinks
