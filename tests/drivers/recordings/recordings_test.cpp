// Goal: recordings of real sensors are decoded exactly as their makers documented them.
// Method: every CSV in LEAT_TEST_DATA/captures (or ../shared/data/captures beside the sources)
// against expected.json there. Skipped, with a message, where there are none.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "base/json.hpp"
#include "drivers/recordings/decode_edges.hpp"
#include "support/test_data.hpp"

namespace {

std::string read(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::stringstream content;
    content << file.rdbuf();
    return content.str();
}

std::optional<std::filesystem::path> recordings() {
    const auto captures = std::filesystem::path{support::test_data_folder()} / "captures";
    if (std::filesystem::exists(captures / "expected.json")) return captures;
    return std::nullopt;
}

void check_recording(const std::filesystem::path& path, const base::Json& expected) {
    std::ifstream csv(path);
    const auto& frames = expected.find("frames")->array;
    const auto lines = drivers::recordings::decode_edges(expected.find("driver")->string, csv);
    fmt::print("{:45} {} of {} frames\n", path.filename().string(),
               lines ? lines.value().frames.size() : 0, frames.size());
    if (frames.empty()) {
        REQUIRE_FALSE(lines);
        CHECK(lines.error().detail.starts_with("no frame: no response"));
        return;
    }
    REQUIRE(lines);
    REQUIRE(lines.value().frames.size() == frames.size());
    for (std::size_t i = 0; i < frames.size(); ++i) {
        const auto line = base::parse_json(lines.value().frames[i]);
        REQUIRE(line);
        REQUIRE(line.value().object.size() == frames[i].object.size());
        for (const auto& [name, value] : frames[i].object) {
            const std::string key = name;
            CAPTURE(key);
            const auto* got = line.value().find(key);
            REQUIRE(got != nullptr);
            CHECK(got->number == value.number);
        }
    }
}

}  // namespace

TEST_CASE("every recording of a real sensor gives exactly its documented frames") {
    const auto folder = recordings();
    if (!folder) {
        MESSAGE(
            "skipped: no recordings; set LEAT_TEST_DATA to a folder with captures/expected.json");
        return;
    }
    const auto expected = base::parse_json(read(*folder / "expected.json"));
    REQUIRE(expected);
    REQUIRE(expected.value().object.size() > 0);
    for (const auto& [name, recording] : expected.value().object) {
        const std::string file = name;
        CAPTURE(file);
        check_recording(*folder / file, recording);
    }
}
