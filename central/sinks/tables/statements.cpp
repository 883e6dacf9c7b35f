#include "central/sinks/tables/statements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "central/sinks/tables/values.hpp"

namespace sinks {

namespace {

using dimensions::Statement;

/// No tag has a space in it.
std::string joined(const std::vector<std::string>& tags) {
    return fmt::format("{}", fmt::join(tags, " "));
}

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> tags;
    while (!text.empty()) {
        const auto space = std::min(text.find(' '), text.size());
        tags.emplace_back(text.substr(0, space));
        text.remove_prefix(std::min(space + 1, text.size()));
    }
    return tags;
}

Statement read_statement(const sql::Query& row, const std::string& node) {
    Statement statement{.node = node,
                        .series = row.string(0),
                        .is_imported = row.count(1) != 0,
                        .from = row.time(2),
                        .to = row.optional_time(3)};
    if (!row.is_null(4)) statement.location = row.string(4);
    if (!row.is_null(5)) statement.tags = split(row.text(5));
    return statement;
}

constexpr const char* kWrite =
    "INSERT INTO statement (node, series, is_imported, valid_from, valid_to, location, tags)"
    " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (node, series, is_imported, valid_from)"
    " DO UPDATE SET valid_to = excluded.valid_to, location = excluded.location,"
    " tags = excluded.tags";

// What only repeats the statement before it, apart from the newest.
constexpr const char* kDropRepeated =
    "DELETE FROM statement AS old WHERE node = ?1 AND series = ?2 AND is_imported = 0"
    " AND valid_from < (SELECT valid_from FROM statement WHERE node = ?1 AND series = ?2"
    " AND is_imported = 0 ORDER BY valid_from DESC LIMIT 1 OFFSET ?3)"
    " AND (old.location, old.tags) = (SELECT location, tags FROM statement AS before"
    " WHERE before.node = ?1 AND before.series = ?2 AND before.is_imported = 0"
    " AND before.valid_from < old.valid_from ORDER BY before.valid_from DESC LIMIT 1)";

constexpr const char* kDropOldest =
    "DELETE FROM statement WHERE node = ?1 AND series = ?2 AND is_imported = 0 AND valid_from <="
    " (SELECT valid_from FROM statement WHERE node = ?1 AND series = ?2 AND is_imported = 0"
    " ORDER BY valid_from DESC LIMIT 1 OFFSET ?3)";

}  // namespace

base::Result<std::uint64_t> Statements::add(const Statement& statement, std::int64_t series) {
    bool is_known = false;
    const auto repeats = this->repeats(statement, is_known);
    if (!repeats) return repeats.error();
    if (is_known) return std::uint64_t{0};
    if (auto written = write(statement); !written) return written.error();
    const auto dropped = trim(statement);
    if (!dropped || (repeats.value() && dropped.value() == 0)) return dropped;
    auto settled = settle(statement.node, statement.series, series);
    if (!settled) return settled.error();
    return dropped;
}

/// Whether it says the same as the one before it, or has been written already.
base::Result<bool> Statements::repeats(const Statement& statement, bool& is_known) {
    auto query = database_.query(
        "SELECT series, is_imported, valid_from, valid_to, location, tags FROM statement"
        " WHERE node = ? AND series = ? AND is_imported = 0 AND valid_from <= ?"
        " ORDER BY valid_from DESC LIMIT 1");
    query.bind(statement.node).bind(statement.series).bind(statement.from);
    const auto row = query.next();
    if (!row) return row.error();
    if (!row.value()) return false;
    const auto before = read_statement(query, statement.node);
    is_known = before == statement;
    return before.location == statement.location && before.tags == statement.tags;
}

base::Status Statements::write(const Statement& statement) {
    const auto tags = joined(statement.tags.value_or(std::vector<std::string>{}));
    auto query = database_.query(kWrite);
    query.bind(statement.node).bind(statement.series);
    query.bind(std::int64_t{statement.is_imported ? 1 : 0});
    query.bind(statement.from).bind(statement.to).bind(statement.location);
    return (statement.tags ? query.bind(tags) : query.bind_null()).run();
}

base::Result<std::uint64_t> Statements::trim(const Statement& statement) {
    auto repeated = database_.query(kDropRepeated);
    repeated.bind(statement.node).bind(statement.series).bind(kRepeatedMax - 1);
    if (auto dropped = repeated.run(); !dropped) return dropped.error();
    auto oldest = database_.query(kDropOldest);
    oldest.bind(statement.node).bind(statement.series).bind(kStatementsMax);
    return oldest.run_and_count();
}

