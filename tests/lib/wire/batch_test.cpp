#include "wire/batch.hpp"

#include <doctest/doctest.h>

#include <string>

#include "wire/limits.hpp"

namespace {

std::string header(const std::string& members) {
    return R"({"v":1,"inc":"9f86d081884c7d65","h":"000102030405060708090a0b0c0d0e0f","now":0,)" +
           members + "}";
}

struct Refused {
    const char* name;
    std::string payload;
    const char* reason;
};

}  // namespace

TEST_SUITE("wire/batch") {
    TEST_CASE("what is encoded is decoded, line for line") {
        const wire::BatchHeader sent{.incarnation = {5},
                                     .base = 9,
                                     .count = 2,
                                     .lowest = 3,
                                     .before = {},
                                     .now = base::from_milliseconds(12),
                                     .after = 7};
        const auto payload = wire::encode_batch(sent, {"{}", "not even JSON"});
        const auto batch = wire::decode_batch(payload);
        REQUIRE(batch);
        CHECK(batch.value().header == sent);
        CHECK(batch.value().lines == std::vector<std::string_view>{"{}", "not even JSON"});
    }

    TEST_CASE("a payload that is not a batch is refused with its reason") {
        const auto many = [](std::size_t count) {
            std::string lines;
            for (std::size_t i = 0; i < count; ++i) lines += "\n{}";
            return lines;
        };
        const std::vector<Refused> cases{
            {"empty", "", "header"},
            {"a picture", "\x89PNG\r\n\x1a\n", "header"},
            {"no version", R"({"inc":"9f86d081884c7d65"})", "v is missing"},
            {"another version", R"({"v":2})", "version 2"},
            {"short incarnation", R"({"v":1,"inc":"9f","h":""})", "inc is not"},
            {"short hash", R"({"v":1,"inc":"9f86d081884c7d65","h":"00"})", "h is not"},
            {"base 0", header(R"("base":0,"n":0,"lo":1)"), "base is not"},
            {"negative base", header(R"("base":-1,"n":0,"lo":1)"), "base is not"},
            {"base with a fraction", header(R"("base":1.5,"n":0,"lo":1)"), "base is not"},
            {"base beyond 2^53", header(R"("base":9007199254740992,"n":0,"lo":1)"), "base is not"},
            {"end beyond 2^53", header(R"("base":9007199254740991,"n":1,"lo":1)") + "\n{}",
             "too large"},
            {"lo above base", header(R"("base":1,"n":0,"lo":2)"), "lo is above"},
            {"no count", header(R"("base":1,"lo":1)"), "n is not a count"},
            {"too many records", header(R"("base":1,"n":65,"lo":1)") + many(65), "65 records"},
            {"a line missing", header(R"("base":1,"n":2,"lo":1)") + many(1), "fewer lines"},
            {"a line too many", header(R"("base":1,"n":1,"lo":1)") + many(2), "more lines"},
            {"a trailing newline", header(R"("base":1,"n":1,"lo":1)") + "\n{}\n", "more lines"},
            {"an empty line", header(R"("base":1,"n":2,"lo":1)") + "\n\n{}", "empty"},
            {"a long line",
             header(R"("base":1,"n":1,"lo":1)") + "\n" + std::string(wire::kLineBytesMax + 1, 'x'),
             "16385 bytes"},
            {"a long payload", std::string(wire::kBatchBytesMax + 1, 'x'), "65537 bytes"},
            {"after below lo", header(R"("base":9,"n":0,"lo":3,"after":2)"), "from lo on"},
            {"after that leaves out nothing", header(R"("base":9,"n":0,"lo":3,"after":8)"),
             "leaves out nothing"},
            {"after that is not a number", header(R"("base":9,"n":0,"lo":3,"after":"4")"),
             "from lo on"},
            {"nested header", R"({"v":1,"inc":[[]]})", "header"},
        };
        for (const auto& refused : cases) {
            CAPTURE(refused.name);
            const auto batch = wire::decode_batch(refused.payload);
            REQUIRE_FALSE(batch);
            CAPTURE(batch.error().detail);
            CHECK(batch.error().detail.find(refused.reason) != std::string::npos);
        }
    }

    TEST_CASE("any single flipped bit of a header is refused or changes only what it names") {
        const auto payload = wire::encode_batch({.incarnation = {5},
                                                 .base = 9,
                                                 .count = 1,
                                                 .lowest = 3,
                                                 .before = {},
                                                 .now = {},
                                                 .after = 4},
                                                {"{}"});
        const auto original = wire::decode_batch(payload);
        REQUIRE(original);
        std::size_t refused = 0;
        for (std::size_t i = 0; i < payload.find('\n'); ++i) {
            for (int bit = 0; bit < 8; ++bit) {
                auto flipped = payload;
                flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
                const auto batch = wire::decode_batch(flipped);
                if (!batch) {
                    ++refused;
                    continue;
                }
                CHECK(batch.value().header != original.value().header);
            }
        }
        CHECK(refused > 300);
    }
}
