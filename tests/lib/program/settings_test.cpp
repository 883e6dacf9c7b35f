#include "program/settings.hpp"

#include <doctest/doctest.h>

#include "support/temporary_folder.hpp"

using program::make_safe_id;

namespace {

base::Settings parsed(std::string_view text) {
    auto settings = base::Settings::parse(text, "a.toml");
    REQUIRE(settings);
    return std::move(settings).value();
}

/// What check() finds wrong; empty when all is well.
std::string wrong(const base::Settings& settings) {
    const auto checked = settings.check();
    return checked ? std::string{} : checked.error().detail;
}

}  // namespace

TEST_SUITE("program/settings") {
    TEST_CASE("any host name becomes a name fit for a topic, or nothing") {
        CHECK(make_safe_id("gateway-1") == "gateway-1");
        CHECK(make_safe_id("RPi_4.local") == "rpi-4-local");
        CHECK(make_safe_id("--x") == "x");
        CHECK(make_safe_id("").empty());
        CHECK(make_safe_id("äö").empty());
        CHECK(make_safe_id(std::string(100, 'a')).size() == 63);
    }

    TEST_CASE("an id is the configured one, else the host's, else the fallback") {
        CHECK(program::read_id(parsed("id = \"attic-2\""), "House.local", "x-1") == "attic-2");
        CHECK(program::read_id(parsed(""), "House.local", "x-1") == "house-local");
        CHECK(program::read_id(parsed(""), "", "x-1") == "x-1");
        for (const auto* bad : {"id = \"Big House\"", "id = \"-a\"", "id = \"\""}) {
            CAPTURE(bad);
            const auto settings = parsed(bad);
            program::read_id(settings, "house", "x-1");
            CHECK(wrong(settings).find("a.toml:1: id may hold") == 0);
        }
    }

    TEST_CASE("a setting that is not a topic is refused, and the message names the key") {
        auto settings = parsed("[topics]\nroot = \"a/#\"");
        program::read_topic_root(settings.table("topics"));
        CHECK(wrong(settings).find("a.toml:2: topics.root is not a topic") == 0);
        CHECK(program::read_topic_root(parsed("")) == "leat/v1");
    }

    TEST_CASE("the log has four levels") {
        CHECK(program::read_log_level(parsed("")) == base::LogLevel::info);
        CHECK(program::read_log_level(parsed("level = \"debug\"")) == base::LogLevel::debug);
        const auto settings = parsed("level = \"loud\"");
        program::read_log_level(settings);
        CHECK(wrong(settings).find("is not one of") != std::string::npos);
    }

    TEST_CASE("a configuration is loaded with the program's own reader, or not at all") {
        const support::TemporaryFolder folder;
        const auto read = [](base::Settings settings) -> base::Result<std::string> {
            return settings.text("name", "none");
        };
        const auto file = folder.write("a.toml", "name = \"attic\"\n");
        CHECK(program::load_config(file, read).value() == "attic");
        const auto absent = program::load_config(folder.file("b.toml"), read);
        REQUIRE_FALSE(absent);
        CHECK(absent.error().fault == base::Fault::misconfigured);
    }
}
