#include "wire/identity.hpp"

#include <doctest/doctest.h>

#include <string>

TEST_SUITE("wire/identity") {
    TEST_CASE("node names are exactly those of the specification") {
        for (const auto* good : {"a", "attic", "0", "pi-4", "a-", "central-1"}) {
            CAPTURE(good);
            CHECK(wire::is_node_name(good));
        }
        for (const auto* bad : {"", "-a", "Attic", "a_b", "a.b", "a/b", "a b", "+", "#", "bridge",
                                "central", "alert", "\xc3\xa9"}) {
            CAPTURE(bad);
            CHECK_FALSE(wire::is_node_name(bad));
        }
        CHECK(wire::is_node_name(std::string(63, 'a')));
        CHECK_FALSE(wire::is_node_name(std::string(64, 'a')));
        CHECK_FALSE(wire::is_node_name(std::string("a\0b", 3)));
    }

    TEST_CASE("series names are a sensor and a quantity") {
        CHECK(wire::is_series_name("climate.temperature"));
        CHECK(wire::is_series_name("cpu-0.load_1m"));
        for (const auto* bad : {"", "climate", ".temperature", "climate.", "a.b.c", "A.b", "a.B",
                                "_a.b", "a._b", "a b.c"}) {
            CAPTURE(bad);
            CHECK_FALSE(wire::is_series_name(bad));
        }
        CHECK(wire::sensor_of("climate.temperature") == "climate");
    }

    TEST_CASE("incarnations round-trip as sixteen digits") {
        const wire::Incarnation incarnation{0x00000000000000ffU};
        CHECK(wire::to_text(incarnation) == "00000000000000ff");
        CHECK(wire::parse_incarnation("00000000000000ff") == incarnation);
        CHECK_FALSE(wire::parse_incarnation("ff"));
        CHECK_FALSE(wire::parse_incarnation("00000000000000FF"));
        CHECK_FALSE(wire::parse_incarnation("0x000000000000ff"));
    }

    TEST_CASE("the hash of partitions is FNV-1a") {
        // Test vectors from the authors' page.
        CHECK(wire::fnv1a64("") == 0xcbf29ce484222325U);
        CHECK(wire::fnv1a64("a") == 0xaf63dc4c8601ec8cU);
        CHECK(wire::fnv1a64("foobar") == 0x85944171f73967e8U);
        CHECK(wire::partition_of("attic", 16) == wire::fnv1a64("attic") % 16);
    }
}
