#include "central/alerts/office/settings.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;

namespace {

std::pair<alerts::OfficeOptions, std::string> read(const std::string& text) {
    auto settings = base::Settings::parse(text, "central.toml").value();
    auto options = alerts::read_alert_settings(settings.table("alerts"));
    const auto checked = settings.check();
    return {std::move(options), checked ? std::string{} : checked.error().detail};
}

}  // namespace

TEST_CASE("alerts are on without a word, with the rules that are on by default") {
    const auto [options, mistakes] = read("");
    CHECK(mistakes.empty());
    CHECK(options.is_enabled);
    CHECK(options.desk.rules == alerts::default_rules());
}

TEST_CASE("rules are added and left out by their names") {
    const auto [options, mistakes] = read(
        "[alerts]\nalso = [\"odd\", \"flat\"]\nwithout = [\"clock\"]\nsilent_after = \"2h\"\n"
        "quiet = \"22:00-07:00\"\nquiet_zone = \"Europe/Berlin\"\ngrace = \"1m\"\nwait_max = "
        "\"0s\"");
    CHECK(mistakes == "");
    CHECK(options.desk.rules.contains("odd"));
    CHECK(options.desk.rules.contains("flat"));
    CHECK_FALSE(options.desk.rules.contains("clock"));
    CHECK(options.lookout.signs.silent_after == 2h);
    CHECK(options.desk.wait_max == 0s);
    CHECK(options.dispatcher.quiet.contains(base::EventTime{}));
}

TEST_CASE("a mistake is told with its key and what to write") {
    const auto mistake = [](const std::string& line) { return read("[alerts]\n" + line).second; };
    CHECK(mistake("also = [\"od\"]").find("\"odd\"") != std::string::npos);
    CHECK(mistake("without = [\"xyzxyz\"]").find("node_silent") != std::string::npos);
    CHECK(mistake("quiet = \"at night\"").find("22:00-07:00") != std::string::npos);
    CHECK(mistake("quiet = \"22:00-07:00\"\nquiet_zone = \"Berlin\"").find("Berlin") !=
          std::string::npos);
    CHECK(mistake("silnt_after = \"1h\"").find("silent_after") != std::string::npos);
}
