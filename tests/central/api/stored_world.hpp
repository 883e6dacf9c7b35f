#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "central/api/api_world.hpp"
#include "central/database/place.hpp"
#include "central/sinks/database_query.hpp"
#include "central/sinks/opening.hpp"
#include "support/temporary_folder.hpp"

namespace api_test {

using Reading = std::pair<base::EventTime, double>;

/// The router over a real database, with the windows of one series and its raw readings.
struct StoredWorld {
    explicit StoredWorld(std::vector<Reading> all, base::Duration period)
        : readings(std::move(all)), clock{readings.back().first + 1min} {
        auto opened = sinks::open_sink({.path = central_test::place(folder.file("leat.db"))});
        REQUIRE(opened);
        const auto sink = std::move(opened).value();
        auto state = sink->load(0, 1).value().state;
        state.cursor = "1-0";
        state.lineage = "origin";
        sinks::Commit step;
        step.partitions.push_back(state);
        auto row = series_row("attic", "climate.temperature", readings.front().first,
                              readings.back().first);
        row.declared.period = period;
        step.changes.nodes["attic"] = node_row("attic", readings.back().first);
        step.changes.series[{"attic", "climate.temperature"}] = row;
        for (const auto span : engine::EngineOptions{}.spans) add_windows(step.changes, span);
        REQUIRE(sink->commit(step));
        auto reader = sinks::DatabaseQuery::open(central_test::place(folder.file("leat.db")));
        REQUIRE(reader);
        query = std::move(reader).value();
    }

    base::Json get(const std::string& target) {
        api::Router router{{.query = *query,
                            .presences = presences,
                            .health = health,
                            .counters = counters,
                            .clock = clock,
                            .events = events,
                            .assets = kAssets},
                           {}};
        const auto response = router.answer({.method = "GET",
                                             .target = target,
                                             .host = "localhost",
                                             .local_address = "127.0.0.1",
                                             .if_none_match = {},
                                             .last_event_id = {}});
        REQUIRE_MESSAGE(response.status == 200, response.body);
        return parsed(response);
    }

    std::vector<Reading> readings;
    support::TemporaryFolder folder;
    std::unique_ptr<sinks::DatabaseQuery> query;
    support::ManualClock clock;
    views::NodePresences presences;
    api::Health health;
    base::Counters counters;
    live::EventLog events{"e1"};

  private:
    void add_windows(engine::Changes& changes, base::Duration span) const {
        for (const auto& [at, value] : readings) {
            wire::Sketch sketch;
            sketch.add(value);
            auto& row = changes.windows[{span, "attic", "climate.temperature",
                                         engine::window_start(at, span)}];
            row.merge({.first_at = at,
                       .last_at = at,
                       .summary = wire::Summary::of(value),
                       .sketch = sketch},
                      span >= 15min);
        }
    }
};

}  // namespace api_test
