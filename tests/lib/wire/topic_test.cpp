#include "wire/topic.hpp"

#include <doctest/doctest.h>

TEST_SUITE("wire/topic") {
    TEST_CASE("what is built is read back") {
        const wire::Topics topics{"site/leat"};
        const auto parts = topics.parse(topics.data("attic"));
        REQUIRE(parts);
        CHECK(parts->node == "attic");
        CHECK(parts->leaf == "data");
        CHECK(topics.shared_data_filter() == "$share/leat/site/leat/+/data");
        CHECK(topics.program_status("bridge", "b1") == "site/leat/bridge/b1/status");
    }

    TEST_CASE("the status of a program names its id, and no other topic does") {
        const wire::Topics topics;
        CHECK(topics.parse_program_status("bridge", topics.program_status("bridge", "b 1")) ==
              "b 1");
        for (const auto* topic :
             {"leat/v1/bridge/status", "leat/v1/bridge//status", "leat/v1/bridge/a/b/status",
              "leat/v1/central/a/status", "leat/v1/bridge/a/state", "leat/v2/bridge/a/status"}) {
            CAPTURE(topic);
            CHECK_FALSE(topics.parse_program_status("bridge", topic));
        }
    }

    TEST_CASE("topics outside the format do not name a node") {
        const wire::Topics topics;
        for (const auto* topic :
             {"", "leat/v1", "leat/v1/", "leat/v1/attic", "leat/v1/attic/", "leat/v2/attic/data",
              "leat/v1x/attic/data", "leat/v1/Attic/data", "leat/v1/bridge/b1/status",
              "leat/v1//data", "xleat/v1/attic/data"}) {
            CAPTURE(topic);
            CHECK_FALSE(topics.parse(topic));
        }
    }

    TEST_CASE("a root has levels and no wildcards") {
        for (const auto* good : {"leat/v1", "a", "a/b/c", "Leat v1"}) {
            CHECK(wire::is_topic_root(good));
        }
        for (const auto* bad : {"", "/a", "a/", "a//b", "a/+", "a/#", "$share/a"}) {
            CAPTURE(bad);
            CHECK_FALSE(wire::is_topic_root(bad));
        }
        CHECK_FALSE(wire::is_topic_root(std::string_view{"a\0b", 3}));
    }
}
