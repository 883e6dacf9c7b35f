#include "drivers/core/registry.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "drivers/core/configured_driver.hpp"
#include "places.hpp"

namespace {

std::string content_of(const std::string& path) {
    std::ifstream in(places::source("drivers/" + path));
    REQUIRE_MESSAGE(in, path);
    std::ostringstream content;
    content << in.rdbuf();
    return content.str();
}

}  // namespace

TEST_CASE("every folder of drivers is a kind, and every kind has its folder") {
    std::set<std::string> folders;
    for (const auto& entry : std::filesystem::directory_iterator(places::source("drivers"))) {
        if (std::filesystem::exists(entry.path() / "sample.toml")) {
            folders.insert(entry.path().filename().string());
        }
    }
    std::set<std::string> kinds;
    for (const auto& kind : drivers::driver_kinds()) kinds.insert(std::string(kind.name));
    CHECK(kinds == folders);
    CHECK(kinds.contains("replay"));
}

TEST_CASE("a kind is found by its name and by nothing else") {
    REQUIRE(drivers::find_driver_kind("host") != nullptr);
    CHECK(drivers::find_driver_kind("host")->name == "host");
    CHECK(drivers::find_driver_kind("hos") == nullptr);
    CHECK(drivers::find_driver_kind("") == nullptr);
}

TEST_CASE("every sample is read by the real parser without a complaint") {
    for (const auto& kind : drivers::driver_kinds()) {
        CAPTURE(kind.name);
        CHECK_FALSE(kind.sentence.empty());
        const auto status = configured::validate(std::string(kind.sample));
        CHECK_MESSAGE(status, (status ? "" : status.error().detail));
    }
}

TEST_CASE("the sample in the binary, in sample.toml and in README.md is one and the same") {
    for (const auto& kind : drivers::driver_kinds()) {
        CAPTURE(kind.name);
        const std::string folder{kind.name};
        CHECK(kind.sample == content_of(folder + "/sample.toml"));
        CHECK(content_of(folder + "/README.md")
                  .find("```toml\n" + std::string(kind.sample) + "```") != std::string::npos);
    }
}

TEST_CASE("every README has the same chapters in the same order") {
    for (const auto& kind : drivers::driver_kinds()) {
        CAPTURE(kind.name);
        const auto text = content_of(std::string(kind.name) + "/README.md");
        std::vector<std::string> chapters;
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);) {
            if (line.starts_with("## ")) chapters.push_back(line.substr(3));
        }
        REQUIRE(chapters.size() == 5);
        CHECK((chapters[0] == "Wiring" || chapters[0] == "Endpoints"));
        CHECK(chapters[1] == "Configuration");
        CHECK(chapters[2] == "What it emits");
        CHECK(chapters[3] == "Counters");
        CHECK(chapters[4] == "Failure table");
        CHECK(text.starts_with("# " + std::string(kind.name) + "\n\n"));
    }
}

TEST_CASE("a misspelt key of a driver is refused with the nearest one") {
    const auto status =
        configured::validate("[[sensor]]\nname = \"a\"\ndriver = \"host\"\ndisk = [\"/\"]\n");
    REQUIRE_FALSE(status);
    CHECK(status.error().detail.find("test.toml:4: ") != std::string::npos);
    CHECK(status.error().detail.find("did you mean \"disks\"?") != std::string::npos);
}

TEST_CASE("the name of a sensor leads to its driver, however it is spelt") {
    const std::pair<const char*, const char*> rows[] = {{"hc-sr04", "ultrasonic"},
                                                        {"HCSR04", "ultrasonic"},
                                                        {"hcsr501", "pir"},
                                                        {"dht11", "dht"},
                                                        {"AM2302", "dht"}};
    for (const auto& [sensor, driver] : rows) {
        CAPTURE(sensor);
        const auto* kind = drivers::find_kind_of_sensor(sensor);
        REQUIRE(kind != nullptr);
        CHECK(kind->name == driver);
    }
    for (const char* word : {"", "-", "a", "bme280"}) {
        CHECK(drivers::find_kind_of_sensor(word) == nullptr);
    }
}
