#include "central/replay/difference_table.hpp"

#include <fmt/format.h>

#include "central/detect/core/finding.hpp"
#include "central/shell/table/times.hpp"
#include "central/text/rfc3339.hpp"

namespace replay {

namespace {

using engine::WindowRow;

std::vector<shell::Column> columns() {
    return {{.name = "what", .title = "what"},
            {.name = "series", .title = "series"},
            {.name = "window_ms", .title = "length", .is_rare = true},
            {.name = "t", .title = "start"},
            {.name = "code", .title = {}},
            {.name = "count_before", .title = {}},
            {.name = "count_after", .title = {}},
            {.name = "mean_before", .title = {}},
            {.name = "mean_after", .title = {}},
            {.name = "min_before", .title = {}},
            {.name = "min_after", .title = {}},
            {.name = "max_before", .title = {}},
            {.name = "max_after", .title = {}},
            {.name = "failed_before", .title = {}},
            {.name = "failed_after", .title = {}},
            {.name = "difference", .title = "difference", .is_prose = true}};
}

std::optional<double> value_of(const std::optional<WindowRow>& row,
                               double (*read)(const WindowRow&)) {
    if (!row || row->summary.count == 0) return std::nullopt;
    return read(*row);
}

shell::Row row_of(const WindowDifference& difference) {
    const auto& [window, before, after] = difference;
    shell::Row row{"window", window.node + "/" + window.series, window.span, window.start, {}};
    row.emplace_back(before ? before->summary.count : 0);
    row.emplace_back(after ? after->summary.count : 0);
    const auto add = [&](double (*read)(const WindowRow&)) {
        row.emplace_back(value_of(difference.before, read));
        row.emplace_back(value_of(difference.after, read));
    };
    add([](const WindowRow& one) { return one.mean(); });
    add([](const WindowRow& one) { return one.summary.min; });
    add([](const WindowRow& one) { return one.summary.max; });
    row.emplace_back(before ? before->failed : 0);
    row.emplace_back(after ? after->failed : 0);
    row.emplace_back(fmt::format("{}", fmt::join(words_of(difference), ", ")));
    return row;
}

shell::Row row_of(const FindingDifference& difference) {
    const auto& key = difference.finding;
    shell::Row row{"finding",
                   key.node + "/" + key.series,
                   {},
                   key.from,
                   std::string{detect::to_text(key.code)}};
    row.resize(columns().size() - 1);
    row.emplace_back(words_of(difference));
    return row;
}

std::string lengths_text(const std::vector<base::Duration>& lengths) {
    std::vector<std::string> words;
    for (const auto length : lengths) words.push_back(shell::length_text(length));
    return fmt::format("{}", fmt::join(words, ", "));
}

std::string summary_of(const Replayed& replayed, const Order& order) {
    return fmt::format(
        "{} readings from {} to {}: {} of {} windows and {} findings would be different; {} "
        "readings set aside, {} until now",
        replayed.readings, text::rfc3339(order.from), text::rfc3339(order.to),
        replayed.windows_changed, replayed.windows, replayed.findings_changed,
        replayed.set_aside_after, replayed.set_aside_before);
}

void add_notes(const Replayed& replayed, shell::Table& table) {
    if (!replayed.lengths_gone.empty()) {
        table.notes.push_back("windows of " + lengths_text(replayed.lengths_gone) +
                              " would no longer be made");
    }
    if (!replayed.lengths_new.empty()) {
        table.notes.push_back("windows of " + lengths_text(replayed.lengths_new) +
                              " would be made, too");
    }
    for (const auto& [series, reason] : replayed.passed) {
        table.notes.push_back(fmt::format("{} is left out: {}", series, reason));
    }
}

}  // namespace

shell::Table table_of(const Replayed& replayed, const Order& order, bool with_rows) {
    shell::Table table{.facts = {{"from", order.from},
                                 {"to", order.to},
                                 {"readings", replayed.readings},
                                 {"windows", replayed.windows},
                                 {"windows_changed", replayed.windows_changed},
                                 {"findings_changed", replayed.findings_changed},
                                 {"set_aside_before", replayed.set_aside_before},
                                 {"set_aside_after", replayed.set_aside_after}},
                       .columns = columns()};
    if (with_rows) {
        for (const auto& one : replayed.windows_listed) table.rows.push_back(row_of(one));
        for (const auto& one : replayed.findings_listed) table.rows.push_back(row_of(one));
    }
    add_notes(replayed, table);
    table.remark = summary_of(replayed, order);
    const auto listed = replayed.windows_listed.size() + replayed.findings_listed.size();
    if (with_rows && listed < replayed.windows_changed + replayed.findings_changed) {
        table.remark += fmt::format(". {} are shown; --limit shows more", listed);
    }
    table.when_empty = table.remark;
    return table;
}

}  // namespace replay
