#include "central/detect/drift/hour.hpp"

#include <algorithm>
#include <map>

#include "central/detect/drift/neighbourhood.hpp"

namespace detect::drift {

namespace {

using Group = std::vector<Member*>;

/// There is at least one.
double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const auto middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// Those with a mean of the hour that can be compared at all.
Group present_of(const Group& group) {
    Group present;
    for (auto* member : group) {
        if (!member->mean) continue;
        member->drift.note(*member->mean);
        member->is_changed = true;
        if (!member->drift.only_rises()) present.push_back(member);
    }
    return present;
}

/// Those that know best how far they are from the others, and do not drift; none when all are new.
Group judges_of(const Group& present) {
    Group begun;
    Group learned;
    for (auto* member : present) {
        if (member->drift.has_begun()) begun.push_back(member);
        const bool is_sound = member->drift.has_learned() && !member->drift.is_open();
        if (is_sound) learned.push_back(member);
    }
    return learned.size() >= kGroupLeast ? learned : begun;
}

double common_of(const Group& group) {
    std::vector<double> values;
    for (const auto* member : group) values.push_back(member->drift.without_own(*member->mean));
    return median(std::move(values));
}

void judge(base::EventTime hour, const std::string& place, const Group& group) {
    const auto present = present_of(group);
    if (present.size() < kGroupLeast) return;
    const auto judges = judges_of(present);
    const double common = common_of(judges.empty() ? present : judges);
    for (auto* member : present) {
        auto& drift = member->drift;
        if (!drift.has_begun()) drift.begin(*member->mean - common);
        if (judges.size() < kGroupLeast && !judges.empty()) continue;
        drift.see(member->subject,
                  {.start = hour,
                   .common = common,
                   .neighbours = present.size() - 1,
                   .place = place,
                   .resolution = member->resolution},
                  *member->mean, member->findings);
    }
}

/// One that has moved, or whose neighbours have, begins anew.
void settle(base::EventTime hour, const std::string& place, Member& member) {
    if (member.place == place && !place.empty()) return;
    member.is_changed = !member.place.empty() || !place.empty() || member.drift.has_begun();
    member.drift.leave(member.subject, member.place, hour, member.findings);
    member.place = place;
}

}  // namespace

void judge(base::EventTime hour, std::vector<Member>& members) {
    std::vector<std::string> locations;
    for (const auto& member : members) {
        locations.push_back(member.subject.is_state ? std::string{} : member.location);
    }
    const auto places = places_of(locations);
    std::map<std::string, Group> groups;
    for (std::size_t i = 0; i < members.size(); ++i) {
        settle(hour, places[i], members[i]);
        if (!places[i].empty()) groups[places[i]].push_back(&members[i]);
    }
    for (const auto& [place, group] : groups) judge(hour, place, group);
}

}  // namespace detect::drift
