#include "central/sinks/access/made_mark.hpp"

#include <fmt/format.h>

namespace sinks {

namespace {

/// Views of other people may be among them: of ours none may be missing. Partitions come and go.
base::Result<std::int64_t> count_relations(sql::Database& database) {
    return database.number(
        "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p', 'v')"
        " AND NOT relispartition AND relnamespace = "
        "to_regnamespace(quote_ident(current_schema()))");
}

}  // namespace

base::Result<bool> is_made(sql::Database& database, const std::string& digest) {
    if (database.dialect() == sql::Dialect::sqlite) return false;
    auto query =
        database.query("SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'made ' || ?");
    const auto row = query.bind(digest).next();
    if (!row || !row.value()) return row;
    const auto then = query.integer(0);
    const auto now = count_relations(database);
    if (!now) return now.error();
    return now.value() >= then;
}

base::Status note_made(sql::Database& database, const std::string& digest) {
    if (database.dialect() == sql::Dialect::sqlite) return base::Done{};
    if (auto dropped = database.execute("DELETE FROM meta WHERE name LIKE 'made %'"); !dropped) {
        return dropped;
    }
    const auto relations = count_relations(database);
    if (!relations) return relations.error();
    auto query = database.query("INSERT INTO meta (name, value) VALUES ('made ' || ?, ?)");
    return query.bind(digest).bind(std::to_string(relations.value())).run();
}

}  // namespace sinks
