#pragma once

#include <memory>

#include "central/sinks/database_sink.hpp"

namespace sinks {

/// The sink of the address in the options. As SqliteSink::open() for a file. A server may be away:
/// the sink is there all the same, and load() connects it.
base::Result<std::unique_ptr<DatabaseSink>> open_sink(SinkOptions options);

}  // namespace sinks