base::Result<std::vector<Statement>> Statements::statements_of(const std::string& node,
                                                               const std::string& series) {
    std::vector<Statement> statements;
    auto query = database_.query(
        "SELECT series, is_imported, valid_from, valid_to, location, tags FROM statement"
        " WHERE node = ? AND series IN (?, '')");
    query.bind(node).bind(series);
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return statements;
        statements.push_back(read_statement(query, node));
    }
}

base::Status Statements::settle(const std::string& node, const std::string& name,
                                std::int64_t series) {
    const auto statements = statements_of(node, name);
    if (!statements) return statements.error();
    const auto history = dimensions::history_of(statements.value());
    if (auto settled = settle_stays(series, history.stays); !settled) return settled;
    return settle_tags(series, history.taggings);
}

/// Touches only what is not there already: of a node that often moves the history is long.
base::Status Statements::settle_stays(std::int64_t series,
                                      const std::vector<dimensions::Stay>& stays) {
    auto read = stays_of(series);
    if (!read) return read.error();
    auto outdated = std::move(read).value();
    std::vector<dimensions::Stay> missing;
    for (const auto& stay : stays) {
        const auto found = outdated.find(stay.from);
        if (found == outdated.end() || found->second.stay != stay) {
            missing.push_back(stay);
        } else {
            outdated.erase(found);
        }
    }
    std::set<std::int64_t> left;
    for (const auto& [from, kept] : outdated) {
        auto query =
            database_.query("DELETE FROM series_location WHERE series_id = ? AND valid_from = ?");
        if (auto gone = query.bind(series).bind(from).run(); !gone) return gone;
        left.insert(kept.location);
    }
    for (const auto& stay : missing) {
        const auto location = write(stay, series);
        if (!location) return location.error();
        left.erase(location.value());
    }
    for (const auto location : left) {
        if (auto dropped = drop_if_empty(location); !dropped) return dropped;
    }
    return base::Done{};
}

base::Result<std::map<base::EventTime, Statements::KeptStay>> Statements::stays_of(
    std::int64_t series) {
    auto query = database_.query(
        "SELECT valid_from, valid_to, path, location_id FROM series_location"
        " JOIN dim_location ON dim_location.id = location_id WHERE series_id = ?");
    query.bind(series);
    std::map<base::EventTime, KeptStay> stays;
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return stays;
        const auto from = query.time(0);
        stays[from] = {
            .stay = {.from = from, .to = query.optional_time(1), .location = query.string(2)},
            .location = query.integer(3)};
    }
}

base::Status Statements::settle_tags(std::int64_t series,
                                     const std::vector<dimensions::Tagging>& taggings) {
    using Key = std::pair<std::string, base::EventTime>;
    std::map<Key, std::optional<base::EventTime>> outdated;
    {
        auto query =
            database_.query("SELECT tag, valid_from, valid_to FROM series_tag WHERE series_id = ?");
        query.bind(series);
        for (;;) {
            const auto row = query.next();
            if (!row) return row.error();
            if (!row.value()) break;
            outdated[{query.string(0), query.time(1)}] = query.optional_time(2);
        }
    }
    std::vector<dimensions::Tagging> missing;
    for (const auto& tagging : taggings) {
        const auto found = outdated.find({tagging.tag, tagging.from});
        if (found == outdated.end() || found->second != tagging.to) {
            missing.push_back(tagging);
        } else {
            outdated.erase(found);
        }
    }
    for (const auto& [key, to] : outdated) {
        auto query = database_.query(
            "DELETE FROM series_tag WHERE series_id = ? AND tag = ? AND valid_from = ?");
        if (auto gone = query.bind(series).bind(key.first).bind(key.second).run(); !gone) {
            return gone;
        }
    }
    for (const auto& tagging : missing) {
        auto query = database_.query(
            "INSERT INTO series_tag (series_id, tag, valid_from, valid_to) VALUES (?, ?, ?, ?)");
        query.bind(series).bind(tagging.tag).bind(tagging.from).bind(tagging.to);
        if (auto written = query.run(); !written) return written;
    }
    return base::Done{};
}

base::Result<std::int64_t> Statements::write(const dimensions::Stay& stay, std::int64_t series) {
    const auto location = location_id(stay.location);
    if (!location) return location;
    auto query = database_.query(
        "INSERT INTO series_location (series_id, valid_from, valid_to, location_id)"
        " VALUES (?, ?, ?, ?)");
    query.bind(series).bind(stay.from).bind(stay.to).bind(location.value());
    if (auto written = query.run(); !written) return written.error();
    return location;
}

