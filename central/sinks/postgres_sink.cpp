#include "central/sinks/postgres_sink.hpp"

#include <utility>

#include "base/log.hpp"
#include "central/sinks/access/division.hpp"
#include "central/sinks/access/schema_mark.hpp"
#include "central/sinks/access/server_check.hpp"
#include "central/sinks/access/writer.hpp"
#include "central/sinks/table_set.hpp"
#include "central/sinks/tables/schema.hpp"
#include "postgres/database.hpp"

namespace sinks {

namespace {

/// The server needs a moment to notice that a program on the same machine has died.
constexpr int kTries = 5;
constexpr const char* kMoment = "SELECT CASE WHEN pg_sleep(0.1) IS NULL THEN 0 ELSE 1 END";

base::Result<bool> try_to_hold(sql::Database& database) {
    for (int tries = 0; tries < kTries; ++tries) {
        const auto held = postgres::hold(database, "central");
        if (!held || held.value()) return held;
        if (const auto waited = database.number(kMoment); !waited) return waited.error();
    }
    return false;
}

}  // namespace

/// The other one may have died where the server cannot see it, or be the connection that we lost:
/// it is refused only when it outlasts that.
base::Status PostgresSink::acquire(sql::Database& database) {
    const auto held = try_to_hold(database);
    if (!held) return held.error();
    if (held.value()) {
        held_since_.reset();
        return base::Done{};
    }
    const auto now = base::SystemClock{}.instant();
    if (!held_since_) held_since_ = now;
    const bool may_be_dead = !identity().empty() || now - *held_since_ < options().hold_patience;
    return base::Error{may_be_dead ? base::Fault::transient : base::Fault::misconfigured,
                       database.path() + ": another central uses this database"};
}

base::Result<std::unique_ptr<PostgresSink>> PostgresSink::open(SinkOptions options) {
    std::unique_ptr<PostgresSink> sink{new PostgresSink{std::move(options)}};
    auto opened = sink->reopen();
    if (!opened && opened.error().fault == base::Fault::misconfigured) return opened.error();
    return sink;
}

base::Status PostgresSink::reopen() {
    auto opened =
        options().is_patient ? open_patient(options().path) : open_database(options().path, false);
    if (!opened) return opened.error();
    auto database = std::move(opened).value();
    if (auto checked = check_schema(*database); !checked) return checked;
    if (auto acquired = acquire(*database); !acquired) return acquired;
    if (auto same = check_same(*database); !same) return same;
    const auto durable = is_durable(*database);
    if (!durable) return durable.error();
    if (!durable.value()) {
        base::log_warn("a power cut there loses what was committed: fsync is off",
                       {{"database", database->path()}});
    }
    auto made = TableSet::open(std::move(database), options());
    if (!made) return made.error();
    auto tables = std::move(made).value();
    const auto found = tables->identity();
    if (!found) return found.error();
    if (identity().empty()) {
        const auto division = division_text(tables->database());
        if (!division) return division.error();
        base::log_info("single readings are kept apart by time", {{"how", division.value()}});
    }
    if (auto signed_in = sign_in(tables->database()); !signed_in) return signed_in;
    set(std::move(tables), found.value());
    return base::Done{};
}

/// Before anything is made: a schema that somebody has put before ours is not ours.
base::Status PostgresSink::check_same(sql::Database& database) {
    if (identity().empty()) return base::Done{};
    const auto version = schema_version(database);
    if (!version) return version.error();
    if (version.value() > 0) {
        const auto found = read_identity(database);
        if (!found) return found.error();
        if (found.value() == identity()) return base::Done{};
    }
    return base::Error{base::Fault::misconfigured,
                       options().path.text() +
                           ": another database stands in the place of the one in use; start "
                           "leat-central again to use it"};
}

base::Status PostgresSink::keep_in_place() {
    if (!tables().database().is_lost()) return base::Done{};
    close();
    return base::Error{base::Fault::transient,
                       options().path.text() + ": the connection is lost; connecting again"};
}

}  // namespace sinks
