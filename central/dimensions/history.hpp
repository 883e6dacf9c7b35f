#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "central/dimensions/statement.hpp"

namespace dimensions {

/// Where a series was. `to` is exclusive; none: it is there still.
struct Stay {
    base::EventTime from;
    std::optional<base::EventTime> to;
    std::string location;

    friend bool operator==(const Stay&, const Stay&) = default;
};

/// When a series had a tag.
struct Tagging {
    std::string tag;
    base::EventTime from;
    std::optional<base::EventTime> to;

    friend bool operator==(const Tagging&, const Tagging&) = default;
};

/// Both in order of time. Where nothing is known, nothing stands.
struct History {
    std::vector<Stay> stays;
    std::vector<Tagging> taggings;

    friend bool operator==(const History&, const History&) = default;
};

/// What holds of a series, when all that was said of it and of its node is given, in any order. At
/// each time the newest statement of the first of these that said anything counts: what was
/// imported for the series, what was imported for its node, what the node said.
History history_of(const std::vector<Statement>& statements);

}  // namespace dimensions
