#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <utility>

#include "base/settings.hpp"

using namespace std::chrono_literals;

namespace {

/// The reason why the text cannot be expanded.
std::string refusal(std::string_view text) {
    const auto expanded = base::expand_variables(text);
    REQUIRE_FALSE(expanded);
    CHECK(expanded.error().fault == base::Fault::misconfigured);
    return expanded.error().detail;
}

}  // namespace

TEST_SUITE("base/settings_text") {
    TEST_CASE("a duration is told in the largest unit that keeps it whole") {
        const std::pair<base::Duration, const char*> cases[] = {
            {0s, "0s"}, {250ms, "250ms"}, {1'500ms, "1500ms"}, {60s, "1m"},  {90s, "90s"},
            {1h, "1h"}, {90min, "90m"},   {168h, "7d"},        {36h, "36h"}, {-120s, "-2m"}};
        for (const auto& [duration, text] : cases) {
            CHECK(base::duration_text(duration) == text);
            if (duration >= 0s) CHECK(base::parse_duration(text).value() == duration);
        }
    }

    TEST_CASE("durations and sizes have a unit and no fraction") {
        CHECK(base::parse_duration("250ms").value() == 250ms);
        CHECK(base::parse_duration("2s").value() == 2s);
        CHECK(base::parse_duration("5m").value() == 5min);
        CHECK(base::parse_duration("1h").value() == 1h);
        CHECK(base::parse_duration("7d").value() == 168h);
        CHECK(base::parse_duration("0s").value() == 0s);
        CHECK(base::parse_bytes("512B").value() == 512);
        CHECK(base::parse_bytes("64KiB").value() == 65'536);
        CHECK(base::parse_bytes("2TiB").value() == 2'199'023'255'552);
        CHECK(base::parse_bytes("64MiB").value() == 67'108'864);
        CHECK(base::parse_bytes("2GiB").value() == 2'147'483'648U);
        for (const auto* wrong : {"", "5", "s", "-1s", "1.5s", "1 s", " 1s", "1s ", "1S", "0x1s",
                                  "1e3s", "1sm", "1min", "+1s", "99999999999999999999s"}) {
            CAPTURE(wrong);
            CHECK_FALSE(base::parse_duration(wrong));
        }
        for (const auto* wrong : {"", "5", "1KB", "1kib", "1PiB", "-1B", "1.5MiB"}) {
            CAPTURE(wrong);
            CHECK_FALSE(base::parse_bytes(wrong));
        }
    }

    TEST_CASE("what does not fit is too large, not something small") {
        CHECK(base::parse_duration("9223372036854775807ms").value().count() ==
              9'223'372'036'854'775'807);
        CHECK(base::parse_duration("9223372036854775808ms").error().detail ==
              "\"9223372036854775808ms\" is too large");
        CHECK(base::parse_duration("9223372036854775807d").error().detail ==
              "\"9223372036854775807d\" is too large");
        CHECK_FALSE(base::parse_bytes("8589934592GiB"));
        CHECK(base::parse_bytes("8589934591GiB"));
    }

    TEST_CASE("every form of a variable does what it says") {
        setenv("LEAT_TEST_SET", "value", 1);
        setenv("LEAT_TEST_EMPTY", "", 1);
        unsetenv("LEAT_TEST_UNSET");
        struct Row {
            const char* text;
            const char* expected;
        };
        for (const auto& row :
             {Row{"plain $ text }", "plain $ text }"}, Row{"", ""},
              Row{"${LEAT_TEST_SET}", "value"},
              Row{"a${LEAT_TEST_SET}b${LEAT_TEST_SET}c", "avaluebvaluec"},
              Row{"${LEAT_TEST_EMPTY}", ""}, Row{"${LEAT_TEST_SET:-other}", "value"},
              Row{"${LEAT_TEST_EMPTY:-other}", "other"}, Row{"${LEAT_TEST_UNSET:-other}", "other"},
              Row{"${LEAT_TEST_UNSET:-}", ""}, Row{"${LEAT_TEST_UNSET:-a:b-c}", "a:b-c"},
              Row{"${LEAT_TEST_SET:?must be set}", "value"}}) {
            CAPTURE(row.text);
            const auto expanded = base::expand_variables(row.text);
            REQUIRE(expanded);
            CHECK(expanded.value() == row.expected);
        }
        CHECK(refusal("${LEAT_TEST_UNSET}") == "the variable LEAT_TEST_UNSET is not set");
        CHECK(refusal("x ${LEAT_TEST_UNSET:?give one}") == "LEAT_TEST_UNSET: give one");
        CHECK(refusal("${LEAT_TEST_EMPTY:?give one}") == "LEAT_TEST_EMPTY: give one");
        CHECK(refusal("${LEAT_TEST_UNSET:=x}").find("is not understood") != std::string::npos);
        CHECK(refusal("${LEAT_TEST_SET") == "\"${\" without \"}\"");
        CHECK(refusal("${LEAT_TEST_UNSET:-${LEAT_TEST_SET}}") ==
              "a ${…} inside another is not understood");
        unsetenv("LEAT_TEST_SET");
        unsetenv("LEAT_TEST_EMPTY");
    }

    TEST_CASE("a value that looks like a variable is not expanded again") {
        setenv("LEAT_TEST_SET", "${HOME}", 1);
        CHECK(base::expand_variables("${LEAT_TEST_SET}").value() == "${HOME}");
        unsetenv("LEAT_TEST_SET");
    }

    TEST_CASE("the nearest word is the one that was meant, or none") {
        const std::vector<std::string> words{"host", "port", "password_file", "ip"};
        CHECK(base::nearest_word("hots", words) == "host");
        CHECK(base::nearest_word("prot", words) == "port");
        CHECK(base::nearest_word("pasword-file", words) == "password_file");
        CHECK(base::nearest_word("password", words) == std::nullopt);
        CHECK(base::nearest_word("xy", words) == std::nullopt);
        CHECK(base::nearest_word("", words) == std::nullopt);
        CHECK(base::nearest_word("host", {}) == std::nullopt);
    }
}
