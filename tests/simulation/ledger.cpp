#include "simulation/ledger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/ensure.hpp"
#include "wire/record.hpp"

namespace simulation {

void Ledger::commit(const std::string& node, const std::vector<std::string>& lines) {
    for (const auto& line : lines) {
        const auto record = wire::decode_record(line);
        ENSURE(record);
        const auto* data = std::get_if<wire::Data>(&record.value().body);
        if (data == nullptr) continue;
        for (const auto& column : data->columns) {
            const auto& raw = std::get<wire::RawColumn>(column.points);
            for (std::size_t i = 0; i < raw.values.size(); ++i) {
                taken_[{node, column.series}].push_back(
                    {.at = data->at + base::Duration{raw.dt_ms[i]}, .value = raw.values[i]});
                ++readings_;
            }
        }
    }
}

std::string Ledger::difference(sinks::Query& query) const {
    for (const auto& [series, taken] : taken_) {
        for (const base::Duration span : {base::Duration{60'000}, base::Duration{3'600'000}}) {
            auto found = difference(query, series, taken, span);
            if (!found.empty()) return found;
        }
    }
    std::uint64_t counted = 0;
    const auto rows = query.series({});
    if (!rows) return rows.error().detail;
    for (const auto& row : rows.value()) counted += row.readings;
    if (counted == readings_) return {};
    return fmt::format("{} readings committed by nodes, {} counted", readings_, counted);
}

std::string Ledger::difference(sinks::Query& query, const Series& series,
                               const std::vector<Taken>& taken, base::Duration span) const {
    auto ordered = taken;
    std::stable_sort(ordered.begin(), ordered.end(),
                     [](const Taken& a, const Taken& b) { return a.at < b.at; });
    std::map<std::int64_t, wire::Summary> wanted;
    for (const auto& reading : ordered) {
        const auto at = base::to_milliseconds(reading.at);
        wanted[at - at % span.count()].add(reading.value);
    }
    auto found = query.windows({.node = series.first,
                                .series = series.second,
                                .span = span,
                                .from = base::from_milliseconds(0),
                                .to = base::from_milliseconds(8'000'000'000'000),
                                .rows_max = 1'000'000});
    if (!found) return found.error().detail;
    auto rows = std::move(found).value();
    // A window in which every read failed has a row without readings.
    std::erase_if(rows, [](const auto& entry) { return entry.second.summary.count == 0; });
    const auto name = fmt::format("{}/{} {}s", series.first, series.second, span.count() / 1000);
    if (rows.size() != wanted.size()) {
        return fmt::format("{}: {} windows, {} wanted", name, rows.size(), wanted.size());
    }
    auto expected = wanted.begin();
    for (const auto& [start, row] : rows) {
        const auto& [at, summary] = *expected++;
        const bool sums_agree =
            std::abs(row.summary.sum - summary.sum) <= 1e-9 * std::abs(summary.sum) + 1e-9;
        auto exact = row.summary;
        exact.sum = summary.sum;
        exact.sumsq = summary.sumsq;
        if (base::to_milliseconds(start) == at && exact == summary && sums_agree) continue;
        return fmt::format(
            "{}: window {}: count {} sum {} first {} last {}; wanted window {}: "
            "count {} sum {} first {} last {}",
            name, base::to_milliseconds(start), row.summary.count, row.summary.sum,
            row.summary.first, row.summary.last, at, summary.count, summary.sum, summary.first,
            summary.last);
    }
    return {};
}

base::Status LedgerOutbox::append(const agent::Flush& flush) {
    const auto before = inner_.extent();
    auto appended = inner_.append(flush);
    if (appended) {
        ledger_.commit(node_, flush.lines);
        doubt_.reset();
    } else if (!doubt_ || doubt_->lines != flush.lines) {
        // A second try of the same flush leaves the first doubt standing: the first may have been
        // the one that reached the disk.
        doubt_ = {
            .incarnation = before.incarnation, .first = before.head + 1, .lines = flush.lines};
    }
    return appended;
}

base::Result<std::vector<agent::StoredRecord>> LedgerOutbox::read(std::uint64_t after,
                                                                  std::size_t records_max,
                                                                  std::size_t bytes_max) const {
    return inner_.read(after, records_max, bytes_max);
}

base::Result<std::optional<wire::ChainHash>> LedgerOutbox::hash_at(std::uint64_t seq) const {
    return inner_.hash_at(seq);
}

void settle_doubt(const std::optional<LedgerOutbox::Doubt>& doubt, const agent::Outbox& outbox,
                  Ledger& ledger, const std::string& node) {
    if (!doubt || doubt->lines.empty()) return;
    const auto extent = outbox.extent();
    ENSURE(extent.incarnation == doubt->incarnation);
    const auto last = doubt->first + doubt->lines.size() - 1;
    // All or nothing: a commit never comes half.
    ENSURE(extent.head >= last || extent.head + 1 <= doubt->first);
    if (extent.head >= last) ledger.commit(node, doubt->lines);
}

}  // namespace simulation
