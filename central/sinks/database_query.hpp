#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "central/sinks/access/address.hpp"
#include "central/sinks/quarantine/quarantine_list.hpp"
#include "central/sinks/query.hpp"
#include "sql/database.hpp"

namespace sinks {

/// Reads the database of a sink on a connection of its own, which never writes and never
/// checkpoints. Sees what was committed before each call, and follows the path to another file that
/// takes the place of the one it read, and a server that comes back.
class DatabaseQuery final : public Query {
  public:
    /// A file must be there: a sink makes it. A server may be away: then each call tries again.
    static base::Result<std::unique_ptr<DatabaseQuery>> open(const Address& address);

    using Query::nodes;
    using Query::series;
    base::Result<std::optional<engine::NodeRow>> node(const std::string& name) override;
    base::Result<std::vector<engine::NodeRow>> nodes(const Page& page) override;
    base::Result<std::vector<engine::SeriesRow>> series(const std::string& node,
                                                        const Page& page) override;
    base::Result<std::vector<engine::SeriesRow>> matching_series(const SeriesFilter& filter,
                                                                 const Page& page) override;
    base::Result<std::optional<PlacedBoot>> last_placed(const std::string& node) override;
    base::Result<std::map<std::string, dimensions::Situation>> situations(
        const std::string& node, base::EventTime at) override;
    base::Result<std::vector<StoredSpan>> spans() override;
    /// Malformed when the file has no windows of that span and none that it can be merged from.
    base::Result<std::vector<std::pair<base::EventTime, engine::WindowRow>>> windows(
        const WindowRange& range) override;
    base::Result<GroupWindows> group(const GroupRange& range) override;
    base::Result<std::vector<StoredReading>> readings(const ReadingRange& range) override;
    base::Result<ReadingExtent> reading_extent(const ReadingRange& range) override;
    base::Result<engine::Around> around(const WindowRange& range) override;
    base::Result<std::optional<std::pair<base::EventTime, base::EventTime>>> failures(
        const WindowRange& range) override;
    base::Result<std::vector<engine::GapRow>> gaps(const std::string& node, base::EventTime from,
                                                   base::EventTime to) override;
    base::Result<std::vector<FindingRow>> findings(const FindingRange& range) override;
    base::Result<std::vector<engine::Stretch>> stretches(const StretchRange& range) override;
    base::Result<std::vector<engine::BootRow>> boots(const std::string& node) override;
    base::Result<std::vector<QuarantineCount>> quarantined(const std::string& node) override;
    base::Result<std::vector<QuarantinedLine>> quarantined(const QuarantineSelection& which,
                                                           std::size_t lines_max) override;

    /// How many lines in quarantine are meant.
    base::Result<std::uint64_t> count_quarantined(const QuarantineSelection& which);

  private:
    explicit DatabaseQuery(Address address) : address_(std::move(address)) {}

    base::Status reopen();
    base::Status follow();
    base::Result<base::Duration> stored_span(base::Duration span);
    base::Result<std::optional<base::EventTime>> find_time(const WindowRange& range,
                                                           base::Duration stored,
                                                           const char* question);

    using WindowAt = std::pair<base::EventTime, engine::WindowRow>;
    base::Status add_reasons(const WindowRange& range, base::Duration stored,
                             std::vector<WindowAt>& windows);

    Address address_;
    std::unique_ptr<sql::Database> database_;
};

}  // namespace sinks
