#include "drivers/mqtt/options/topic_filter.hpp"

#include <doctest/doctest.h>

using drivers::mqtt::topic_levels;
using drivers::mqtt::TopicFilter;

namespace {

TopicFilter filter(const std::string& text) {
    auto parsed = TopicFilter::parse(text);
    REQUIRE_MESSAGE(parsed, text);
    return std::move(parsed).value();
}

struct Match {
    const char* filter;
    const char* topic;
    bool matches;
};

struct Pair {
    const char* a;
    const char* b;
    bool overlaps;
    bool a_covers_b;
};

// The first ten are the examples of MQTT 5.0, section 4.7.
const Match kMatches[] = {
    {"sport/tennis/player1/#", "sport/tennis/player1", true},
    {"sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true},
    {"sport/#", "sport", true},
    {"#", "a/b/c", true},
    {"sport/tennis/+", "sport/tennis/player1", true},
    {"sport/tennis/+", "sport/tennis/player1/ranking", false},
    {"sport/+", "sport", false},
    {"sport/+", "sport/", true},
    {"+/+", "/finance", true},
    {"+", "/finance", false},
    {"#", "$SYS/broker/uptime", false},
    {"+/monitor/Clients", "$SYS/monitor/Clients", false},
    {"$SYS/#", "$SYS/broker", true},
    {"tele/+/SENSOR", "tele/plug/SENSOR", true},
    {"tele/+/SENSOR", "tele/plug/STATE", false},
};

const Pair kPairs[] = {
    {"a/+", "a/b", true, true},
    {"a/+", "+/b", true, false},
    {"a/#", "a", true, true},
    {"a/#", "a/b/c", true, true},
    {"a/+/c", "a/b/#", true, false},
    {"a/+", "a/+/c", false, false},
    {"+/sensor/+/state", "+/binary_sensor/+/state", false, false},
    {"a", "b", false, false},
};

}  // namespace

TEST_CASE("a filter matches what MQTT says it matches") {
    for (const auto& row : kMatches) {
        CAPTURE(row.filter);
        CAPTURE(row.topic);
        CHECK(filter(row.filter).matches(topic_levels(row.topic)) == row.matches);
    }
}

TEST_CASE("two filters overlap when one topic matches both, whichever is asked") {
    for (const auto& row : kPairs) {
        CAPTURE(row.a);
        CAPTURE(row.b);
        CHECK(filter(row.a).overlaps(filter(row.b)) == row.overlaps);
        CHECK(filter(row.b).overlaps(filter(row.a)) == row.overlaps);
        CHECK(filter(row.a).covers(filter(row.b)) == row.a_covers_b);
    }
}

TEST_CASE("a text that is not a filter is refused with the reason") {
    const auto why = [](const std::string& text) {
        const auto parsed = TopicFilter::parse(text);
        return parsed ? std::string{} : parsed.error().detail;
    };
    CHECK(why("").find("empty") != std::string::npos);
    CHECK(why("a/#/b").find("# must come last") != std::string::npos);
    CHECK(why("a/b+").find("a whole level") != std::string::npos);
    CHECK(why("a#").find("a whole level") != std::string::npos);
    CHECK(why(std::string(300, 'a')).find("256") != std::string::npos);
    CHECK(why(std::string("a\0b", 3)).find("zero byte") != std::string::npos);
}

TEST_CASE("the wildcards' levels are what they stand for") {
    using Levels = std::vector<std::string>;
    CHECK(filter("a/+/c/+").wild_levels(topic_levels("a/b/c/d"), 4) == Levels{"b", "d"});
    CHECK(filter("a/+/c/+").wild_levels(topic_levels("a/b/c/d"), 3) == Levels{"b"});
    CHECK(filter("a/#").wild_levels(topic_levels("a/b/c"), 3) == Levels{"b", "c"});
    CHECK(filter("a/b").wild_levels(topic_levels("a/b"), 2).empty());
}
