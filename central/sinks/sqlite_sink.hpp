#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "sinks/sink.hpp"

namespace sinks {

struct SqliteSinkOptions {
    std::string path;

    /// The engine's spans: one table each, rollup_1m, rollup_1h …
    std::vector<base::Duration> spans{std::chrono::minutes{1}, std::chrono::hours{1}};

    /// Lines kept in quarantine, newest first; older ones are dropped and counted.
    std::uint64_t quarantine_max = 10'000;
};

/// The default sink: one SQLite file (WAL, synchronous=FULL), which `sqlite3 leat.db` may read at
/// any time. One connection writes; the file beside it with the ending .lock keeps a second central
/// out.
class SqliteSink final : public Sink {
  public:
    /// Opens the file or makes it. Misconfigured when another central holds it, when it is a newer
    /// leat's, or somebody else's.
    static base::Result<std::unique_ptr<SqliteSink>> open(SqliteSinkOptions options);
    ~SqliteSink() override;

    base::Result<Loaded> load(std::uint32_t partition, std::uint32_t partitions) override;
    base::Result<TailMatch> applied(const std::string& node, const wire::Origin& origin) override;
    base::Result<Committed> commit(const Commit& step) override;
    engine::Memory& memory() override;

  private:
    class Lock;
    class File;  // The connection with its statements and caches: opened anew after a failure.

    SqliteSink(SqliteSinkOptions options, std::unique_ptr<Lock> lock, std::unique_ptr<File> file);
    base::Status reopen();

    SqliteSinkOptions options_;
    std::unique_ptr<Lock> lock_;
    std::unique_ptr<File> file_;
};

}  // namespace sinks
