#pragma once

#include <memory>
#include <optional>

#include "central/sinks/database_sink.hpp"

namespace sinks {

/// A schema on a server of PostgreSQL's. One connection writes, and holds a lock there that keeps a
/// second central out. While the server is away, every call is a transient Error; load() connects
/// again, and finds there whether a commit without an answer was kept.
class PostgresSink final : public DatabaseSink {
  public:
    /// Misconfigured when another central holds it for longer than `hold_patience`, or when it
    /// belongs to a newer leat or another program.
    static base::Result<std::unique_ptr<PostgresSink>> open(SinkOptions options);

  private:
    explicit PostgresSink(SinkOptions options) : DatabaseSink(std::move(options)) {}

    base::Status reopen() override;
    base::Status keep_in_place() override;

    base::Status acquire(sql::Database& database);
    base::Status check_same(sql::Database& database);

    std::optional<base::Instant> held_since_;  // By another connection.
};

}  // namespace sinks
