#include "central/sinks/access/writer.hpp"

#include <fmt/format.h>

#include <string>

#include "base/random.hpp"

namespace sinks {

namespace {

/// Of this process, for as long as it lives.
const std::string& own_name() {
    static const std::string name = fmt::format("{:016x}{:016x}", base::entropy(), base::entropy());
    return name;
}

}  // namespace

base::Status sign_in(sql::Database& database) {
    if (database.dialect() == sql::Dialect::sqlite) return base::Done{};
    auto query = database.query(
        "INSERT INTO meta (name, value) VALUES ('writer', ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value");
    return query.bind(own_name()).run();
}

base::Status check_writer(sql::Database& database) {
    if (database.dialect() == sql::Dialect::sqlite) return base::Done{};
    // Whoever signs in waits until this transaction has ended.
    auto query = database.query("SELECT value FROM meta WHERE name = 'writer' FOR SHARE");
    const auto row = query.next();
    if (!row) return row.error();
    if (!row.value() || query.text(0) == own_name()) return base::Done{};
    return base::Error{base::Fault::transient,
                       database.path() + ": another central uses this database"};
}

}  // namespace sinks
