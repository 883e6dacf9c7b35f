#include "central/dimensions/history.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace dimensions {

namespace {

using base::EventTime;

/// A value of one kind, and when it held.
template <class Value>
struct Held {
    EventTime from;
    std::optional<EventTime> to;
    Value value;
};

constexpr std::size_t kRanks = 3;

/// Who is believed: a higher one more.
std::size_t rank_of(const Statement& statement) {
    if (!statement.is_imported) return 0;
    return statement.series.empty() ? 1 : 2;
}

/// The statements of one rank, looked at from one time to a later one.
class Track {
  public:
    void add(const Statement& statement) { statements_.push_back(&statement); }
    void sort() {
        std::stable_sort(statements_.begin(), statements_.end(),
                         [](const auto* a, const auto* b) { return a->from < b->from; });
    }
    /// The statement that holds at `t`; null when there is none.
    const Statement* move_to(EventTime t) {
        while (next_ < statements_.size() && statements_[next_]->from <= t) ++next_;
        if (next_ == 0) return nullptr;
        const auto* newest = statements_[next_ - 1];
        return newest->to && *newest->to <= t ? nullptr : newest;
    }

  private:
    std::vector<const Statement*> statements_;
    std::size_t next_ = 0;
};

template <class Value>
std::vector<Held<Value>> held(const std::vector<Statement>& statements,
                              std::optional<Value> Statement::*member) {
    std::array<Track, kRanks> tracks;
    std::set<EventTime> cuts;
    for (const auto& statement : statements) {
        if (!(statement.*member)) continue;
        tracks.at(rank_of(statement)).add(statement);
        cuts.insert(statement.from);
        if (statement.to) cuts.insert(*statement.to);
    }
    for (auto& track : tracks) track.sort();
    std::vector<Held<Value>> all;
    for (const auto cut : cuts) {
        Value value;
        for (auto& track : tracks) {
            if (const auto* said = track.move_to(cut)) value = *(said->*member);
        }
        if (!all.empty() && all.back().value == value) continue;
        if (!all.empty()) all.back().to = cut;
        all.push_back({.from = cut, .to = {}, .value = std::move(value)});
    }
    std::erase_if(all, [](const auto& each) { return each.value.empty(); });
    return all;
}

/// What a tag had in neighbouring sets is one tagging.
std::vector<Tagging> taggings_of(const std::vector<Held<std::vector<std::string>>>& sets) {
    std::vector<Tagging> taggings;
    std::map<std::string, std::size_t> newest;  // Of each tag: its place in the list.
    for (const auto& set : sets) {
        for (const auto& tag : set.value) {
            const auto known = newest.find(tag);
            if (known != newest.end() && taggings[known->second].to == set.from) {
                taggings[known->second].to = set.to;
                continue;
            }
            newest[tag] = taggings.size();
            taggings.push_back({.tag = tag, .from = set.from, .to = set.to});
        }
    }
    return taggings;
}

}  // namespace

History history_of(const std::vector<Statement>& statements) {
    History history;
    for (auto& each : held(statements, &Statement::location)) {
        history.stays.push_back(
            {.from = each.from, .to = each.to, .location = std::move(each.value)});
    }
    history.taggings = taggings_of(held(statements, &Statement::tags));
    return history;
}

}  // namespace dimensions
