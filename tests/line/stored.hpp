#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <utility>

#include "sqlite/database.hpp"

namespace line {

/// What a central has in its database, beside it.
class Stored {
  public:
    explicit Stored(std::string path) : path_(std::move(path)) {}

    std::int64_t number(const std::string& sql) const {
        auto database = sqlite::Database::open({.path = path_, .is_read_only = true}).value();
        const auto found = database.number(sql);
        REQUIRE_MESSAGE(found, found.error().detail);
        return found.value();
    }
    std::int64_t readings(const std::string& node) const {
        return number(
            "SELECT coalesce(sum(readings), 0) FROM dim_series JOIN dim_node ON "
            "dim_node.id = node_id WHERE dim_node.name = '" +
            node + "'");
    }
    /// The rows of a table that one node has and the other has not, but for whose they are.
    std::int64_t difference(const std::string& table, const std::string& columns,
                            const std::string& one, const std::string& other) const {
        const auto of = [&](const std::string& node) {
            return fmt::format(
                "SELECT (SELECT name FROM dim_series WHERE id = series_id), {} FROM {} AND "
                "series_id IN (SELECT dim_series.id FROM dim_series JOIN dim_node ON dim_node.id = "
                "node_id WHERE dim_node.name = '{}')",
                columns, table, node);
        };
        return number(
            fmt::format("SELECT (SELECT count(*) FROM ({0} EXCEPT {1})) + (SELECT "
                        "count(*) FROM ({1} EXCEPT {0}))",
                        of(one), of(other)));
    }

  private:
    std::string path_;
};

}  // namespace line
