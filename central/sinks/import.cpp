#include "central/sinks/import.hpp"

#include <set>

#include "central/sinks/tables/dimensions.hpp"
#include "central/sinks/tables/schema.hpp"
#include "central/sinks/tables/statements.hpp"
#include "sql/transaction.hpp"

namespace sinks {

namespace {

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

/// What was imported of these nodes and tags.
base::Result<Import> imported_before(Statements& statements, const std::set<std::string>& nodes,
                                     const std::set<std::string>& tags) {
    Import before;
    for (const auto& node : nodes) {
        auto imported = statements.imported(node);
        if (!imported) return imported.error();
        for (auto& statement : std::move(imported).value()) {
            before.statements.push_back(std::move(statement));
        }
    }
    for (const auto& tag : tags) {
        auto meanings = statements.meanings(tag);
        if (!meanings) return meanings.error();
        for (auto& meaning : std::move(meanings).value()) {
            before.meanings.push_back(std::move(meaning));
        }
    }
    return before;
}

}  // namespace

base::Result<Imported> import_dimensions(const Address& address, const Import& import) {
    auto opened = open_current(address);
    if (!opened) return opened.error();
    auto& database = *opened.value();
    sql::Transaction transaction{database};
    if (!transaction.begun()) return transaction.begun().error();
    std::set<std::string> nodes;
    for (const auto& statement : import.statements) nodes.insert(statement.node);
    std::set<std::string> tags;
    for (const auto& meaning : import.meanings) tags.insert(meaning.tag);
    Imported imported{.nodes = nodes.size(), .tags = tags.size(), .unseen = {}};
    Statements statements{database};
    const auto before = imported_before(statements, nodes, tags);
    if (!before) return before.error();
    add_difference(imported.difference, before.value().statements, import.statements);
    add_difference(imported.difference, before.value().meanings, import.meanings);
    Dimensions dimensions{database};
    auto unseen = unseen_in(dimensions, import);
    if (!unseen) return unseen.error();
    imported.unseen = std::move(unseen).value();
    if (import.is_dry || imported.difference.empty()) return imported;
    if (auto done = statements.replace_imported(import.statements); !done) return done.error();
    if (auto done = statements.replace_meanings(import.meanings); !done) return done.error();
    if (auto done = transaction.commit(); !done) return done.error();
    return imported;
}

}  // namespace sinks
