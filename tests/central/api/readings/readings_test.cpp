// Goal: single readings can be had as JSON, CSV and NDJSON, whole or page by page, with local times
// and their records, and a mistake in the question is told.
#include "central/api/readings/readings.hpp"

#include <doctest/doctest.h>

#include "central/api/api_world.hpp"
#include "central/api/readings/reading_stream.hpp"

using namespace api_test;

namespace {

constexpr const char* kPath = "/api/v1/series/attic/climate.temperature/readings";

sinks::StoredReading reading(base::EventTime at, double value, std::int64_t block = 1,
                             std::uint32_t index = 0) {
    return {.place = {.at = at, .block = block, .index = index},
            .value = value,
            .is_ahead = false,
            .origin = {.incarnation = {0xab},
                       .seq = 17,
                       .received = at + 2s,
                       .clock = wire::ClockState::holdover}};
}

struct Readings : World {
    Readings() {
        query.reading_rows = {reading(kNoon, 20.5), reading(kNoon + 1s, 20.25, 1, 1),
                              reading(kNoon + 1s, -3, 2)};
        query.reading_rows[2].is_ahead = true;
        query.extent = {.first_at = kNoon - 24h, .summarised = 60};
    }
    /// The body, put together.
    std::string body(const std::string& query_text = {}) {
        auto response = get(std::string{kPath} + query_text);
        REQUIRE_MESSAGE(response.status == 200, response.body);
        auto text = response.body;
        if (!response.stream) return text;
        CHECK(response.has_end);
        for (;;) {
            const auto piece = response.stream->next();
            if (piece.empty()) break;
            text += piece;
        }
        CHECK(response.stream->state() == http::Stream::State::over);
        return text;
    }
    std::string problem(const std::string& query_text) {
        const auto response = get(std::string{kPath} + query_text);
        CHECK(response.status == 400);
        return response.body;
    }
};

}  // namespace

TEST_CASE("the readings of the last hour come as one JSON document") {
    Readings world;
    CHECK(world.body() ==
          "{\"series\":\"attic/climate.temperature\",\"quantity\":\"temperature\","
          "\"unit\":\"Cel\",\"from\":1763636760000,\"to\":1763640360000,"
          "\"kept_from\":1763553600000,\"summarised\":60,\"readings\":[\n"
          "{\"t\":1763640000000,\"value\":20.5,\"quality\":\"good\",\"clock\":\"holdover\"}\n"
          ",{\"t\":1763640001000,\"value\":20.25,\"quality\":\"good\",\"clock\":\"holdover\"}\n"
          ",{\"t\":1763640001000,\"value\":-3,\"quality\":\"ahead\",\"clock\":\"holdover\"}\n"
          "],\"next\":null}");
    CHECK(base::parse_json(world.body()));
}

TEST_CASE("without a reading the document is whole, too") {
    Readings world;
    world.query.reading_rows.clear();
    world.query.extent = {};
    const auto parsed = base::parse_json(world.body());
    REQUIRE(parsed);
    CHECK(parsed.value().find("readings") != nullptr);
    CHECK(parsed.value().find("kept_from")->kind == base::Json::Kind::null);
}

TEST_CASE("as a table each reading is a line of RFC 4180, with local time where it is asked for") {
    Readings world;
    CHECK(world.body("?format=csv") ==
          "time,series,value,unit,quality,clock\r\n"
          "2025-11-20T12:00:00.000Z,attic/climate.temperature,20.5,Cel,good,holdover\r\n"
          "2025-11-20T12:00:01.000Z,attic/climate.temperature,20.25,Cel,good,holdover\r\n"
          "2025-11-20T12:00:01.000Z,attic/climate.temperature,-3,Cel,ahead,holdover\r\n");
    CHECK(world.body("?format=csv&tz=Europe/Berlin&origin=1&to=1763640001000") ==
          "time,local_time,series,value,unit,quality,clock,incarnation,seq,stored_at\r\n"
          "2025-11-20T12:00:00.000Z,2025-11-20T13:00:00.000+01:00,attic/climate.temperature,20.5,"
          "Cel,good,holdover,00000000000000ab,17,2025-11-20T12:00:02.000Z\r\n");
    const auto response = world.get(std::string{kPath} + "?format=csv");
    CHECK(response.content_type == "text/csv; charset=utf-8; header=present");
    CHECK(header(response, "Content-Disposition") ==
          "attachment; filename=\"attic.climate.temperature."
          "20251120T110600Z--20251120T120600Z.csv\"");
    CHECK(header(response, "Leat-Summarised") == "60");
}

