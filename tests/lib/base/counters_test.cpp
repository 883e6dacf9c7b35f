#include "base/counters.hpp"

#include <doctest/doctest.h>

#include <limits>

TEST_SUITE("base/counters") {
    TEST_CASE("the Prometheus text is, byte for byte, what the format asks for") {
        base::Counters counters;
        counters.counter("leat_records_total", "Records taken.", {{"node", "attic"}}).add(3);
        counters.counter("leat_records_total", "Records taken.", {{"node", "cellar"}}).add();
        counters.gauge("leat_depth_bytes", "What waits.").set(1.5);
        CHECK(counters.prometheus() ==
              "# HELP leat_depth_bytes What waits.\n"
              "# TYPE leat_depth_bytes gauge\n"
              "leat_depth_bytes 1.5\n"
              "# HELP leat_records_total Records taken.\n"
              "# TYPE leat_records_total counter\n"
              "leat_records_total{node=\"attic\"} 3\n"
              "leat_records_total{node=\"cellar\"} 1\n");
    }

    TEST_CASE("what would break a line is escaped: labels, help, and numbers without digits") {
        base::Counters counters;
        const std::vector<base::Label> labels{{"reason", "a \"b\" \\ c\nd"}, {"x", "y"}};
        counters.gauge("g", "back\\slash, \"quote\"\nnewline", labels)
            .set(std::numeric_limits<double>::quiet_NaN());
        counters.gauge("h", "x").set(std::numeric_limits<double>::infinity());
        counters.gauge("i", "x").set(-std::numeric_limits<double>::infinity());
        CHECK(counters.prometheus() ==
              "# HELP g back\\\\slash, \"quote\"\\nnewline\n"
              "# TYPE g gauge\n"
              "g{reason=\"a \\\"b\\\" \\\\ c\\nd\",x=\"y\"} NaN\n"
              "# HELP h x\n# TYPE h gauge\nh +Inf\n"
              "# HELP i x\n# TYPE i gauge\ni -Inf\n");
    }

    TEST_CASE("a counter stays where it is while others are made") {
        base::Counters counters;
        auto& first = counters.counter("a_total", "x", {{"n", "0"}});
        for (int i = 1; i < 1000; ++i) {
            counters.counter("a_total", "x", {{"n", std::to_string(i)}});
            counters.gauge("g" + std::to_string(i), "x");
        }
        first.add(2);
        CHECK(&first == &counters.counter("a_total", "x", {{"n", "0"}}));
        CHECK(counters.value("a_total", {{"n", "0"}}) == 2);
    }

    TEST_CASE("a value that is not there is 0, and asking does not make it") {
        base::Counters counters;
        CHECK(counters.value("a_total") == 0);
        counters.counter("a_total", "x", {{"n", "0"}}).add(7);
        CHECK(counters.value("a_total") == 0);
        CHECK(counters.value("a_total", {{"n", "1"}}) == 0);
        CHECK(counters.prometheus().find("n=\"1\"") == std::string::npos);
    }

    TEST_CASE("a large count loses no digit") {
        base::Counters counters;
        counters.counter("a_total", "x").add(9'007'199'254'740'991);
        CHECK(counters.prometheus().find("\na_total 9007199254740991\n") != std::string::npos);
    }
}
