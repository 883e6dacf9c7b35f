#pragma once

#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "central/alerts/core/alert.hpp"

namespace alerts {

/// Of every node, and of the line itself.
constexpr const char* kEverything = "*";

/// A person's wish to hear nothing of a node or of one series, until it ends. The alerts are made
/// and shown all the same.
struct Silence {
    std::int64_t id = 0;   // Given by the book.
    std::string node;      // Or kEverything.
    std::string series{};  // Empty: all of the node.
    base::EventTime from;
    base::EventTime to;
    std::string reason{};

    friend bool operator==(const Silence&, const Silence&) = default;
};

bool covers(const Silence& silence, const Alert& alert, base::EventTime now);

/// "attic/climate.temperature", "attic" or "*".
std::string subject_of(const Silence& silence);

}  // namespace alerts
