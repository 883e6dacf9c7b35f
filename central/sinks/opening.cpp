#include "central/sinks/opening.hpp"

#include <utility>

#include "central/sinks/postgres_sink.hpp"
#include "central/sinks/sqlite_sink.hpp"

namespace sinks {

namespace {

template <class Opened>
base::Result<std::unique_ptr<DatabaseSink>> widened(base::Result<std::unique_ptr<Opened>> opened) {
    if (!opened) return opened.error();
    return std::unique_ptr<DatabaseSink>{std::move(opened).value()};
}

}  // namespace

base::Result<std::unique_ptr<DatabaseSink>> open_sink(SinkOptions options) {
    if (options.path.is_server()) return widened(PostgresSink::open(std::move(options)));
    return widened(SqliteSink::open(std::move(options)));
}

}  // namespace sinks
