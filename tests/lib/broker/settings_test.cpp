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
