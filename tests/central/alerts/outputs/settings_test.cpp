#include "central/alerts/outputs/settings.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;

namespace {

base::Result<alerts::ExitOptions> read(std::string_view text) {
    auto settings = base::Settings::parse(text, "central.toml");
    if (!settings) return settings.error();
    auto root = std::move(settings).value();
    auto options = alerts::read_exits(root.table("alerts"));
    if (auto checked = root.check(); !checked) return checked.error();
    return options;
}

std::string mistake(std::string_view text) {
    const auto options = read(text);
    return options ? "none" : options.error().detail;
}

}  // namespace

TEST_CASE("without a word alerts go to the broker and nowhere else") {
    const auto options = read("");
    REQUIRE(options);
    CHECK(options.value().is_mqtt_enabled);
    CHECK_FALSE(options.value().home_assistant.is_enabled);
    CHECK(options.value().webhooks.empty());
    CHECK(options.value().commands.empty());
}

TEST_CASE("every key of the outputs is read") {
    auto options = read(R"(
[alerts.mqtt]
enabled = false
[alerts.homeassistant]
enabled = true
prefix = "ha"
[[alerts.webhook]]
url = "https://ntfy.sh/x"
format = "text"
token_file = "/etc/leat/token"
ca_file = "/etc/leat/ca.pem"
timeout = "3s"
update_every = "1h"
[[alerts.webhook]]
url = "https://ntfy.sh/y"
name = "other"
[[alerts.command]]
run = ["/usr/local/bin/notify", "-x"]
timeout = "1m"
attempts = 2
)");
    REQUIRE(options);
    auto& all = options.value();
    CHECK_FALSE(all.is_mqtt_enabled);
    CHECK(all.home_assistant.is_enabled);
    CHECK(all.home_assistant.prefix == "ha");
    REQUIRE(all.webhooks.size() == 2);
    CHECK(all.webhooks[0].name == "ntfy.sh");
    CHECK(all.webhooks[0].format == alerts::Format::text);
    CHECK(all.webhooks[0].timeout == 3s);
    CHECK(all.webhooks[0].courier.update_every == 1h);
    CHECK(all.webhooks[1].name == "other");
    CHECK(all.webhooks[1].courier.attempts_max == 0);
    REQUIRE(all.commands.size() == 1);
    CHECK(all.commands[0].name == "notify");
    CHECK(all.commands[0].run == std::vector<std::string>{"/usr/local/bin/notify", "-x"});
    CHECK(all.commands[0].courier.attempts_max == 2);
    CHECK(alerts::secrets_of(all) == std::vector<std::string>{"/etc/leat/token", ""});
}

TEST_CASE("a mistake in an output is told with what to write") {
    struct Case {
        const char* text;
        const char* expected;
    };
    const Case cases[] = {
        {"[[alerts.webhook]]\n", "url"},
        {"[[alerts.webhook]]\nurl = \"ntfy.sh/x\"\n", "neither https:// nor http://"},
        {"[[alerts.webhook]]\nurl = \"https://a:b@c/\"\n", "write token_file"},
        {"[[alerts.webhook]]\nurl = \"http://a/\"\nca_file = \"x\"\n", "begins with https://"},
        {"[[alerts.webhook]]\nurl = \"http://a/\"\nformat = \"slak\"\n", "slack"},
        {"[[alerts.webhook]]\nurl = \"http://a/\"\ntoken = \"x\"\n", "token_file = "},
        {"[[alerts.webhook]]\nurl = \"http://a/\"\ninsecure = true\n", "always verified"},
        {"[[alerts.webhook]]\nurl = \"http://a/\"\ntimeout = \"0s\"\n", "timeout"},
        {"[[alerts.webhook]]\nurl = \"http://a/\"\n[[alerts.webhook]]\nurl = \"http://a/b\"\n",
         "two are called \"a\""},
        {"[[alerts.webhook]]\nurl = \"http://a/\"\nname = \"a b\"\n", "is no name"},
        {"[[alerts.command]]\n", "names no program"},
        {"[[alerts.command]]\nrun = []\n", "names no program"},
        {"[[alerts.command]]\nrun = [\"x\"]\nattempts = 0\n", "attempts"},
        {"[[alerts.command]]\ncommand = \"x\"\n", "write run = "},
        {"[alerts.homeassistant]\nprefix = \"a/#\"\n", "homeassistant"},
        {"[alerts.mqtt]\nenable = true\n", "enabled"},
    };
    for (const auto& one : cases) {
        CAPTURE(one.text);
        const auto told = mistake(one.text);
        CAPTURE(told);
        CHECK(told.find(one.expected) != std::string::npos);
    }
}

TEST_CASE("a central's areas at the broker are its own") {
    alerts::ExitOptions options;
    alerts::complete(options, "leat/v1", "house");
    CHECK(options.mqtt_area == "leat/v1/alert/house/");
    CHECK(options.home_assistant.area == "leat/v1/central/house/attention/");
    CHECK(options.home_assistant.status_topic == "leat/v1/central/house/status");
    const auto subscriptions = alerts::subscriptions_of(options);
    CHECK(subscriptions.at(0).filter == "leat/v1/alert/house/+/+");
    CHECK(subscriptions.at(1).filter == "leat/v1/central/house/attention/+");
}
