#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "central/imports/tables/table_intake.hpp"
#include "drivers/core/names.hpp"

namespace imports::tables {

namespace {

constexpr std::size_t kNamesMax = 5;

/// "a, b and 7 more"
std::string list_of(const std::vector<std::string>& names, std::size_t count) {
    const auto shown = std::min(names.size(), kNamesMax);
    const auto end = names.begin() + static_cast<std::ptrdiff_t>(shown);
    auto text = fmt::format("{}", fmt::join(names.begin(), end, ", "));
    return count == shown ? text : fmt::format("{} and {} more", text, count - shown);
}

std::string list_of(const std::vector<std::string>& names) {
    return list_of(names, names.size());
}

void add_failures(const Tally& tally, std::vector<std::string>& sentences) {
    if (tally.failed == 0) return;
    std::vector<std::string> causes;
    for (const auto& [cause, count] : tally.causes) {
        causes.push_back(fmt::format("{} {}", count, cause));
    }
    sentences.push_back(fmt::format("{} set aside ({}): {}", tally.failed, fmt::join(causes, ", "),
                                    fmt::join(tally.reasons, "; ")));
}

void add_unmapped(const Seen& seen, std::vector<std::string>& sentences) {
    if (seen.unmapped.empty()) return;
    std::vector<std::pair<std::uint64_t, std::string>> most;
    std::uint64_t rows = 0;
    for (const auto& [path, count] : seen.unmapped) {
        rows += count;
        most.emplace_back(count, path);
    }
    std::sort(most.rbegin(), most.rend());
    std::vector<std::string> names;
    for (const auto& [count, path] : most) {
        names.push_back(fmt::format("\"{}\" ({})", drivers::shown(path), count));
    }
    sentences.push_back(fmt::format("{} of {} tags that are mapped to no series: {}", rows,
                                    names.size(), list_of(names)));
}

void add_changed(const Seen& seen, std::vector<std::string>& sentences) {
    if (seen.changed_count == 0) return;
    std::vector<std::string> names;
    for (const auto& [table, day, path, rows] : seen.changed) {
        names.push_back(fmt::format("{} of {:%F} in {} has {} {} than were taken",
                                    drivers::shown(path), day, table, rows < 0 ? -rows : rows,
                                    rows < 0 ? "fewer" : "more"));
    }
    sentences.push_back(fmt::format("changed there after `late`, and left as it was: {}",
                                    list_of(names, seen.changed_count)));
}

}  // namespace

std::string sentence_of(const TableAccount& account) {
    const auto& seen = account.seen;
    std::vector<std::string> sentences{fmt::format(
        "{} {} of {}{}{} ({} {})", seen.tables.size(), seen.tables.size() == 1 ? "table" : "tables",
        account.server, seen.tables.empty() ? "" : ": ", list_of(seen.tables), account.rows,
        account.rows == 1 ? "row" : "rows")};
    const auto add = [&](std::uint64_t count, const std::string& what) {
        if (count > 0) sentences.push_back(fmt::format("{} {}", count, what));
    };
    if (account.is_limited) sentences.emplace_back("no more, as there is a limit");
    add(account.known, "were taken before");
    add(account.nothing, "hold no value");
    add_failures(account.tally, sentences);
    if (account.conflicts > 0) {
        sentences.push_back(fmt::format("{} hold another value than the one that counts: {}",
                                        account.conflicts,
                                        list_of(account.conflict_examples, account.conflicts)));
    }
    add_unmapped(seen, sentences);
    if (!account.strange.empty()) {
        sentences.push_back("no tag there is called " + list_of(account.strange));
    }
    add_changed(seen, sentences);
    add(seen.waiting, "wait for a later run");
    add(seen.timeless, "have no time, or one before 1970, and never count");
    return fmt::format("{}", fmt::join(sentences, ". "));
}

}  // namespace imports::tables
