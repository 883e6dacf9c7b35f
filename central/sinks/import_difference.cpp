#include "central/sinks/import_difference.hpp"

#include <fmt/format.h>

#include <map>
#include <tuple>

namespace sinks {

namespace {

using dimensions::Statement;
using dimensions::TagMeaning;

std::string time_text(base::EventTime time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    auto text = fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                            static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
    if (time == base::EventTime{day}) return text;
    const std::chrono::hh_mm_ss clock{time - day};
    return text + fmt::format("T{:02}:{:02}:{:02}Z", clock.hours().count(), clock.minutes().count(),
                              clock.seconds().count());
}

/// " from 2026-01-31 to 2026-02-01"; from 1970 on means since ever.
std::string validity(base::EventTime from, const std::optional<base::EventTime>& to) {
    std::string text;
    if (from != base::EventTime{}) text += " from " + time_text(from);
    if (to) text += " to " + time_text(*to);
    return text;
}

auto key_of(const Statement& statement) {
    return std::tuple{statement.node, statement.series, statement.from};
}
auto key_of(const TagMeaning& meaning) {
    return std::tuple{meaning.tag, meaning.from};
}

std::string subject_of(const Statement& statement) {
    return statement.node + (statement.series.empty() ? "" : "/" + statement.series) +
           validity(statement.from, statement.to);
}
std::string subject_of(const TagMeaning& meaning) {
    return meaning.tag + validity(meaning.from, meaning.to);
}

std::string content_of(const Statement& statement) {
    std::string text;
    if (statement.location) {
        text = statement.location->empty() ? "location unknown" : *statement.location;
    }
    if (!statement.tags) return text;
    if (!text.empty()) text += ", ";
    if (statement.tags->empty()) return text + "no tags";
    return text + fmt::format("tags {}", fmt::join(*statement.tags, " "));
}
std::string content_of(const TagMeaning& meaning) {
    std::string text;
    for (const auto& part : {meaning.path, meaning.description, meaning.integrity}) {
        if (!part.empty()) text += (text.empty() ? "" : ", ") + part;
    }
    return text;
}

void tell(Difference& difference, std::string sentence) {
    if (difference.sentences.size() < kSentencesMax) {
        difference.sentences.push_back(std::move(sentence));
    }
}

template <class Said>
void add(Difference& difference, const std::vector<Said>& before, const std::vector<Said>& after) {
    std::map<decltype(key_of(before.front())), const Said*> old;
    for (const auto& said : before) old[key_of(said)] = &said;
    for (const auto& said : after) {
        const auto known = old.extract(key_of(said));
        if (known.empty()) {
            ++difference.added;
            tell(difference, fmt::format("new: {}: {}", subject_of(said), content_of(said)));
        } else if (!(*known.mapped() == said)) {
            ++difference.changed;
            tell(difference,
                 fmt::format("now: {}: {} (was{}: {})", subject_of(said), content_of(said),
                             validity(known.mapped()->from, known.mapped()->to),
                             content_of(*known.mapped())));
        }
    }
    for (const auto& [key, said] : old) {
        ++difference.removed;
        tell(difference, fmt::format("gone: {}: {}", subject_of(*said), content_of(*said)));
    }
}

}  // namespace

void add_difference(Difference& difference, const std::vector<Statement>& before,
                    const std::vector<Statement>& after) {
    add(difference, before, after);
}

void add_difference(Difference& difference, const std::vector<TagMeaning>& before,
                    const std::vector<TagMeaning>& after) {
    add(difference, before, after);
}

}  // namespace sinks
