#include "central/jobs/sql/run_log.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/text.hpp"

namespace jobs {

namespace {

constexpr std::size_t kErrorBytesMax = 2'000;
constexpr odbc::Column kInteger{.type = odbc::Type::integer};
constexpr odbc::Column kTime{.type = odbc::Type::time};

constexpr odbc::Column text_of_units(std::size_t units) {
    return {.type = odbc::Type::text, .units_max = units};
}

odbc::TableShape shape_of(std::string name) {
    return {.name = std::move(name),
            .columns = {{"job", text_of_units(64)},
                        {"started", kTime},
                        {"target", text_of_units(200)},
                        {"ended", kTime, true},
                        {"status", text_of_units(20)},
                        {"selection", kInteger},
                        {"is_whole", kInteger},
                        {"records", kInteger},
                        {"refused", kInteger},
                        {"outdated", kInteger},
                        {"reasons", text_of_units(400)},
                        {"error", text_of_units(kErrorBytesMax), true}},
            .key = {"job", "started"}};
}

odbc::Value whole(std::uint64_t number) {
    return static_cast<std::int64_t>(number);
}

}  // namespace

RunLog::RunLog(odbc::Connection& connection, std::string table)
    : connection_(connection), table_(shape_of(std::move(table))) {}

std::string RunLog::name() const {
    return connection_.dialect().table(table_.name);
}

base::Status RunLog::run(const std::string& sql, const std::vector<odbc::Value>& values) {
    auto prepared = connection_.prepare(sql);
    if (!prepared) return prepared.error();
    return std::move(prepared).value().run(values);
}

base::Result<std::optional<base::EventTime>> RunLog::covered(const LoggedRun& run) {
    const auto found = connection_.time(
        {"SELECT MAX(started) FROM " + name() +
             " WHERE job = ? AND target = ? AND selection = ? AND is_whole = 1 AND "
             "status = 'ok' AND started <= ?",
         {run.job, run.target, run.selection, odbc::Time{run.started}}});
    if (!found) return found.error();
    if (!found.value()) return std::optional<base::EventTime>{};
    return std::optional{std::chrono::floor<base::Duration>(*found.value())};
}

base::Status RunLog::begin(const LoggedRun& run) {
    auto closed = this->run("UPDATE " + name() +
                                " SET status = 'interrupted' WHERE job = ? AND target = ? AND "
                                "status = 'running'",
                            {run.job, run.target});
    if (!closed) return closed;
    return this->run(connection_.dialect().upsert(table_),
                     {run.job, odbc::Time{run.started}, run.target, odbc::Value{}, "running",
                      run.selection, std::int64_t{run.is_whole ? 1 : 0}, std::int64_t{0},
                      std::int64_t{0}, std::int64_t{0}, std::string{}, odbc::Value{}});
}

base::Status RunLog::end(const LoggedRun& run, const RunOutcome& outcome) {
    const auto told =
        outcome.error.empty()
            ? odbc::Value{}
            : odbc::Value{std::string{base::shortened(outcome.error, kErrorBytesMax)}};
    return this->run(
        fmt::format(
            "UPDATE {} SET ended = {}, status = ?, is_whole = ?, records = ?, "
            "refused = ?, outdated = ?, reasons = ?, error = ? WHERE job = ? AND started = ?",
            name(), connection_.dialect().utc_now()),
        {outcome.is_ok ? "ok" : "failed", std::int64_t{run.is_whole ? 1 : 0},
         whole(outcome.records), whole(sum_of(outcome.refusals)), whole(outcome.outdated),
         text_of(outcome.refusals), told, run.job, odbc::Time{run.started}});
}

}  // namespace jobs
