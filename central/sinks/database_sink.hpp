#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "central/sinks/judging/judgements.hpp"
#include "central/sinks/quarantine/quarantine_list.hpp"
#include "central/sinks/sink.hpp"
#include "central/sinks/sink_options.hpp"
#include "central/sinks/tables/forgetting.hpp"
#include "central/sinks/tables/horizons/kept_windows.hpp"
#include "central/sinks/tables/readings/kept_readings.hpp"

namespace sinks {

class TableSet;

/// The sink over a connection to a database, whichever it is. Opened by open_sink() (opening.hpp).
class DatabaseSink : public Sink,
                     public Judgements,
                     public KeptReadings,
                     public KeptWindows,
                     private engine::Memory,
                     private Neighbours {
  public:
    ~DatabaseSink() override;

    /// Connects unless that is done: a server may have been away when this was opened.
    base::Status connect() { return is_open() ? base::Status{base::Done{}} : reopen(); }

    /// 32 hexadecimal digits, made at random with the database: a copy of the file has the same.
    /// Empty before it was ever connected.
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
    base::Result<std::vector<std::string>> kept_quantities() override;
    base::Result<std::optional<base::EventTime>> newest_arrival() override;
    base::Result<std::optional<base::EventTime>> last_removal() override;
    base::Status note_removal(base::EventTime time) override;
    base::Result<std::optional<Removed>> remove_month(base::EventTime before) override;
    base::Result<Removed> remove(const std::vector<Outdated>& outdated,
                                 std::size_t blocks_max) override;

    base::Status give_up(base::Duration span, base::EventTime before) override;
    base::Result<RemovedWindows> remove_windows(base::Duration span, std::int64_t from_series,
                                                std::size_t windows_max) override;

    engine::Memory& memory() override { return *this; }
    Neighbours& neighbours() override { return *this; }

  protected:
    explicit DatabaseSink(SinkOptions options);

    /// Connects again after a failure, to the same database: sets the tables and the identity.
    virtual base::Status reopen() = 0;

    /// An Error when the database is not in its place any more, even if it could be put back: then
    /// the tables are gone.
    virtual base::Status keep_in_place() = 0;

    const SinkOptions& options() const { return options_; }
    bool is_open() const { return tables_ != nullptr; }
    TableSet& tables() { return *tables_; }
    void set(std::unique_ptr<TableSet> tables, std::string identity);
    void close();

  private:
    base::Result<std::optional<engine::NodeRow>> node(const std::string& node) override;
    base::Result<std::vector<engine::SeriesRow>> series(const std::string& node) override;
    base::Result<std::optional<base::EventTime>> kept_from(base::Duration span) override;
    base::Result<std::optional<engine::WindowRow>> window(const engine::WindowKey& key) override;
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

    base::Status reopen_after(base::Status forgotten);

    /// Passes the result on, and closes the connection when it is an Error: load() reopens it.
    template <class Value>
    base::Result<Value> trusted(base::Result<Value> result);
    base::Error closed() const;

    SinkOptions options_;
    std::unique_ptr<TableSet> tables_;  // With what is remembered: reopened after a failure.
    std::string identity_;
};

}  // namespace sinks
