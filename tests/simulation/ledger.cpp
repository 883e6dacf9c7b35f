#include "simulation/ledger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/ensure.hpp"
#include "wire/record.hpp"

namespace simulation {

void Ledger::commit(const std::string& node, const std::vector<std::string>& lines) {
    for (const auto& line : lines) {
        const auto record = wire::decode_record(line);
        ENSURE(record);
        if (const auto* sample = std::get_if<wire::ClockSample>(&record.value().body)) {
            samples_[{node, sample->boot}].push_back(*sample);
        }
        if (const auto* failed = std::get_if<wire::Failed>(&record.value().body)) {
            for (const auto& column : failed->columns) {
                for (std::size_t i = 0; i < column.counts.size(); ++i) {
                    failed_[{node, column.series}].push_back(
                        {.at = failed->at + base::Duration{column.dt_ms[i]},
                         .count = column.counts[i]});
                }
            }
        }
        const auto* data = std::get_if<wire::Data>(&record.value().body);
        if (data == nullptr) continue;
        for (const auto& column : data->columns) {
            const auto& raw = std::get<wire::RawColumn>(column.points);
            for (std::size_t i = 0; i < raw.values.size(); ++i) {
                taken_[{node, column.series}].push_back(
                    {.at = data->at + base::Duration{raw.dt_ms[i]}, .value = raw.values[i]});
                told_[{node, column.series}].push_back(
                    {.value = raw.values[i], .clock = data->clock, .boot = data->boot});
                ++readings_;
            }
        }
    }
}

std::string Ledger::difference(sinks::Query& query) const {
    std::map<std::string, Declared> nodes;
    for (const auto& [series, taken] : taken_) {
        const auto [known, is_new] = nodes.try_emplace(series.first);
        if (!is_new) continue;
        const auto gaps = query.gaps(series.first, base::EventTime::min(), base::EventTime::max());
        if (!gaps) return gaps.error().detail;
        for (const auto& gap : gaps.value()) {
            if (gap.reason == "thinned") known->second.thinned = true;
            if (gap.reason == "evicted") known->second.evicted += gap.readings.value_or(0);
        }
    }
    for (const auto& [series, taken] : taken_) {
        auto single = single_difference(query, series, taken, nodes.at(series.first));
        if (!single.empty()) return single;
        for (const base::Duration span : {base::Duration{60'000}, base::Duration{3'600'000}}) {
            auto found = difference(query, series, taken, span, nodes.at(series.first));
            if (found.empty()) {
                found = failed_difference(query, series, span, nodes.at(series.first));
            }
            if (!found.empty()) return found;
        }
    }
    std::uint64_t counted = 0;
    const auto rows = query.series({});
    if (!rows) return rows.error().detail;
    for (const auto& row : rows.value()) counted += row.readings;
    std::uint64_t evicted = 0;
    for (const auto& [node, declared] : nodes) evicted += declared.evicted;
    if (counted <= readings_ && readings_ - counted <= evicted) return {};
    return fmt::format("{} readings committed by nodes, {} counted, {} declared as evicted",
                       readings_, counted, evicted);
}

namespace {

/// What a window should be. If two readings have the same time, either may be the first or the
/// last: partials do not come in the order in which readings were taken.
struct Wanted {
    wire::Summary summary;
    base::EventTime first_at;
    base::EventTime last_at;
    std::set<double> firsts;
    std::set<double> lasts;

    void add(base::EventTime at, double value) {
        if (summary.count == 0 || at > last_at) lasts.clear();
        if (summary.count == 0) first_at = at;
        last_at = at;
        lasts.insert(value);
        if (at == first_at) firsts.insert(value);
        summary.add(value);
    }

    bool agrees(const wire::Summary& found, bool any_order) const {
        if (std::abs(found.sum - summary.sum) > 1e-9 * std::abs(summary.sum) + 1e-9) return false;
        auto exact = found;
        exact.sum = summary.sum;
        exact.sumsq = summary.sumsq;
        if (any_order && firsts.contains(exact.first)) exact.first = summary.first;
        if (any_order && lasts.contains(exact.last)) exact.last = summary.last;
        return exact == summary;
    }
};

}  // namespace

std::string Ledger::difference(sinks::Query& query, const Series& series,
                               const std::vector<Taken>& taken, base::Duration span,
                               const Declared& declared) const {
    auto ordered = taken;
    std::stable_sort(ordered.begin(), ordered.end(),
                     [](const Taken& a, const Taken& b) { return a.at < b.at; });
    std::map<std::int64_t, Wanted> wanted;
    for (const auto& reading : ordered) {
        const auto at = base::to_milliseconds(reading.at);
        wanted[at - at % span.count()].add(reading.at, reading.value);
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
    const bool is_coarse = declared.thinned && span < base::Duration{900'000};
    const bool may_lack = is_coarse || declared.evicted > 0;
    if (!may_lack && rows.size() != wanted.size()) {
        return fmt::format("{}: {} windows, {} wanted", name, rows.size(), wanted.size());
    }
    for (const auto& [start, row] : rows) {
        const auto at = base::to_milliseconds(start);
        const auto expected = wanted.find(at);
        if (expected == wanted.end()) return fmt::format("{}: window {} is none", name, at);
        const auto& summary = expected->second.summary;
        if (may_lack && row.summary.count < summary.count) continue;
        if (expected->second.agrees(row.summary, declared.thinned)) continue;
        return fmt::format(
            "{}: window {}: count {} sum {} first {} last {}; wanted: "
            "count {} sum {} first {} last {}",
            name, at, row.summary.count, row.summary.sum, row.summary.first, row.summary.last,
            summary.count, summary.sum, summary.first, summary.last);
    }
    return {};
}

std::string Ledger::single_difference(sinks::Query& query, const Series& series,
                                      const std::vector<Taken>& taken,
                                      const Declared& declared) const {
    const sinks::ReadingRange all{.node = series.first,
                                  .series = series.second,
                                  .from = base::from_milliseconds(0),
                                  .to = base::from_milliseconds(8'000'000'000'000),
                                  .readings_max = 10'000'000};
    const auto rows = query.readings(all);
    if (!rows) return rows.error().detail;
    const auto extent = query.reading_extent(all);
    if (!extent) return extent.error().detail;
    const auto summarised = extent.value().summarised;
    std::vector<std::pair<base::EventTime, double>> wanted;
    std::vector<std::pair<base::EventTime, double>> found;
    for (const auto& reading : taken) wanted.emplace_back(reading.at, reading.value);
    for (const auto& row : rows.value()) found.emplace_back(row.place.at, row.value);
    std::sort(wanted.begin(), wanted.end());
    std::sort(found.begin(), found.end());
    const auto known = found.size() + summarised;
    const bool is_whole = known + declared.evicted >= wanted.size() && known <= wanted.size();
    const bool is_theirs = std::includes(wanted.begin(), wanted.end(), found.begin(), found.end());
    if (is_whole && is_theirs && (declared.thinned || summarised == 0)) return {};
    return fmt::format("{}/{}: {} single readings and {} summarised, {} wanted{}", series.first,
                       series.second, found.size(), summarised, wanted.size(),
                       is_theirs ? "" : "; some were never taken");
}

std::uint64_t Ledger::failed(const std::string& node, const std::string& series) const {
    std::uint64_t sum = 0;
    const auto known = failed_.find({node, series});
    if (known == failed_.end()) return 0;
    for (const auto& failures : known->second) sum += failures.count;
    return sum;
}

std::string Ledger::failed_difference(sinks::Query& query, const Series& series,
                                      base::Duration span, const Declared& declared) const {
    std::map<std::int64_t, std::uint64_t> wanted;
    if (const auto known = failed_.find(series); known != failed_.end()) {
        for (const auto& failures : known->second) {
            const auto at = base::to_milliseconds(failures.at);
            wanted[at - at % span.count()] += failures.count;
        }
    }
    const auto rows = query.windows({.node = series.first,
                                     .series = series.second,
                                     .span = span,
                                     .from = base::from_milliseconds(0),
                                     .to = base::from_milliseconds(8'000'000'000'000),
                                     .rows_max = 1'000'000});
    if (!rows) return rows.error().detail;
    const bool is_coarse = declared.thinned && span < base::Duration{900'000};
    const bool may_lack = is_coarse || declared.evicted > 0;
    std::map<std::int64_t, std::uint64_t> found;
    for (const auto& [start, row] : rows.value()) {
        if (row.failed > 0) found[base::to_milliseconds(start)] = row.failed;
    }
    for (const auto& [start, count] : found) {
        if (count == wanted[start] || (may_lack && count < wanted[start])) continue;
        return fmt::format("{}/{}: {} failed in the window of {} ms at {}, wanted {}", series.first,
                           series.second, count, span.count(), start, wanted[start]);
    }
    for (const auto& [start, count] : wanted) {
        if (may_lack || found.contains(start)) continue;
        return fmt::format("{}/{}: {} failed at {}, and no window of {} ms has them", series.first,
                           series.second, count, start, span.count());
    }
    return {};
}

base::Status LedgerOutbox::append(const delivery::Flush& flush) {
    const auto before = inner_.extent();
    auto appended = inner_.append(flush);
    if (appended) {
        ledger_.commit(node_, flush.lines);
        doubt_.reset();
    } else if (!doubt_ || doubt_->lines != flush.lines) {
        // A second try of the same flush does not settle the doubt about the first, which may have
        // been the one that reached the disk.
        doubt_ = {
            .incarnation = before.incarnation, .first = before.head + 1, .lines = flush.lines};
    }
    return appended;
}

base::Result<std::vector<delivery::StoredRecord>> LedgerOutbox::read(std::uint64_t after,
                                                                     std::size_t records_max,
                                                                     std::size_t bytes_max) const {
    return inner_.read(after, records_max, bytes_max);
}

base::Result<std::optional<wire::ChainHash>> LedgerOutbox::hash_at(std::uint64_t seq) const {
    return inner_.hash_at(seq);
}

void settle_doubt(const std::optional<LedgerOutbox::Doubt>& doubt, const delivery::Outbox& outbox,
                  Ledger& ledger, const std::string& node) {
    if (!doubt || doubt->lines.empty()) return;
    const auto extent = outbox.extent();
    ENSURE(extent.incarnation == doubt->incarnation);
    const auto last = doubt->first + doubt->lines.size() - 1;
    // All or nothing: there is no half commit.
    ENSURE(extent.head >= last || extent.head + 1 <= doubt->first);
    if (extent.head >= last) ledger.commit(node, doubt->lines);
}

}  // namespace simulation
