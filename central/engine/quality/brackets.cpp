#include "central/engine/quality/brackets.hpp"

#include <algorithm>
#include <tuple>

#include "central/engine/boots.hpp"

namespace engine {

namespace {

bool are_of_one_incarnation(const BootRow& one, const BootRow& other) {
    return one.first && other.first && one.first->incarnation == other.first->incarnation;
}

/// The last time that is known to be in the boot.
base::EventTime known_in(const BootTie& tie) {
    return tie.utc - tie.error;
}

base::EventTime latest_begin(const BootTie& tie) {
    return tie.utc - tie.since_boot + error_at_boot(tie);
}

}  // namespace

std::vector<Bracket> brackets_of(const std::vector<BootRow>& boots) {
    auto ordered = boots;
    std::sort(ordered.begin(), ordered.end(), [](const BootRow& one, const BootRow& other) {
        return std::tie(one.first, one.boot) < std::tie(other.first, other.boot);
    });
    std::vector<Bracket> brackets;
    for (auto row = ordered.begin(); row != ordered.end(); ++row) {
        if (row->tie || row->unplaced == 0) continue;
        Bracket bracket{
            .boot = row->boot, .records = row->unplaced, .not_before = {}, .not_after = {}};
        const auto tells = [&](const BootRow& other) {
            return other.tie && are_of_one_incarnation(*row, other);
        };
        const auto before = std::find_if(std::make_reverse_iterator(row), ordered.rend(), tells);
        const auto after = std::find_if(row, ordered.end(), tells);
        if (before != ordered.rend()) bracket.not_before = known_in(*before->tie);
        if (after != ordered.end()) bracket.not_after = latest_begin(*after->tie);
        if (bracket.not_before && bracket.not_after && *bracket.not_before > *bracket.not_after) {
            bracket.not_before.reset();
            bracket.not_after.reset();
        }
        brackets.push_back(std::move(bracket));
    }
    return brackets;
}

}  // namespace engine
