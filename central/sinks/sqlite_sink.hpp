#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "central/sinks/judging/judgements.hpp"
#include "central/sinks/quarantine/quarantine_list.hpp"
#include "central/sinks/sink.hpp"
#include "central/sinks/sqlite_options.hpp"
#include "central/sinks/tables/forgetting.hpp"
#include "central/sinks/tables/horizons/kept_windows.hpp"
#include "central/sinks/tables/readings/kept_readings.hpp"

namespace sinks {

/// The default sink: one SQLite file (WAL, synchronous=FULL), which `sqlite3 leat.db` may read at
/// any time. One connection writes; the file beside it with the ending .lock keeps a second central
/// out. When its files are removed or replaced while it is open, it puts them back with everything
/// that is committed, and renames what stands there.
class SqliteSink final : public Sink,
                         public Judgements,
                         public KeptReadings,
                         public KeptWindows,
                         private engine::Memory,
                         private Neighbours {
  public:
    /// Opens the file or makes it. Transient while another program has locked it. Misconfigured
    /// when another central holds it, when it belongs to a newer leat or another program, or when
    /// it is no database that can be written.
    static base::Result<std::unique_ptr<SqliteSink>> open(SqliteSinkOptions options);
    ~SqliteSink() override;

    /// 32 hexadecimal digits, made at random with the database: a copy of the file has the same.
    const std::string& identity() const { return identity_; }

    /// What the database has of a node, or of one of its series; and to remove all of that. No
    /// pipeline may run over this sink, as it would bring back what it remembers.
    base::Result<Holdings> holdings(const std::string& node);
    base::Result<Holdings> holdings(const std::string& node, const std::string& series);
    base::Status forget(const std::string& node);
    base::Status forget(const std::string& node, const std::string& series);

    /// Removes lines from the quarantine for good; gives how many. Likewise.
    base::Result<std::uint64_t> drop_quarantined(const QuarantineSelection& which);

    base::Result<Loaded> load(std::uint32_t partition, std::uint32_t partitions) override;
    base::Result<TailMatch> applied(const std::string& node, const wire::Origin& origin) override;
    base::Result<Committed> commit(const Commit& step) override;
    base::Status check() override;

    base::Result<std::vector<JudgedSeries>> judged(std::int64_t after,
                                                   std::size_t series_max) override;
    base::Result<std::optional<base::EventTime>> find_row(const RowSearch& search) override;
    base::Status write(const std::vector<JudgedStep>& steps) override;

    base::Result<std::vector<KeptSeries>> kept_series(std::int64_t after,
                                                      std::size_t series_max) override;
    base::Result<std::optional<base::EventTime>> newest_arrival() override;
    base::Result<std::optional<base::EventTime>> last_removal() override;
    base::Status note_removal(base::EventTime time) override;
    base::Result<Removed> remove(const std::vector<Outdated>& outdated,
                                 std::size_t blocks_max) override;

    base::Status give_up(base::Duration span, base::EventTime before) override;
    base::Result<RemovedWindows> remove_windows(base::Duration span, std::int64_t from_series,
                                                std::size_t windows_max) override;

    engine::Memory& memory() override { return *this; }
    Neighbours& neighbours() override { return *this; }

  private:
    class Lock;
    class File;  // The connection with its tables and caches: reopened after a failure.

    SqliteSink(SqliteSinkOptions options, std::unique_ptr<Lock> lock, std::unique_ptr<File> file,
               std::string identity);

    base::Result<std::optional<engine::NodeRow>> node(const std::string& node) override;
    base::Result<std::vector<engine::SeriesRow>> series(const std::string& node) override;
    base::Result<std::optional<engine::WindowRow>> window(const engine::WindowKey& key) override;
    base::Result<std::optional<base::EventTime>> kept_from(base::Duration span) override;
    base::Result<std::vector<engine::Stretch>> stretches(const std::string& node,
                                                         const std::string& series,
                                                         base::EventTime from,
                                                         base::EventTime to) override;
    base::Result<std::vector<engine::OpenWindow>> open_windows(const std::string& node,
                                                               base::Duration span,
                                                               base::EventTime from,
                                                               std::size_t starts_max) override;
    base::Result<std::optional<detect::Saved>> watch(const std::string& node,
                                                     const std::string& series) override;
    base::Result<std::optional<engine::BootRow>> boot(const std::string& node,
                                                      const std::string& boot) override;
    base::Result<std::vector<engine::UnplacedLine>> placeable(std::size_t lines_max) override;

    base::Result<std::vector<engine::RefusedLine>> refused(std::int64_t after,
                                                           std::size_t lines_max) override;

    base::Result<std::vector<KindState>> kinds() override;
    base::Result<std::optional<base::EventTime>> next_hour(const Kind& kind,
                                                           base::EventTime from) override;
    base::Result<std::vector<Neighbour>> neighbours(const Kind& kind,
                                                    base::EventTime hour) override;

    /// Opens the file again after a failure. One that is gone begins anew under the same name, as
    /// what uses this sink has agreed on that with others.
    base::Status reopen();
    base::Status reopen_after(base::Status forgotten);

    /// An Error when the files are not in their place, even if they could be put back: then the
    /// file is closed.
    base::Status keep_in_place();

    /// Passes the result on, and closes the file when it is an Error: load() reopens it.
    template <class Value>
    base::Result<Value> trusted(base::Result<Value> result);
    base::Error closed() const;

    SqliteSinkOptions options_;
    std::unique_ptr<Lock> lock_;
    std::unique_ptr<File> file_;
    std::string identity_;
};

}  // namespace sinks
