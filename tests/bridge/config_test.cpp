#include "bridge/config.hpp"

#include <doctest/doctest.h>

#include "bridge/embedded.hpp"

using bridge::Durability;

namespace {

base::Result<bridge::Config> read(std::string_view text) {
    auto settings = base::Settings::parse(text, "bridge.toml");
    REQUIRE(settings);
    return bridge::read_config(std::move(settings).value(), "My-Host.local", "1.2.3");
}

}  // namespace

TEST_CASE("the sample is a good configuration and shows the defaults") {
    const auto sample = read(bridge::kSampleConfig);
    if (!sample) FAIL(sample.error().detail);
    const auto empty = read("");
    REQUIRE(empty);
    CHECK(sample.value().broker.address == empty.value().broker.address);
    CHECK(sample.value().redis.host == empty.value().redis.host);
    CHECK(sample.value().redis.port == empty.value().redis.port);
    CHECK(sample.value().store.partitions == empty.value().store.partitions);
    CHECK(sample.value().store.cap == empty.value().store.cap);
    CHECK(sample.value().store.durability == Durability::disk);
    CHECK(sample.value().store.dead_letters_max == empty.value().store.dead_letters_max);
    CHECK(sample.value().bridge.topic_root == empty.value().bridge.topic_root);
    CHECK(sample.value().log_level == empty.value().log_level);
}

TEST_CASE("a bridge is named after its host and leaves a will in that name") {
    const auto config = read("[topics]\nroot = \"site/a\"");
    REQUIRE(config);
    CHECK(config.value().bridge.id == "my-host-local");
    CHECK(config.value().bridge.version == "1.2.3");
    CHECK(config.value().broker.client_id == "leat-bridge-my-host-local");
    REQUIRE(config.value().broker.will);
    CHECK(config.value().broker.will->topic == "site/a/bridge/my-host-local/status");
    CHECK(config.value().broker.will->payload == R"({"state":"lost"})");
    CHECK(config.value().broker.will->retain);
    REQUIRE(config.value().broker.subscriptions.size() == 1);
    CHECK(config.value().broker.subscriptions[0].filter == "$share/leat/site/a/+/data");
}

TEST_CASE("what is wrong in a configuration is reported with its place") {
    struct Row {
        const char* name;
        const char* text;
        const char* reported;
    };
    const Row rows[]{
        {"an id with a space", "[bridge]\nid = \"a b\"", "bridge.toml:2"},
        {"no partitions", "[store]\npartitions = 0", "bridge.toml:2"},
        {"a cap of hardly more than a batch", "[store]\ncap = 999", "bridge.toml:2"},
        {"a durability of wishes", "[store]\ndurability = \"dsk\"", "disk"},
        {"a wildcard as root", "[topics]\nroot = \"a/#\"", "bridge.toml:2"},
        {"an unknown key", "[store]\npartition = 3", "partitions"},
        {"an unknown table", "[stoer]\ncap = 1000", "store"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto config = read(row.text);
        REQUIRE_FALSE(config);
        CHECK(config.error().fault == base::Fault::misconfigured);
        CAPTURE(config.error().detail);
        CHECK(config.error().detail.find(row.reported) != std::string::npos);
    }
}
