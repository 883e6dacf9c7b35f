#include "central/sinks/tables/readings/reading_schema.hpp"

#include <fmt/format.h>

namespace sinks {

namespace {

constexpr const char* kIncarnations = R"(
CREATE TABLE IF NOT EXISTS incarnation (
    id INTEGER PRIMARY KEY,
    node_id INTEGER NOT NULL REFERENCES dim_node,
    incarnation TEXT NOT NULL,
    UNIQUE (node_id, incarnation)
);
)";

// A block is what one record says of one series in one hour (engine::ReadingBlock): a row a reading
// would be three times as large. `lasts` and `stored_after` count milliseconds from first_at on;
// EncodedReadings says what `step` and `readings` are. Where a node had summarised its readings
// there are none, but how many they were.
constexpr const char* kBlocks = R"(
CREATE TABLE IF NOT EXISTS reading_block (
    id INTEGER {},
    series_id INTEGER NOT NULL REFERENCES dim_series,
    first_at INTEGER NOT NULL,
    lasts INTEGER NOT NULL,
    incarnation_id INTEGER NOT NULL REFERENCES incarnation,
    seq INTEGER NOT NULL,
    stored_after INTEGER NOT NULL,
    flags INTEGER NOT NULL,
    count INTEGER NOT NULL,
    step INTEGER,
    readings TEXT{}
){};
)";

// A key of what is kept in parts holds what these are told apart by.
constexpr const char* kSequence = "CREATE SEQUENCE IF NOT EXISTS reading_block_id;\n";
constexpr const char* kCounted = "NOT NULL DEFAULT nextval('reading_block_id')";
constexpr const char* kKey = ",\n    PRIMARY KEY (id, first_at)";

// Whoever waits for a lock keeps waiting all those who come after it.
constexpr const char* kDropMonth = R"(
CREATE OR REPLACE FUNCTION drop_readings(part text, first bigint, last bigint)
RETURNS boolean LANGUAGE plpgsql SET lock_timeout = '200ms' AS $$
BEGIN
    EXECUTE 'DROP TABLE ' || part;
    RETURN true;
EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
    RETURN false;
END $$;
)";

// The extension's functions are where whoever installed it wanted them.
constexpr const char* kChunks = R"(
CREATE OR REPLACE FUNCTION reading_block_now() RETURNS bigint LANGUAGE sql STABLE
AS 'SELECT CAST(extract(epoch FROM now()) * 1000 AS bigint)';
DO $$
DECLARE
    home text := (SELECT extnamespace::regnamespace FROM pg_extension
                  WHERE extname = 'timescaledb');
BEGIN
    EXECUTE 'SELECT ' || home || '.create_hypertable(''reading_block'', ''first_at'','
        ' chunk_time_interval => 2592000000, create_default_indexes => false,'
        ' if_not_exists => true)';
    EXECUTE 'SELECT ' || home || '.set_integer_now_func(''reading_block'', ''reading_block_now'','
        ' replace_if_exists => true)';
END $$;
CREATE OR REPLACE FUNCTION make_chunk(at bigint, width bigint, series bigint, incarnation bigint)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    home text := (SELECT extnamespace::regnamespace FROM pg_extension
                  WHERE extname = 'timescaledb');
    usual bigint := (SELECT integer_interval FROM timescaledb_information.dimensions
                     WHERE hypertable_schema = current_schema()
                     AND hypertable_name = 'reading_block');
BEGIN
    -- Only for a row every edition makes one.
    EXECUTE 'SELECT ' || home || '.set_chunk_time_interval(''reading_block'', $1)' USING width;
    INSERT INTO reading_block (series_id, first_at, lasts, incarnation_id, seq, stored_after,
        flags, count) VALUES (series, at, 0, incarnation, 0, 0, 0, 0);
    DELETE FROM reading_block WHERE first_at = at AND series_id = series
        AND incarnation_id = incarnation AND seq = 0;
    EXECUTE 'SELECT ' || home || '.set_chunk_time_interval(''reading_block'', $1)' USING usual;
END $$;
CREATE OR REPLACE FUNCTION drop_readings(part text, first bigint, last bigint)
RETURNS boolean LANGUAGE plpgsql SET lock_timeout = '200ms' AS $$
DECLARE
    home text := (SELECT extnamespace::regnamespace FROM pg_extension
                  WHERE extname = 'timescaledb');
BEGIN
    EXECUTE 'SELECT ' || home || '.drop_chunks(''reading_block'', older_than => $1,'
        ' newer_than => $2)' USING last, first;
    RETURN true;
EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
    RETURN false;
END $$;
)";

constexpr const char* kIndicesAndViews = R"(
CREATE INDEX IF NOT EXISTS reading_block_by_time ON reading_block (series_id, first_at);
CREATE INDEX IF NOT EXISTS reading_block_summarised ON reading_block (series_id, first_at)
    WHERE readings IS NULL;
DROP VIEW IF EXISTS v_readings;
DROP VIEW IF EXISTS fact_reading;
CREATE VIEW fact_reading AS
SELECT block.series_id AS series_id, block.first_at AS block_at,
       block.first_at + CAST(reading.key AS INTEGER) * coalesce(block.step, 1) AS at,
       CAST(reading.atom AS REAL) AS value,
       CASE WHEN block.flags >= 4 THEN 'ahead' ELSE 'good' END AS quality,
       CASE block.flags % 4 WHEN 0 THEN 'synced' WHEN 1 THEN 'holdover' ELSE 'boot' END AS clock,
       incarnation.node_id AS node_id, incarnation.incarnation AS incarnation, block.seq AS seq,
       block.first_at + block.stored_after AS stored_at
FROM reading_block AS block
JOIN incarnation ON incarnation.id = block.incarnation_id
CROSS JOIN json_each(block.readings) AS reading;
CREATE VIEW v_readings AS
SELECT node.name AS node, series.name AS series,
       strftime('%Y-%m-%dT%H:%M:%fZ', fact.at / 1000.0, 'unixepoch') AS time,
       fact.value AS value, series.unit AS unit, fact.quality AS quality, fact.clock AS clock
FROM fact_reading AS fact
JOIN dim_series AS series ON series.id = fact.series_id
JOIN dim_node AS node ON node.id = series.node_id;
)";

std::string block_table(Division division) {
    switch (division) {
        case Division::months:
            return kSequence +
                   fmt::format(fmt::runtime(kBlocks), kCounted, kKey,
                               " PARTITION BY RANGE (first_at)") +
                   kDropMonth;
        case Division::chunks:
            return kSequence + fmt::format(fmt::runtime(kBlocks), kCounted, kKey, "") + kChunks;
        case Division::none:
            break;
    }
    return fmt::format(fmt::runtime(kBlocks), "PRIMARY KEY", "", "");
}

}  // namespace

std::string reading_tables(Division division) {
    return kIncarnations + block_table(division) + kIndicesAndViews;
}

}  // namespace sinks