/// Makes the location, and those that it lies in, when they are new.
base::Result<std::int64_t> Statements::location_id(const std::string& path) {
    {
        auto query = database_.query("SELECT id FROM dim_location WHERE path = ?");
        const auto row = query.bind(path).next();
        if (!row) return row.error();
        if (row.value()) return query.integer(0);
    }
    std::optional<std::int64_t> parent;
    if (const auto slash = path.rfind('/'); slash > 0) {
        const auto made = location_id(path.substr(0, slash));
        if (!made) return made;
        parent = made.value();
    }
    auto query =
        database_.query("INSERT INTO dim_location (path, parent_id) VALUES (?, ?) RETURNING id");
    return returned_id(query.bind(path).bind(parent));
}

/// And those that it lies in.
base::Status Statements::drop_if_empty(std::int64_t location) {
    for (;;) {
        auto query = database_.query(
            "DELETE FROM dim_location WHERE id = ?1"
            " AND NOT EXISTS (SELECT 1 FROM series_location WHERE location_id = ?1)"
            " AND NOT EXISTS (SELECT 1 FROM dim_location AS within WHERE within.parent_id = ?1)"
            " RETURNING parent_id");
        const auto row = query.bind(location).next();
        if (!row) return row.error();
        if (!row.value() || query.is_null(0)) return query.run();
        location = query.integer(0);
        if (auto ended = query.run(); !ended) return ended;
    }
}

base::Result<std::vector<Statement>> Statements::imported(const std::string& node) {
    std::vector<Statement> statements;
    auto query = database_.query(
        "SELECT series, is_imported, valid_from, valid_to, location, tags FROM statement"
        " WHERE node = ? AND is_imported = 1 ORDER BY series, valid_from");
    query.bind(node);
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return statements;
        statements.push_back(read_statement(query, node));
    }
}

base::Result<std::vector<dimensions::TagMeaning>> Statements::meanings(const std::string& tag) {
    std::vector<dimensions::TagMeaning> meanings;
    auto query = database_.query(
        "SELECT path, description, integrity, valid_from, valid_to FROM dim_tag WHERE tag = ?"
        " ORDER BY valid_from");
    query.bind(tag);
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return meanings;
        meanings.push_back({.tag = tag,
                            .path = query.string(0),
                            .description = query.string(1),
                            .integrity = query.string(2),
                            .from = query.time(3),
                            .to = query.optional_time(4)});
    }
}

base::Status Statements::replace_imported(const std::vector<Statement>& statements) {
    std::set<std::string> nodes;
    for (const auto& statement : statements) nodes.insert(statement.node);
    for (const auto& node : nodes) {
        auto query = database_.query("DELETE FROM statement WHERE node = ? AND is_imported = 1");
        if (auto removed = query.bind(node).run(); !removed) return removed;
    }
    for (const auto& statement : statements) {
        if (auto written = write(statement); !written) return written;
    }
    for (const auto& node : nodes) {
        if (auto settled = settle_node(node); !settled) return settled;
    }
    return base::Done{};
}

base::Status Statements::settle_node(const std::string& node) {
    std::map<std::int64_t, std::string> all;
    {
        auto query = database_.query(
            "SELECT id, name FROM dim_series"
            " WHERE node_id = (SELECT id FROM dim_node WHERE name = ?)");
        query.bind(node);
        for (;;) {
            const auto row = query.next();
            if (!row) return row.error();
            if (!row.value()) break;
            all.emplace(query.integer(0), query.string(1));
        }
    }
    for (const auto& [series, name] : all) {
        if (auto settled = settle(node, name, series); !settled) return settled;
    }
    return base::Done{};
}

base::Status Statements::replace_meanings(const std::vector<dimensions::TagMeaning>& meanings) {
    for (const auto& meaning : meanings) {
        auto query = database_.query("DELETE FROM dim_tag WHERE tag = ?");
        if (auto removed = query.bind(meaning.tag).run(); !removed) return removed;
    }
    for (const auto& meaning : meanings) {
        auto query = database_.query(
            "INSERT INTO dim_tag (tag, path, description, integrity, valid_from, valid_to)"
            " VALUES (?, ?, ?, ?, ?, ?)");
        query.bind(meaning.tag).bind(meaning.path).bind(meaning.description);
        query.bind(meaning.integrity).bind(meaning.from).bind(meaning.to);
        if (auto written = query.run(); !written) return written;
    }
    return base::Done{};
}

}  // namespace sinks
