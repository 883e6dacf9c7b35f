#include "central/sinks/sqlite_import.hpp"

#include <set>

#include "central/sinks/tables/dimensions.hpp"
#include "central/sinks/tables/schema.hpp"
#include "central/sinks/tables/statements.hpp"
#include "sqlite/transaction.hpp"

namespace sinks {

namespace {

base::Status check_version(sqlite::Database& database) {
    if (auto checked = check_schema(database); !checked) return checked;
    const auto version = database.number("PRAGMA user_version");
    if (!version) return version.error();
    if (version.value() == kSchemaVersion) return base::Done{};
    return base::Error{base::Fault::misconfigured,
                       database.path() +
                           ": the database is of an older leat. Start this leat-central once, then "
                           "import"};
}

base::Result<std::vector<std::string>> unseen_in(Dimensions& dimensions, const Import& import) {
    std::set<std::string> unseen;
    for (const auto& statement : import.statements) {
        const auto node = dimensions.node(statement.node);
        if (!node) return node.error();
        if (!node.value()) {
            unseen.insert(statement.node);
        } else if (!statement.series.empty()) {
            const auto series = dimensions.series_id(statement.node, statement.series);
            if (!series) return series.error();
            if (!series.value()) unseen.insert(statement.node + "/" + statement.series);
        }
    }
    return std::vector<std::string>{unseen.begin(), unseen.end()};
}

}  // namespace

base::Result<Imported> import_dimensions(const std::string& path, const Import& import) {
    auto opened = open_database(path, false);
    if (!opened) return opened.error();
    auto database = std::move(opened).value();
    if (auto checked = check_version(database); !checked) return checked.error();
    sqlite::Transaction transaction{database};
    if (!transaction.begun()) return transaction.begun().error();
    Statements statements{database};
    if (auto done = statements.replace_imported(import.statements); !done) return done.error();
    if (auto done = statements.replace_meanings(import.meanings); !done) return done.error();
    Dimensions dimensions{database};
    auto unseen = unseen_in(dimensions, import);
    if (!unseen) return unseen.error();
    if (auto done = transaction.commit(); !done) return done.error();
    std::set<std::string> nodes;
    for (const auto& statement : import.statements) nodes.insert(statement.node);
    std::set<std::string> tags;
    for (const auto& meaning : import.meanings) tags.insert(meaning.tag);
    return Imported{
        .nodes = nodes.size(), .tags = tags.size(), .unseen = std::move(unseen).value()};
}

}  // namespace sinks
