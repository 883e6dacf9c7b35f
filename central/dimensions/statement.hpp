#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"

/// Where series are, which tags they have, and what tags mean: from when, and until when.
namespace dimensions {

/// What was said of where series are and of their tags.
struct Statement {
    std::string node;
    std::string series;        // Empty: every series of the node.
    bool is_imported = false;  // Else the node itself said it, of one series.
    base::EventTime from;
    std::optional<base::EventTime> to{};    // Exclusive. None: until the next one.
    std::optional<std::string> location{};  // Empty: not known. None: nothing is said of it.
    std::optional<std::vector<std::string>> tags{};

    friend bool operator==(const Statement&, const Statement&) = default;
};

/// Where a series is, and its tags, at one time.
struct Situation {
    std::string location;  // Empty: not known.
    std::vector<std::string> tags{};

    friend bool operator==(const Situation&, const Situation&) = default;
};

/// What a tag means.
struct TagMeaning {
    std::string tag;
    std::string path;         // Where it stands in the system that it comes from.
    std::string description;  // For people.
    std::string integrity;    // How far its readings can be trusted, in the operator's words.
    base::EventTime from;
    std::optional<base::EventTime> to{};  // Exclusive.

    friend bool operator==(const TagMeaning&, const TagMeaning&) = default;
};

}  // namespace dimensions