TEST_CASE("a unit that would break a table is quoted") {
    Readings world;
    world.query.series_rows[0].declared.unit = "a,\"b\"";
    CHECK(world.body("?format=csv&to=1763640001000").find(",20.5,\"a,\"\"b\"\"\",good") !=
          std::string::npos);
}

TEST_CASE("each line of NDJSON stands by itself") {
    Readings world;
    CHECK(world.body("?format=ndjson&to=1763640001000&tz=-03:30") ==
          "{\"t\":1763640000000,\"local_time\":\"2025-11-20T08:30:00.000-03:30\","
          "\"series\":\"attic/climate.temperature\",\"value\":20.5,\"quality\":\"good\","
          "\"clock\":\"holdover\"}\n");
}

TEST_CASE("page by page nothing is left out or told twice, also of readings of one time") {
    Readings world;
    for (const auto* format : {"json", "ndjson", "csv"}) {
        std::string after;
        std::string all;
        for (int pages = 0;; ++pages) {
            REQUIRE(pages < 4);
            const auto response = world.get(std::string{kPath} + "?limit=1&format=" + format +
                                            (after.empty() ? "" : "&after=" + after));
            REQUIRE(response.status == 200);
            REQUIRE_FALSE(response.stream);
            all += response.body;
            after = header(response, "Leat-Next");
            if (after.empty()) break;
            if (std::string{format} == "json") {
                CHECK(response.body.ends_with("\"next\":\"" + after + "\"}"));
            }
        }
        for (const auto* value : {"20.5", "20.25", "-3"}) {
            CHECK(all.find(value) != std::string::npos);
            CHECK(all.find(value) == all.rfind(value));
        }
    }
}

TEST_CASE("a long answer is read in pages, and holds only one") {
    Readings world;
    world.query.reading_rows.clear();
    constexpr auto kReadings = 3 * api::ReadingStream::kPage;
    for (std::size_t i = 0; i < kReadings; ++i) {
        world.query.reading_rows.push_back(reading(kNoon + std::chrono::milliseconds{i / 2},
                                                   static_cast<double>(i),
                                                   static_cast<std::int64_t>(i)));
    }
    const auto text = world.body("?format=ndjson");
    CHECK(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) == kReadings);
    CHECK(world.query.readings_asked.size() == 4);
    for (const auto& asked : world.query.readings_asked) {
        CHECK(asked.readings_max == api::ReadingStream::kPage);
    }
}

TEST_CASE("an answer that breaks off in the middle is not taken for whole") {
    Readings world;
    world.query.reading_rows.clear();
    for (std::size_t i = 0; i < 2 * api::ReadingStream::kPage; ++i) {
        world.query.reading_rows.push_back(
            reading(kNoon + std::chrono::milliseconds{i}, 1, static_cast<std::int64_t>(i)));
    }
    auto response = world.get(std::string{kPath} + "?format=csv");
    REQUIRE(response.stream);
    CHECK_FALSE(response.stream->next().empty());
    world.query.failure = base::Error{base::Fault::transient, "the disk is gone"};
    CHECK(response.stream->next().empty());
    CHECK(response.stream->state() == http::Stream::State::broken);
}

TEST_CASE("a mistake in the question is told") {
    Readings world;
    CHECK(world.problem("?from=yesterday").find("\"from\"") != std::string::npos);
    CHECK(world.problem("?from=now&to=-1h").find("must be before to") != std::string::npos);
    CHECK(world.problem("?format=xml").find("json, ndjson or csv") != std::string::npos);
    CHECK(world.problem("?tz=Mars").find("no time zone") != std::string::npos);
    CHECK(world.problem("?origin=yes").find("0 or 1") != std::string::npos);
    for (const auto* limit : {"0", "-1", "10001", "ten", ""}) {
        CHECK(world.problem("?limit=" + std::string{limit}).find("from 1 to 10000") !=
              std::string::npos);
    }
    for (const auto* after : {"x", "1.2", "1.2.x", "1.2.-3", "1.2.3.4", ""}) {
        CHECK(world.problem("?after=" + std::string{after}).find("next") != std::string::npos);
    }
    CHECK(world.get("/api/v1/series/attic/climate.temperatur/readings")
              .body.find("climate.temperature") != std::string::npos);
    CHECK(world.get("/api/v1/series/attic/climate.temperatur/readings").status == 404);
    world.query.failure = base::Error{base::Fault::transient, "locked"};
    CHECK(world.get(kPath).status == 503);
}
