// Goal: whatever a fuzzer has found stays mended. Method: give every kept input to its target, and
// its beginnings and single flipped bits too; a broken promise ends the program.

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "fuzz/targets.hpp"
#include "places.hpp"

namespace {

const std::map<std::string, void (*)(std::string_view)> kTargets{
    {"ack", fuzz::ack},
    {"batch", fuzz::batch},
    {"broker_address", fuzz::broker_address},
    {"csv", fuzz::csv},
    {"dht_frame", fuzz::dht_frame},
    {"dimension_table", fuzz::dimension_table},
    {"edges_csv", fuzz::edges_csv},
    {"hcsr04_echo", fuzz::hcsr04_echo},
    {"http_target", fuzz::http_target},
    {"json", fuzz::json},
    {"json_lines", fuzz::json_lines},
    {"last_event_id", fuzz::last_event_id},
    {"logfmt", fuzz::logfmt},
    {"mqtt", fuzz::mqtt},
    {"outbox_file", fuzz::outbox_file},
    {"reading_block", fuzz::reading_block},
    {"record", fuzz::record},
    {"redis_reply", fuzz::redis_reply},
    {"replay_position", fuzz::replay_position},
    {"request", fuzz::request},
    {"serial", fuzz::serial},
    {"settings", fuzz::settings},
    {"sketch", fuzz::sketch},
    {"status", fuzz::status},
    {"tail_position", fuzz::tail_position},
    {"time_text", fuzz::time_text},
    {"topic", fuzz::topic}};

constexpr std::size_t kDisturbedBytesMax = 4096;

std::string content_of(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>{in}, {}};
}

/// Beginnings and flipped bits, spread over the input; at most a thousand.
void disturb(void (*target)(std::string_view), std::string input) {
    const auto step = input.size() / 500 + 1;
    for (std::size_t i = 0; i < input.size(); i += step) {
        target(std::string_view{input}.substr(0, i));
        const char kept = input[i];
        input[i] = static_cast<char>(static_cast<unsigned char>(kept) ^ (1U << (i % 8)));
        target(input);
        input[i] = kept;
    }
}

}  // namespace

TEST_SUITE("fuzz/corpus") {
    TEST_CASE("every kept input keeps every promise, whole and disturbed") {
        const std::filesystem::path root{places::source("tests/fuzz/corpus")};
        for (const auto& [name, target] : kTargets) {
            CAPTURE(name);
            int inputs = 0;
            for (const auto& entry : std::filesystem::directory_iterator(root / name)) {
                CAPTURE(entry.path().string());
                const auto input = content_of(entry.path());
                target(input);
                if (input.size() <= kDisturbedBytesMax) disturb(target, input);
                ++inputs;
            }
            CHECK(inputs > 0);
        }
    }

    TEST_CASE("every folder of kept inputs has its target") {
        for (const auto& entry :
             std::filesystem::directory_iterator(places::source("tests/fuzz/corpus"))) {
            CHECK(kTargets.contains(entry.path().filename().string()));
        }
    }
}
