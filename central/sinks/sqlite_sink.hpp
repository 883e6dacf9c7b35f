#pragma once

#include <memory>
#include <string>

#include "central/sinks/database_sink.hpp"

namespace sinks {

/// The default sink: one SQLite file (WAL, synchronous=FULL), which `sqlite3 leat.db` may read at
/// any time. One connection writes; the file beside it with the ending .lock keeps a second central
/// out. When its files are removed or replaced while it is open, it puts them back with everything
/// that is committed, and renames what stands there.
class SqliteSink final : public DatabaseSink {
  public:
    /// Opens the file or makes it. Transient while another program has locked it. Misconfigured
    /// when another central holds it, when it belongs to a newer leat or another program, or when
    /// it is no database that can be written.
    static base::Result<std::unique_ptr<SqliteSink>> open(SinkOptions options);
    ~SqliteSink() override;

  private:
    class Lock;
    class File;

    explicit SqliteSink(SinkOptions options);

    /// One that is gone begins anew under the same name, as what uses this sink has agreed on that
    /// with others.
    base::Status reopen() override;
    base::Status keep_in_place() override;
    base::Status acquire_lock();
    base::Result<std::unique_ptr<TableSet>> open_file();
    const std::string& path() const { return options().path.text(); }

    std::unique_ptr<Lock> lock_;
    std::unique_ptr<File> file_;  // Of the tables, while these are open.
};

}  // namespace sinks
