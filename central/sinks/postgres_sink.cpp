#include "central/sinks/postgres_sink.hpp"

#include <utility>

#include "central/sinks/table_set.hpp"
#include "postgres/database.hpp"

namespace sinks {

namespace {

/// The server needs a moment to notice that a central before this one has died.
constexpr int kTries = 20;
constexpr const char* kMoment = "SELECT CASE WHEN pg_sleep(0.1) IS NULL THEN 0 ELSE 1 END";

base::Status acquire(sql::Database& database) {
    for (int tries = 0; tries < kTries; ++tries) {
        const auto held = postgres::hold(database, "central");
        if (!held) return held.error();
        if (held.value()) return base::Done{};
        if (const auto waited = database.number(kMoment); !waited) return waited.error();
    }
    return base::Error{base::Fault::misconfigured,
                       database.path() + ": another central uses this database"};
}

}  // namespace

base::Result<std::unique_ptr<PostgresSink>> PostgresSink::open(SinkOptions options) {
    std::unique_ptr<PostgresSink> sink{new PostgresSink{std::move(options)}};
    auto opened = sink->reopen();
    if (!opened && opened.error().fault == base::Fault::misconfigured) return opened.error();
    return sink;
}

base::Status PostgresSink::reopen() {
    auto opened = open_database(options().path, false);
    if (!opened) return opened.error();
    auto database = std::move(opened).value();
    if (auto acquired = acquire(*database); !acquired) {
        // One that was in use may be ours again soon: it was, before the connection was lost.
        const auto fault = identity().empty() ? acquired.error().fault : base::Fault::transient;
        return base::Error{fault, acquired.error().detail};
    }
    auto made = TableSet::open(std::move(database), options());
    if (!made) return made.error();
    auto tables = std::move(made).value();
    const auto found = tables->identity();
    if (!found) return found.error();
    if (!identity().empty() && found.value() != identity()) {
        return base::Error{base::Fault::misconfigured,
                           options().path.text() +
                               ": another database stands in the place of the one in use; start "
                               "leat-central again to use it"};
    }
    set(std::move(tables), found.value());
    return base::Done{};
}

base::Status PostgresSink::keep_in_place() {
    if (!tables().database().is_lost()) return base::Done{};
    close();
    return base::Error{base::Fault::transient,
                       options().path.text() + ": the connection is lost; connecting again"};
}

}  // namespace sinks
