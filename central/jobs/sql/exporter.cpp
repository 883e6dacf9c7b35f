#include "central/jobs/sql/exporter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "central/text/rfc3339.hpp"

namespace jobs {

base::Status Exporter::run(const std::vector<engine::SeriesRow>& series, const ExportRange& range) {
    std::uint64_t done = 0;
    for (const auto& row : series) {
        if (exported_.rows + batch_.size() >= range.rows_max) break;
        if (auto added = add(row, range); !added) return added;
        progress_.report(++done, series.size());
    }
    return write();
}

base::Status Exporter::add(const engine::SeriesRow& series, const ExportRange& range) {
    const auto from = begin_of(source_.scope(series), range);
    if (!from) return from.error();
    source_.begin(series, from.value(), range.to);
    for (;;) {
        auto next = source_.next();
        if (!next) return next.error();
        auto rows = std::move(next).value();
        if (!rows) return base::Done{};
        if (auto done = compare(series, *std::move(rows), range.rows_max); !done) return done;
        if (exported_.rows + batch_.size() >= range.rows_max) return base::Done{};
    }
}

base::Result<base::EventTime> Exporter::begin_of(const Scope& scope, const ExportRange& range) {
    // Times before 1970 are those of broken clocks; but they are times.
    constexpr base::EventTime kBeginning = std::chrono::sys_days{std::chrono::year{1000} / 1 / 2};
    if (range.from) return *range.from;
    if (!is_table_there_) return kBeginning;
    const auto newest = target_.newest(scope);
    if (!newest) return newest.error();
    if (!newest.value() || !range.covered) return kBeginning;
    return std::max(kBeginning, std::min(*newest.value(), *range.covered) - range.look_back);
}

base::Result<SqlTarget::Marks> Exporter::marks_of(const Scope& scope,
                                                  const std::vector<OutRow>& rows) {
    if (!is_table_there_) return SqlTarget::Marks{};
    const auto has_key = [&](const OutRow& row) {
        return value_of(target_.layout().form, row.at).has_value();
    };
    const auto first = std::find_if(rows.begin(), rows.end(), has_key);
    if (first == rows.end()) return SqlTarget::Marks{};
    const auto last = std::find_if(rows.rbegin(), rows.rend(), has_key);
    // Twice as many: rows may be there that are no longer here.
    return target_.marks(scope, first->at, last->at, 2 * rows.size());
}

base::Status Exporter::compare(const engine::SeriesRow& series, std::vector<OutRow> rows,
                               std::uint64_t rows_max) {
    const auto* const limits = check_.range_of(id_of(series));
    const auto marks = marks_of(source_.scope(series), rows);
    if (!marks) return marks.error();
    for (auto& row : rows) {
        if (exported_.rows + batch_.size() >= rows_max) break;
        const auto there = marks.value().find({row.at, row.nth});
        const bool is_there = there != marks.value().end();
        const bool is_same = is_there && there->second == row.mark();
        if (const auto reason = RowCheck::refusal(row, target_.layout(), limits)) {
            ++exported_.refusals[*reason];
            if (is_there && !is_same) ++exported_.outdated;
            continue;
        }
        if (is_same) {
            ++exported_.same;
            continue;
        }
        batch_.push_back(std::move(row));
        if (batch_.size() < target_.batch()) continue;
        if (auto written = write(); !written) return written;
    }
    return base::Done{};
}

base::Status Exporter::write() {
    if (batch_.empty()) return base::Done{};
    if (is_dry_) {
        exported_.rows += batch_.size();
    } else if (auto sent = send(batch_); !sent) {
        return sent;
    }
    batch_.clear();
    return base::Done{};
}

/// Sends the halves of what the server refuses, until it is found which rows those are.
base::Status Exporter::send(std::span<const OutRow> rows) {
    const auto written = target_.write(rows, progress_);
    if (written) {
        exported_.rows += rows.size();
        return written;
    }
    if (written.error().fault != base::Fault::malformed) return written;
    if (rows.size() == 1) return refuse_there(rows.front(), written.error());
    const auto half = rows.size() / 2;
    if (auto sent = send(rows.first(half)); !sent) return sent;
    return send(rows.subspan(half));
}

base::Status Exporter::refuse_there(const OutRow& row, const base::Error& error) {
    constexpr std::uint64_t kRefusedMax = 100;
    if (exported_.refused_there.empty()) {
        exported_.refused_there = fmt::format("{} at {}: {}", std::get<std::string>(row.values[0]),
                                              text::rfc3339(row.at), error.detail);
    }
    if (++exported_.refusals[kRefusedThere] <= kRefusedMax) return base::Done{};
    return base::Error{base::Fault::malformed,
                       fmt::format("the server refuses more than {} rows, first {}", kRefusedMax,
                                   exported_.refused_there)};
}

}  // namespace jobs
