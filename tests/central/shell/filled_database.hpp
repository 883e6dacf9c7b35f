#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "central/database/place.hpp"
#include "central/engine/engine.hpp"
#include "central/sinks/opening.hpp"
#include "wire/record.hpp"

namespace shell_test {

using namespace std::chrono_literals;

constexpr base::EventTime kNoon = base::from_milliseconds(1'763'640'000'000);  // 20 Nov 2025, UTC.

/// A file as a central leaves it, filled by the engine from records as nodes write them.
class Database {
  public:
    explicit Database(std::string path, const engine::EngineOptions& options = {})
        : path_(std::move(path)) {
        auto opened = sinks::open_sink({.path = central_test::place(path_)});
        REQUIRE(opened);
        sink_ = std::move(opened).value();
        engine_ = std::make_unique<engine::Engine>(options, sink_->memory());
    }

    /// Each node numbers its own records.
    void add(const std::string& node, const std::string& line, base::EventTime received) {
        const engine::Arrival arrival{.node = node,
                                      .incarnation = {0xfedcba9876543210U},
                                      .mark = {.seq = ++records_[node], .hash = {}},
                                      .received = received,
                                      .line = line};
        REQUIRE_MESSAGE(engine_->apply(arrival, wire::decode_record(line)), line);
    }
    /// Numbers of records that never come.
    void skip(const std::string& node, std::uint64_t records) { records_[node] += records; }
    void declare(const std::string& node, const std::string& series, const std::string& quantity,
                 const std::string& unit) {
        add(node,
            fmt::format(R"({{"k":"series","series":"{}","quantity":"{}","unit":"{}",)"
                        R"("driver":"dht11","least":0,"most":50,"resolution":1,"period":60000,)"
                        R"("t":{},"clk":"synced","location":"/house/{}","tags":["outdoor"]}})",
                        series, quantity, unit, base::to_milliseconds(kNoon), node),
            kNoon);
    }
    void read(const std::string& node, const std::string& series, base::EventTime at,
              double value) {
        add(node,
            fmt::format(R"({{"k":"data","t":{},"clk":"synced","series":{{"{}":{{"dt":[0],)"
                        R"("v":[{}]}}}}}})",
                        base::to_milliseconds(at), series, value),
            at + 1s);
    }
    void fail(const std::string& node, const std::string& series, base::EventTime at,
              const std::string& reason) {
        add(node,
            fmt::format(R"({{"k":"failed","t":{},"clk":"synced","span":10000,"series":{{"{}":)"
                        R"({{"{}":{{"dt":[0],"n":[1]}}}}}}}})",
                        base::to_milliseconds(at), series, reason),
            at + 1s);
    }
    void commit() {
        sinks::Commit step;
        step.changes = engine_->take_changes();
        REQUIRE(sink_->commit(step));
    }
    sinks::DatabaseSink& sink() { return *sink_; }

  private:
    std::string path_;
    std::unique_ptr<sinks::DatabaseSink> sink_;
    std::unique_ptr<engine::Engine> engine_;
    std::map<std::string, std::uint64_t> records_;
};

/// The attic has an hour of readings, a minute apart. Ten of them never came, one failed. The
/// cellar does not know the time.
inline void fill(Database& database) {
    constexpr const char* kSeries = "climate.temperature";
    database.declare("attic", kSeries, "temperature", "Cel");
    for (int minute = 0; minute < 60; ++minute) {
        const auto at = kNoon + minute * 1min;
        if (minute == 40) {
            database.fail("attic", kSeries, at, "checksum");
        } else if (minute < 20 || minute >= 30) {
            database.read("attic", kSeries, at, 20 + 0.25 * (minute % 4));
        }
    }
    database.add("cellar",
                 R"({"k":"data","t":61000,"clk":"boot","boot":"0f6c1d7e","series":)"
                 R"({"door.open":{"dt":[0],"v":[1]}}})",
                 kNoon + 30min);
    database.commit();
}

}  // namespace shell_test
