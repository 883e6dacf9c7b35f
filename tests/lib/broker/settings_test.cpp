#include <doctest/doctest.h>

#include <vector>

#include "broker/paho_connection.hpp"

using namespace std::chrono_literals;

TEST_CASE("the broker's settings are read from one table") {
    auto settings = base::Settings::parse(R"(
address = "ssl://broker.lan"
user = "node-1"
password_file = "/run/credentials/password"
ca_file = "/etc/leat/ca.pem"
certificate_file = "/etc/leat/node.pem"
key_file = "/etc/leat/node.key"
keep_alive = "45s"
connect_timeout = "3s"
)",
                                          "test.toml");
    REQUIRE(settings);
    auto table = std::move(settings).value();
    const auto options = broker::read_broker_settings(table);
    CHECK(table.check());
    CHECK(options.address == "ssl://broker.lan");
    CHECK(options.user == "node-1");
    CHECK(options.password_file == "/run/credentials/password");
    CHECK(options.ca_file == "/etc/leat/ca.pem");
    CHECK(options.certificate_file == "/etc/leat/node.pem");
    CHECK(options.key_file == "/etc/leat/node.key");
    CHECK(options.keep_alive == 45s);
    CHECK(options.connect_timeout == 3s);
}

TEST_CASE("settings of the broker that cannot work are refused at the start") {
    for (const char* text : {
             R"(address = "broker:1883")",
             R"(password_file = "/x")",
             R"(ca_file = "/x")",
             R"(
address = "ssl://broker"
key_file = "/x")",
             R"(keep_alive = "1s")",
             R"(adress = "tcp://broker")",
         }) {
        CAPTURE(text);
        auto settings = base::Settings::parse(text, "test.toml");
        REQUIRE(settings);
        auto table = std::move(settings).value();
        (void)broker::read_broker_settings(table);
        CHECK_FALSE(table.check());
    }
}

TEST_CASE("what people know from other programs is told with the key of ours") {
    const std::vector<std::pair<const char*, const char*>> cases{
        {"password = \"x\"",
         "test.toml:1: unknown key \"password\": a password does not stand in "
         "this file: write it into one of its own, chmod 600, and password_file "
         "= \"/etc/leat/broker.password\""},
        {"host = \"b\"",
         "test.toml:1: unknown key \"host\": write address = \"tcp://host:1883\", or "
         "ssl://host:8883 for TLS"},
        {"port = 1883", "write address = \"tcp://host:1883\""},
        {"username = \"x\"", "write user = "},
        {"ca = \"x\"", "write ca_file = "},
        {"cert = \"x\"", "write certificate_file = "},
        {"keepalive = \"20s\"", "did you mean \"keep_alive\"?"},
        {"ca_file = \"/x\"", "test.toml:1: ca_file is only for an address that begins with ssl://"},
        {"password_file = \"/x\"", "password_file needs a user: write user = "},
    };
    for (const auto& [text, told] : cases) {
        CAPTURE(text);
        auto settings = base::Settings::parse(text, "test.toml");
        REQUIRE(settings);
        auto table = std::move(settings).value();
        (void)broker::read_broker_settings(table);
        const auto checked = table.check();
        REQUIRE_FALSE(checked);
        CHECK_MESSAGE(checked.error().detail.find(told) != std::string::npos,
                      checked.error().detail);
    }
}
