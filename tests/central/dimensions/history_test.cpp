// Goal: what holds of a series follows from all that was said, in whatever order it is given.
// Method: cases by hand, and random statements against an oracle that asks each moment by itself.

#include "central/dimensions/history.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/random.hpp"

namespace {

using dimensions::History;
using dimensions::history_of;
using dimensions::Statement;
using Tags = std::vector<std::string>;

base::EventTime at(std::int64_t ms) {
    return base::from_milliseconds(ms);
}

Statement said(std::int64_t from, const std::string& location, const Tags& tags = {}) {
    return {.node = "attic", .series = "a.b", .from = at(from), .location = location, .tags = tags};
}

Statement imported(std::int64_t from, std::optional<std::int64_t> to, const std::string& location,
                   bool is_of_node = false) {
    Statement statement{.node = "attic",
                        .series = is_of_node ? "" : "a.b",
                        .is_imported = true,
                        .from = at(from),
                        .location = location};
    if (to) statement.to = at(*to);
    return statement;
}

/// The statement of that rank which holds at t; of two from one time, none is made by the test.
const Statement* newest(const std::vector<Statement>& all, base::EventTime t, bool is_imported,
                        bool is_of_node) {
    const Statement* found = nullptr;
    for (const auto& each : all) {
        if (each.is_imported != is_imported || each.series.empty() != is_of_node) continue;
        if (each.from <= t && (found == nullptr || each.from > found->from)) found = &each;
    }
    return found != nullptr && found->to && *found->to <= t ? nullptr : found;
}

std::string location_by_oracle(const std::vector<Statement>& all, base::EventTime t) {
    for (const auto* one :
         {newest(all, t, true, false), newest(all, t, true, true), newest(all, t, false, false)}) {
        if (one != nullptr) return *one->location;
    }
    return {};
}

template <class Each>
bool holds(const Each& each, base::EventTime t) {
    return each.from <= t && (!each.to || t < *each.to);
}

std::string location_in(const History& history, base::EventTime t) {
    std::string location;
    for (const auto& stay : history.stays) {
        if (!holds(stay, t)) continue;
        CHECK(location.empty());  // Nothing is in two places.
        location = stay.location;
    }
    return location;
}

/// Statements of every rank at distinct times between 0 and 40; imports end before the next.
std::vector<Statement> random_statements(base::Random& random) {
    const auto place = [&] { return std::string{"/"} + static_cast<char>('a' + random.below(3)); };
    std::vector<Statement> all;
    for (const bool is_of_node : {false, true}) {
        std::int64_t from = static_cast<std::int64_t>(random.below(10));
        for (auto left = random.below(4); left > 0; --left) {
            const auto to = from + 1 + static_cast<std::int64_t>(random.below(9));
            const bool is_open = random.below(3) == 0;
            all.push_back(imported(from, is_open ? std::nullopt : std::optional{to},
                                   random.below(4) == 0 ? "" : place(), is_of_node));
            from = to + static_cast<std::int64_t>(random.below(5));
        }
    }
    for (std::int64_t from = 0; from < 40; ++from) {
        if (random.below(4) == 0) all.push_back(said(from, random.below(5) == 0 ? "" : place()));
    }
    return all;
}

}  // namespace

TEST_SUITE("dimensions/history") {
    TEST_CASE("where nothing was said nothing is known") {
        CHECK(history_of({}) == History{});
        CHECK(history_of({said(5, "")}) == History{});
    }

    TEST_CASE("a series stays until its node says another place, and repeating changes nothing") {
        const auto history = history_of(
            {said(10, "/a"), said(20, "/a"), said(30, "/b"), said(40, ""), said(50, "/b")});
        CHECK(history.stays == std::vector<dimensions::Stay>{{at(10), at(30), "/a"},
                                                             {at(30), at(40), "/b"},
                                                             {at(50), {}, "/b"}});
    }

    TEST_CASE(
        "an import counts from its begin to its end, and what the node said before and after") {
        const auto history = history_of({said(10, "/a"), imported(20, 30, "/c"), said(25, "/b")});
        CHECK(history.stays == std::vector<dimensions::Stay>{{at(10), at(20), "/a"},
                                                             {at(20), at(30), "/c"},
                                                             {at(30), {}, "/b"}});
    }

    TEST_CASE("an import without an end counts for good, whatever the node says later") {
        const auto history = history_of({said(10, "/a"), imported(20, {}, "/c"), said(25, "/b")});
        CHECK(history.stays ==
              std::vector<dimensions::Stay>{{at(10), at(20), "/a"}, {at(20), {}, "/c"}});
    }

    TEST_CASE("an import that does not know the place hides what the node says") {
        CHECK(history_of({said(10, "/a"), imported(20, {}, "")}).stays ==
              std::vector<dimensions::Stay>{{at(10), at(20), "/a"}});
    }

    TEST_CASE("what is imported for a series counts more than for its node") {
        const auto history =
            history_of({imported(0, {}, "/a", true), imported(10, 20, "/b"), said(5, "/c")});
        CHECK(history.stays == std::vector<dimensions::Stay>{{at(0), at(10), "/a"},
                                                             {at(10), at(20), "/b"},
                                                             {at(20), {}, "/a"}});
    }

    TEST_CASE("tags are known apart from each other and from the place") {
        auto tags_only = imported(20, 30, "");
        tags_only.location.reset();
        tags_only.tags = Tags{"x"};
        const auto history =
            history_of({said(10, "/a", {"x", "y"}), said(15, "/b", {"y"}), tags_only});
        CHECK(history.stays ==
              std::vector<dimensions::Stay>{{at(10), at(15), "/a"}, {at(15), {}, "/b"}});
        CHECK(history.taggings == std::vector<dimensions::Tagging>{{"x", at(10), at(15)},
                                                                   {"y", at(10), at(20)},
                                                                   {"x", at(20), at(30)},
                                                                   {"y", at(30), {}}});
    }

    TEST_CASE("random statements give what each moment gives by itself, in any order") {
        base::Random random{7};
        std::size_t stays = 0;
        for (int round = 0; round < 500; ++round) {
            auto statements = random_statements(random);
            const auto history = history_of(statements);
            for (std::int64_t t = -1; t < 60; ++t) {
                CAPTURE(round);
                CAPTURE(t);
                REQUIRE(location_in(history, at(t)) == location_by_oracle(statements, at(t)));
            }
            for (std::size_t i = 1; i < history.stays.size(); ++i) {
                const auto& before = history.stays[i - 1];
                REQUIRE(before.to);
                CHECK(*before.to <= history.stays[i].from);
                CHECK((before.to != history.stays[i].from ||
                       before.location != history.stays[i].location));
            }
            stays += history.stays.size();
            for (auto left = statements.size(); left > 1; --left) {
                std::swap(statements[left - 1], statements[random.below(left)]);
            }
            CHECK(history_of(statements) == history);
        }
        CHECK(stays > 1'000);
    }
}
