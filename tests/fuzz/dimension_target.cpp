#include <map>
#include <string>
#include <utility>

#include "base/ensure.hpp"
#include "central/dimensions/csv/table.hpp"
#include "central/dimensions/history.hpp"
#include "fuzz/targets.hpp"
#include "wire/identity.hpp"

namespace fuzz {

/// What an operator wrote: what is read keeps the rules of names and does not overlap.
void dimension_table(std::string_view input) {
    const auto table = dimensions::csv::read_table(input);
    if (!table) {
        ENSURE(!table.error().detail.empty());
        return;
    }
    const auto& [statements, meanings] = table.value();
    ENSURE(statements.empty() != meanings.empty());
    std::map<std::string, std::vector<dimensions::Statement>> of_series;
    for (const auto& statement : statements) {
        ENSURE(wire::is_node_name(statement.node));
        ENSURE(statement.series.empty() || wire::is_series_name(statement.series));
        ENSURE(statement.location || statement.tags);
        ENSURE(!statement.location || statement.location->empty() ||
               wire::is_location(*statement.location));
        ENSURE(!statement.tags || wire::are_tags(*statement.tags));
        ENSURE(!statement.to || statement.from < *statement.to);
        of_series[statement.node + "/" + statement.series].push_back(statement);
    }
    for (const auto& [name, all] : of_series) {
        const auto stays = dimensions::history_of(all).stays;
        for (std::size_t i = 1; i < stays.size(); ++i) {
            ENSURE(stays[i - 1].to && *stays[i - 1].to <= stays[i].from);
        }
    }
    for (const auto& meaning : meanings) {
        ENSURE(wire::is_tag(meaning.tag));
        ENSURE(!meaning.to || meaning.from < *meaning.to);
    }
}

}  // namespace fuzz
