#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "central/detect/core/finding.hpp"
#include "central/engine/window.hpp"
#include "central/sinks/tables/readings/reading_range.hpp"

/// What can be asked of a store, and the shape of the answers.
namespace sinks {

/// A length of which windows are stored.
struct StoredSpan {
    base::Duration span{};
    std::optional<base::EventTime>
        kept_from{};  // What begins before is gone; nothing: all is kept.
};

/// The longest of them that windows of `span` can be made of, with the first start of those that
/// are whole as its `kept_from`; nothing when there is none.
std::optional<StoredSpan> source_of(base::Duration span, const std::vector<StoredSpan>& stored);

struct WindowRange {
    std::string node;
    std::string series;
    base::Duration span{};
    base::EventTime from;  // Inclusive.
    base::EventTime to;    // Exclusive.
    std::size_t rows_max = 10'000;
    bool with_sketches = false;  // They cost time to read.
};

/// Windows of all series of a quantity, in a location or with a tag, when these were so. What is
/// empty is not asked for, as in SeriesFilter.
struct GroupRange {
    std::string location{};
    std::string tag{};
    std::string quantity{};
    base::Duration span{};
    base::EventTime from{};  // The window that holds it is the first.
    base::EventTime to{};    // Exclusive.
    std::size_t rows_max = 0;
    bool with_sketches = false;
};

struct GroupWindow {
    engine::WindowRow row;     // Without the reasons of failures.
    std::uint64_t series = 0;  // That it was merged from.
};

/// Windows that have a row, by their start. With more than rows_max rows they are not whole; with
/// more than one unit they mean nothing.
struct GroupWindows {
    std::map<base::EventTime, GroupWindow> windows;
    std::vector<std::string> units;  // In order.
    std::size_t rows = 0;            // That they were merged from.
};

/// Part of a list that is in order of its key.
struct Page {
    std::string after;                 // Only what comes after this key; empty from the beginning.
    std::optional<std::size_t> limit;  // Rows at most; everything when not given.
};

/// Series by where they are and what tag they have, at a time. What is empty is not asked for.
struct SeriesFilter {
    std::string node{};
    std::string location{};  // This one, or one within it; "unknown": it is not known.
    std::string tag{};
    base::EventTime at;
};

/// A finding of a series, with its number in the order of discovery.
struct FindingRow {
    std::int64_t id = 0;
    std::string node;
    std::string series;
    detect::Finding finding;
};

struct FindingRange {
    std::string node{};      // Empty: of all.
    std::string series{};    // Empty: of all.
    base::EventTime from{};  // Those that held in [from, to).
    base::EventTime to{};
    std::optional<bool> is_open{};         // Only open ones, or only ended ones.
    std::optional<std::int64_t> before{};  // Only those with a smaller number.
    std::size_t rows_max = 200;
};

struct StretchRange {
    std::string node;
    std::string series;
    base::EventTime from;  // Those that begin in [from, to).
    base::EventTime to;
    std::size_t rows_max = 0;
    bool is_oldest_first = false;
};

/// Records of a node in quarantine for one reason.
struct QuarantineCount {
    std::string reason;  // "series_limit"
    std::uint64_t records = 0;
    std::string detail;  // What is said of the newest.

    friend bool operator==(const QuarantineCount&, const QuarantineCount&) = default;
};

}  // namespace sinks
