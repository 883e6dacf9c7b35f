#include "central/shell/subjects.hpp"

#include <fmt/format.h>

#include <set>
#include <sstream>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "central/api/series.hpp"
#include "central/shell/moment.hpp"
#include "central/views/series_view.hpp"

namespace shell {

namespace {

using Rows = std::vector<engine::SeriesRow>;

constexpr std::size_t kNamedMax = 20;
constexpr std::size_t kWordBytesMax = 200;

base::Error no_series(const std::string& node, const Rows& rows) {
    std::vector<std::string> ids;
    for (const auto& row : rows) ids.push_back(views::series_id(row));
    if (ids.size() > kNamedMax) {
        ids.resize(kNamedMax);
        ids.emplace_back("…");
    }
    return {base::Fault::misused,
            ids.empty() ? fmt::format("{} is a node, and has no series yet", node)
                        : fmt::format("{} is a node; write one of {}", node, fmt::join(ids, ", "))};
}

}  // namespace

base::Error error_of(const http::Problem& problem) {
    constexpr int kTryLater = 503;
    constexpr int kFailed = 500;
    const bool is_option = problem.slug == "bad-parameter";
    const auto fault = problem.status == kTryLater ? base::Fault::transient
                       : problem.status == kFailed ? base::Fault::malformed
                                                   : base::Fault::misused;
    return {fault, base::printable((is_option ? "--" : "") + problem.detail)};
}

std::vector<std::string> words_of(const std::string& text) {
    std::istringstream stream{text};
    std::vector<std::string> words;
    for (std::string word; stream >> word;) {
        // What is longer is no name, and would only fill the screen.
        words.push_back(word.substr(0, kWordBytesMax));
    }
    return words;
}

base::Result<Rows> series_of(const api::Facts& facts, const std::string& word) {
    if (word.find('/') != std::string::npos) {
        auto found = api::find_series(facts.query, word);
        if (const auto* problem = std::get_if<http::Problem>(&found)) return error_of(*problem);
        return Rows{std::get<engine::SeriesRow>(std::move(found))};
    }
    const auto missing = api::missing_node(facts.query, facts.presences, word);
    if (const auto* problem = std::get_if<http::Problem>(&missing)) return error_of(*problem);
    return facts.query.series(word);
}

base::Result<Rows> series_of_all(const api::Facts& facts, const std::vector<std::string>& words) {
    if (words.empty()) return facts.query.series({});
    Rows all;
    std::set<std::string> seen;
    for (const auto& word : words) {
        auto rows = series_of(facts, word);
        if (!rows) return rows.error();
        for (auto& row : std::move(rows).value()) {
            if (seen.insert(views::series_id(row)).second) all.push_back(std::move(row));
        }
    }
    return all;
}

base::Result<base::EventTime> time_of(const Question& question, const std::string& option) {
    auto time = parse_moment(question.command.option(option), question.facts.now, question.zone);
    if (time) return time;
    return base::Error{time.error().fault, "--" + option + ": " + time.error().detail};
}

base::Result<std::size_t> parse_limit(const std::string& text, std::size_t fallback) {
    if (text.empty()) return fallback;
    const auto limit = base::parse_number<std::size_t>(text).value_or(0);
    if (limit > 0) return limit;
    return base::Error{base::Fault::misused, "--limit needs a number: --limit 24"};
}

base::Result<engine::SeriesRow> one_series(const api::Facts& facts, const std::string& id) {
    auto rows = series_of(facts, id);
    if (!rows) return rows.error();
    if (id.find('/') == std::string::npos) return no_series(id, rows.value());
    return rows.value().front();
}

}  // namespace shell
