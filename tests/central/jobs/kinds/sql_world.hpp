#pragma once

#include <string>
#include <vector>

#include "central/api/windows.hpp"
#include "central/jobs/kinds/job_world.hpp"
#include "central/sinks/database_query.hpp"
#include "lib/odbc/worlds.hpp"

namespace jobs_test {

using jobs::Order;
using odbc_test::valued;

/// The job export-sql over a database that the engine fills, and another one that gets its rows.
template <class Server>
struct SqlWorld : JobWorld {
    /// The keys of the job.
    std::string keys(const std::string& more = "create = true\n") const {
        return "connection = '" + other.options.connection + "'\nuser = '" + other.options.user +
               "'\n" + more;
    }
    jobs::Work bring(const std::string& more = "create = true\n", const Order& order = {}) {
        return work("export-sql", keys(more), order);
    }
    std::int64_t number(const std::string& sql) { return other.number(sql); }
    std::string text(const std::string& sql) {
        const auto cell = valued(other.connection.cell({sql, {}}, {odbc::Type::text, 2'000}));
        const auto* const found = std::get_if<std::string>(&cell);
        return found != nullptr ? *found : "NULL";
    }
    std::string quoted(const std::string& name) const {
        return other.connection.dialect().quoted(name);
    }

    /// The windows as the API has them must be the rows that are there, cell by cell.
    void check_windows(const std::string& node) {
        auto query = sinks::DatabaseQuery::open(path);
        REQUIRE(query);
        const views::NodePresences nobody;
        const auto answer = api::find_windows(
            {.query = *query.value(),
             .presences = nobody,
             .now = now,
             .watermark_bound = engine::kWatermarkBound},
            {.path = {},
             .query = {{"series", node + "/" + kSeries},
                       {"from", std::to_string(base::to_milliseconds(kMidnight - 240h))},
                       {"to", std::to_string(base::to_milliseconds(now))},
                       {"span", "1h"}}});
        const auto* const found = std::get_if<api::FoundWindows>(&answer);
        REQUIRE(found != nullptr);
        auto rows = valued(other.connection.prepare(
            "SELECT start, " + quoted("count") + ", mean, " + quoted("min") + ", " + quoted("max") +
            ", " + quoted("first") + ", " + quoted("last") +
            ", failed, expected, state, quality, revision FROM leat_windows WHERE series = ? "
            "ORDER BY start"));
        odbc_test::require(rows.run({node + "/" + kSeries}));
        const odbc::Column whole{odbc::Type::integer};
        const odbc::Column real{odbc::Type::number};
        odbc::Block block{{{odbc::Type::time},
                           whole,
                           real,
                           real,
                           real,
                           real,
                           real,
                           whole,
                           whole,
                           {odbc::Type::text, 64},
                           real,
                           whole},
                          1'000};
        std::size_t at = 0;
        valued(rows.fetch(block));
        for (const auto& window : found->windows) {
            const auto& summary = window.row.summary;
            if (summary.count == 0 || window.start + 1h > now) continue;
            CAPTURE(base::to_milliseconds(window.start));
            REQUIRE(at < block.rows());
            CHECK(block.time(at, 0) == odbc::Time{window.start});
            CHECK(block.integer(at, 1) == static_cast<std::int64_t>(summary.count));
            CHECK(block.number(at, 2) == *views::mean_of(window));
            CHECK(block.number(at, 3) == summary.min);
            CHECK(block.number(at, 4) == summary.max);
            CHECK(block.number(at, 5) == summary.first);
            CHECK(block.number(at, 6) == summary.last);
            CHECK(block.integer(at, 7) == static_cast<std::int64_t>(window.row.failed));
            CHECK(block.is_null(at, 8) == !window.expected.has_value());
            if (window.expected) {
                CHECK(block.integer(at, 8) == static_cast<std::int64_t>(*window.expected));
            }
            CHECK(block.text(at, 9) == views::word(window.state));
            CHECK(block.is_null(at, 10) == !window.quality.has_value());
            if (window.quality) CHECK(block.number(at, 10) == *window.quality);
            CHECK(block.integer(at, 11) == static_cast<std::int64_t>(window.row.revision));
            ++at;
        }
        CHECK(at == block.rows());
        CHECK(at > 0);
    }

    Server other;
};

}  // namespace jobs_test

#define BOTH SqlWorld<odbc_test::MariaDbWorld>, SqlWorld<odbc_test::PostgreSqlWorld>
