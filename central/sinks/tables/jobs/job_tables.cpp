#include "central/sinks/tables/jobs/job_tables.hpp"

#include <limits>

namespace sinks {

const char* const kJobTables = R"(
CREATE TABLE IF NOT EXISTS etl_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    job TEXT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    started INTEGER NOT NULL,
    ended INTEGER,
    is_scheduled INTEGER NOT NULL,
    is_whole INTEGER NOT NULL,
    records INTEGER NOT NULL,
    read TEXT NOT NULL,
    wrote TEXT NOT NULL,
    error TEXT NOT NULL,
    remedy TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS etl_log_by_job ON etl_log (job, id);
DROP VIEW IF EXISTS v_jobs;
CREATE VIEW v_jobs AS
SELECT job, kind, status, strftime('%Y-%m-%dT%H:%M:%SZ', started / 1000, 'unixepoch') AS started,
       (ended - started) / 1000.0 AS seconds, records, read, wrote, error, remedy
FROM etl_log ORDER BY id DESC;
)";

namespace {

jobs::Run read_run(const sql::Query& row) {
    return {.id = row.integer(0),
            .job = row.string(1),
            .kind = row.string(2),
            .status = jobs::parse_run_status(row.text(3)).value_or(jobs::RunStatus::failed),
            .started = row.time(4),
            .ended = row.optional_time(5),
            .is_whole = row.integer(7) != 0,
            .is_scheduled = row.integer(6) != 0,
            .records = row.count(8),
            .read = row.string(9),
            .wrote = row.string(10),
            .error = row.string(11),
            .remedy = row.string(12)};
}

}  // namespace

base::Result<std::int64_t> insert_run(sql::Database& database, const jobs::Run& run) {
    auto query = database.query(
        "INSERT INTO etl_log (job, kind, status, started, is_scheduled, is_whole, records, read,"
        " wrote, error, remedy) VALUES (?, ?, ?, ?, ?, ?, 0, '', '', '', '') RETURNING id");
    query.bind(run.job).bind(run.kind).bind(jobs::to_text(run.status)).bind(run.started);
    query.bind(std::int64_t{run.is_scheduled});
    const auto row = query.bind(std::int64_t{run.is_whole}).next();
    if (!row) return row.error();
    const auto id = query.integer(0);
    if (auto ended = query.run(); !ended) return ended.error();
    return id;
}

base::Status update_run(sql::Database& database, const jobs::Run& run) {
    auto query = database.query(
        "UPDATE etl_log SET status = ?, ended = ?, records = ?, read = ?, wrote = ?, error = ?,"
        " remedy = ? WHERE id = ?");
    query.bind(jobs::to_text(run.status)).bind(run.ended).bind(run.records).bind(run.read);
    return query.bind(run.wrote).bind(run.error).bind(run.remedy).bind(run.id).run();
}

base::Result<std::uint64_t> close_runs(sql::Database& database, const std::string& job,
                                       base::EventTime now) {
    auto query = database.query(
        "UPDATE etl_log SET status = 'interrupted', ended = max(?, started),"
        " error = 'its process died',"
        " remedy = 'nothing is lost, and nothing counts twice: run it again, or wait for its next "
        "run'"
        " WHERE job = ? AND ended IS NULL");
    return query.bind(now).bind(job).run_and_count();
}

base::Result<std::vector<jobs::Run>> read_runs(sql::Database& database,
                                               const jobs::RunRange& range) {
    const char* columns =
        "SELECT id, job, kind, status, started, ended, is_scheduled, is_whole, records, read,"
        " wrote, error, remedy FROM etl_log WHERE id < ?1";
    auto query = database.query(
        std::string{columns} + (range.job.empty() ? " AND ?2 = ''" : " AND job = ?2") +
        (range.only_whole ? " AND is_whole = 1" : "") + " ORDER BY id DESC LIMIT ?3");
    query.bind(range.before.value_or(std::numeric_limits<std::int64_t>::max())).bind(range.job);
    query.bind(std::uint64_t{range.runs_max});
    std::vector<jobs::Run> runs;
    for (;;) {
        const auto row = query.next();
        if (!row) return row.error();
        if (!row.value()) return runs;
        runs.push_back(read_run(query));
    }
}

base::Status trim_runs(sql::Database& database, const std::string& job, std::uint64_t runs_max) {
    auto query = database.query(
        "DELETE FROM etl_log WHERE job = ?1 AND id <= (SELECT id FROM etl_log WHERE job = ?1"
        " ORDER BY id DESC LIMIT 1 OFFSET ?2)");
    return query.bind(job).bind(runs_max).run();
}

}  // namespace sinks
