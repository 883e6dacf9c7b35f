#include "central/replay/difference.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace replay {

namespace {

constexpr std::array<std::pair<const char*, double>, 3> kQuantiles{
    {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}}};

template <class Value>
void add(std::vector<std::string>& words, const char* name, const Value& before,
         const Value& after) {
    if (before != after) words.push_back(fmt::format("{} {} → {}", name, before, after));
}

std::string text_of(std::optional<double> value) {
    return value ? fmt::format("{}", *value) : "not known";
}

/// Of readings that are there on one side only there is nothing to compare.
void add_values(std::vector<std::string>& words, const engine::WindowRow& before,
                const engine::WindowRow& after) {
    if (before.summary.count == 0 || after.summary.count == 0) return;
    add(words, "mean", before.mean(), after.mean());
    add(words, "min", before.summary.min, after.summary.min);
    add(words, "max", before.summary.max, after.summary.max);
    add(words, "first", before.summary.first, after.summary.first);
    add(words, "last", before.summary.last, after.summary.last);
    for (const auto& [name, share] : kQuantiles) {
        add(words, name, text_of(before.quantile(share)), text_of(after.quantile(share)));
    }
}

}  // namespace

bool are_alike(const engine::WindowRow& one, const engine::WindowRow& other) {
    return one.summary == other.summary && one.first_at == other.first_at &&
           one.last_at == other.last_at && one.failed == other.failed &&
           one.reasons == other.reasons && one.sketch == other.sketch;
}

std::vector<std::string> words_of(const WindowDifference& difference) {
    static const engine::WindowRow kNone;
    const auto& before = difference.before ? *difference.before : kNone;
    const auto& after = difference.after ? *difference.after : kNone;
    std::vector<std::string> words;
    add(words, "count", before.summary.count, after.summary.count);
    add(words, "failed", before.failed, after.failed);
    add_values(words, before, after);
    return words;
}

std::string words_of(const FindingDifference& difference) {
    if (!difference.after) return "no longer found: " + difference.before->sentence;
    if (!difference.before) return "found: " + difference.after->sentence;
    return difference.before->sentence + " → " + difference.after->sentence;
}

}  // namespace replay
