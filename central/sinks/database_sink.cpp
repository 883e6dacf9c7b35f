#include "central/sinks/database_sink.hpp"

#include <utility>

#include "central/sinks/table_set.hpp"

namespace sinks {

DatabaseSink::DatabaseSink(SinkOptions options) : options_(std::move(options)) {}

DatabaseSink::~DatabaseSink() = default;

void DatabaseSink::set(std::unique_ptr<TableSet> tables, std::string identity) {
    tables_ = std::move(tables);
    identity_ = std::move(identity);
}

void DatabaseSink::close() {
    tables_.reset();
}

template <class Value>
base::Result<Value> DatabaseSink::trusted(base::Result<Value> result) {
    if (!result) close();
    return result;
}

base::Error DatabaseSink::closed() const {
    return {base::Fault::transient, options_.path.text() + ": closed after a failure"};
}

base::Result<Holdings> DatabaseSink::holdings(const std::string& node) {
    if (!tables_) return closed();
    return trusted(tables_->holdings(node));
}

base::Result<Holdings> DatabaseSink::holdings(const std::string& node, const std::string& series) {
    if (!tables_) return closed();
    return trusted(tables_->holdings(node, series));
}

base::Status DatabaseSink::forget(const std::string& node) {
    if (!tables_) return closed();
    return reopen_after(tables_->forget(node));
}

base::Status DatabaseSink::forget(const std::string& node, const std::string& series) {
    if (!tables_) return closed();
    return reopen_after(tables_->forget(node, series));
}

/// The connection remembers ids of what is gone now.
base::Status DatabaseSink::reopen_after(base::Status forgotten) {
    close();
    if (!forgotten) return forgotten;
    return reopen();
}

base::Result<std::uint64_t> DatabaseSink::drop_quarantined(const QuarantineSelection& which) {
    if (!tables_) return closed();
    return trusted(tables_->drop_quarantined(which));
}

base::Status DatabaseSink::check() {
    if (!tables_) return closed();
    return keep_in_place();
}

base::Result<Loaded> DatabaseSink::load(std::uint32_t partition, std::uint32_t partitions) {
    if (tables_) {
        const auto kept = keep_in_place();
        if (!kept && tables_) return kept.error();
    }
    if (!tables_) {
        if (auto opened = reopen(); !opened) return opened.error();
    }
    return trusted(tables_->load(partition, partitions));
}

base::Result<TailMatch> DatabaseSink::applied(const std::string& node, const wire::Origin& origin) {
    if (!tables_) return closed();
    return trusted(tables_->applied(node, origin));
}

/// Looks before it writes, as a failed connection could not save what it holds, and again after it:
/// what was committed into a file that is gone is not durable.
base::Result<Committed> DatabaseSink::commit(const Commit& step) {
    if (auto checked = check(); !checked) return checked.error();
    auto committed = trusted(tables_->commit(step));
    if (!committed) return committed;
    if (auto kept = keep_in_place(); !kept) return kept.error();
    return committed;
}

base::Result<std::vector<JudgedSeries>> DatabaseSink::judged(std::int64_t after,
                                                             std::size_t series_max) {
    if (!tables_) return closed();
    return trusted(tables_->agenda().judged(after, series_max));
}

base::Result<std::optional<base::EventTime>> DatabaseSink::find_row(const RowSearch& search) {
    if (!tables_) return closed();
    return trusted(tables_->agenda().find_row(search));
}

/// As commit(): looks before and after it.
base::Status DatabaseSink::write(const std::vector<JudgedStep>& steps) {
    if (auto checked = check(); !checked) return checked;
    auto written = trusted(base::Status{tables_->write(steps)});
    if (!written) return written;
    return keep_in_place();
}

base::Result<std::vector<KeptSeries>> DatabaseSink::kept_series(std::int64_t after,
                                                                std::size_t series_max) {
    if (!tables_) return closed();
    return trusted(tables_->readings().kept_series(after, series_max));
}

base::Result<std::vector<std::string>> DatabaseSink::kept_quantities() {
    if (!tables_) return closed();
    return trusted(tables_->readings().kept_quantities());
}

base::Result<std::optional<base::EventTime>> DatabaseSink::newest_arrival() {
    if (!tables_) return closed();
    return trusted(tables_->readings().newest_arrival());
}

base::Result<std::optional<base::EventTime>> DatabaseSink::last_removal() {
    if (!tables_) return closed();
    return trusted(tables_->readings().last_removal());
}

base::Status DatabaseSink::note_removal(base::EventTime time) {
    if (!tables_) return closed();
    return trusted(tables_->readings().note_removal(time));
}

base::Result<std::optional<Removed>> DatabaseSink::remove_month(base::EventTime before) {
    if (!tables_) return closed();
    return trusted(tables_->readings().remove_month(before));
}

base::Result<Removed> DatabaseSink::remove(const std::vector<Outdated>& outdated,
                                           std::size_t blocks_max) {
    if (!tables_) return closed();
    auto removed = trusted(tables_->readings().remove(outdated, blocks_max));
    if (!removed) return removed;
    if (auto kept = keep_in_place(); !kept) return kept.error();
    return removed;
}

base::Status DatabaseSink::give_up(base::Duration span, base::EventTime before) {
    if (!tables_) return closed();
    if (auto given = trusted(tables_->give_up(span, before)); !given) return given;
    return keep_in_place();
}

base::Result<RemovedWindows> DatabaseSink::remove_windows(base::Duration span,
                                                          std::int64_t from_series,
                                                          std::size_t windows_max) {
    if (!tables_) return closed();
    auto removed = trusted(tables_->remove_windows(span, from_series, windows_max));
    if (!removed) return removed;
    if (auto kept = keep_in_place(); !kept) return kept.error();
    return removed;
}

base::Result<std::optional<base::EventTime>> DatabaseSink::kept_from(base::Duration span) {
    if (!tables_) return closed();
    return trusted(tables_->kept_from(span));
}

base::Result<std::optional<engine::NodeRow>> DatabaseSink::node(const std::string& node) {
    if (!tables_) return closed();
    return trusted(tables_->dimensions().node(node));
}

base::Result<std::vector<engine::SeriesRow>> DatabaseSink::series(const std::string& node) {
    if (!tables_) return closed();
    return trusted(tables_->dimensions().series(node));
}

base::Result<std::optional<engine::WindowRow>> DatabaseSink::window(const engine::WindowKey& key) {
    if (!tables_) return closed();
    return trusted(tables_->window(key));
}

base::Result<std::vector<engine::Stretch>> DatabaseSink::stretches(const std::string& node,
                                                                   const std::string& series,
                                                                   base::EventTime from,
                                                                   base::EventTime to) {
    if (!tables_) return closed();
    return trusted(tables_->stretches().read(node, series, from, to));
}

base::Result<std::vector<engine::OpenWindow>> DatabaseSink::open_windows(const std::string& node,
                                                                         base::Duration span,
                                                                         base::EventTime from,
                                                                         std::size_t starts_max) {
    if (!tables_) return closed();
    return trusted(tables_->findings().open_windows(node, span, from, starts_max));
}

base::Result<std::optional<detect::Saved>> DatabaseSink::watch(const std::string& node,
                                                               const std::string& series) {
    if (!tables_) return closed();
    return trusted(tables_->findings().watch(node, series));
}

base::Result<std::optional<engine::BootRow>> DatabaseSink::boot(const std::string& node,
                                                                const std::string& boot) {
    if (!tables_) return closed();
    return trusted(tables_->boots().boot(node, boot));
}

base::Result<std::vector<engine::UnplacedLine>> DatabaseSink::placeable(std::size_t lines_max) {
    if (!tables_) return closed();
    return trusted(tables_->boots().placeable(lines_max));
}

base::Result<std::vector<engine::RefusedLine>> DatabaseSink::refused(std::int64_t after,
                                                                     std::size_t lines_max) {
    if (!tables_) return closed();
    return trusted(tables_->quarantine().refused(after, lines_max));
}

base::Result<std::vector<KindState>> DatabaseSink::kinds() {
    if (!tables_) return closed();
    return trusted(tables_->neighbours().kinds());
}

base::Result<std::optional<base::EventTime>> DatabaseSink::next_hour(const Kind& kind,
                                                                     base::EventTime from) {
    if (!tables_) return closed();
    return trusted(tables_->neighbours().next_hour(kind, from));
}

base::Result<std::vector<Neighbour>> DatabaseSink::neighbours(const Kind& kind,
                                                              base::EventTime hour) {
    if (!tables_) return closed();
    return trusted(tables_->neighbours().neighbours(kind, hour));
}

}  // namespace sinks
