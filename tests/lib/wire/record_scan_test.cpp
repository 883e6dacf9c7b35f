#include "wire/record_scan.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "wire/limits.hpp"

namespace {

/// Readings with the numbers that people and devices have, and those that are hard to read.
double some_value(base::Random& random) {
    switch (random.below(6)) {
        case 0:
            return static_cast<double>(random.below(50));
        case 1:
            return -static_cast<double>(random.below(1'000'000)) / 1'000;
        case 2:
            return random.below(2) == 0 ? 0.0 : -0.0;
        case 3:
            return std::ldexp(random.unit() - 0.5, static_cast<int>(random.below(2'000)) - 1'000);
        case 4:
            return static_cast<double>(random.below(wire::kSequenceMax)) * 1'024;
        default:
            return random.normal();
    }
}

wire::Data some_data(base::Random& random) {
    wire::Data data{
        .at = base::from_milliseconds(static_cast<std::int64_t>(random.below(1U << 30)) *
                                      (random.below(8) == 0 ? 0 : 2'000)),
        .clock = static_cast<wire::ClockState>(random.below(3)),
        .boot = random.below(2) == 0 ? "" : "0f6c1d7e",
        .columns = {}};
    if (data.clock == wire::ClockState::boot) {
        data.boot = "0f6c1d7e";
    } else if (!data.boot.empty() && random.below(2) == 0) {
        data.since_boot = base::Duration{random.below(1U << 20)};
    }
    const auto columns = 1 + random.below(4);
    for (std::uint64_t i = 0; i < columns; ++i) {
        wire::RawColumn points;
        const auto size = 1 + random.below(9);
        for (std::uint64_t k = 0; k < size; ++k) {
            points.dt_ms.push_back(static_cast<std::int64_t>(random.below(4'000)) - 20);
            points.values.push_back(some_value(random));
        }
        if (i > 0 && random.below(2) == 0) {
            const auto& first = std::get<wire::RawColumn>(data.columns.front().points);
            points.dt_ms = first.dt_ms;
            points.values.resize(first.dt_ms.size(), 7.5);
        }
        data.columns.push_back(
            {.series = "room.quantity-" + std::to_string(i), .points = std::move(points)});
    }
    return data;
}

/// Whether the two ways agree on the line; and whether it was one for scan_record().
bool scans_alike(const std::string& line) {
    const auto scanned = wire::scan_record(line);
    if (!scanned) return false;
    const auto parsed = wire::parse_record(line);
    INFO(line);
    REQUIRE(parsed);
    // Numbers are written so that they are read back bit by bit.
    CHECK(wire::encode_record(*scanned) == wire::encode_record(parsed.value()));
    CHECK_FALSE(parsed.value().origin.has_value());
    return true;
}

const std::vector<std::string> kLines{
    R"({"k":"data","t":1763630000000,"clk":"synced","series":{"a.b":{"dt":[0,5],"v":[1.5,-2]}}})",
    R"({"k":"data","t":61000,"clk":"boot","boot":"0f6c1d7e","series":{"d.m":{"dt":[0],"v":[1]}}})",
    R"({"k":"data","t":17,"clk":"holdover","boot":"0f","bt":9,"series":{"a.b":{"dt":[10,20],)"
    R"("v":[-0.0,1e-7]},"a.c":{"dt":"a.b","v":[0,12345.678901234567]}}})"};

}  // namespace

TEST_SUITE("wire/record_scan") {
    TEST_CASE("every record of readings that we write is scanned, and says what it said") {
        const auto seed = base::entropy();
        CAPTURE(seed);
        base::Random random{seed};
        for (int i = 0; i < 20'000; ++i) {
            const auto line = wire::encode_record({.body = some_data(random), .origin = {}});
            const auto scanned = wire::scan_record(line);
            INFO(line);
            REQUIRE(scanned);
            CHECK(wire::encode_record(*scanned) == line);
            CHECK(scans_alike(line));
        }
    }

    TEST_CASE("no change of a character makes the two ways differ") {
        constexpr std::string_view kSigns = "\"\\{}[],:.+-0159eEaAxX_ \t\n\x7f\xc3";
        for (const auto& line : kLines) {
            CHECK(scans_alike(line));
            for (std::size_t place = 0; place < line.size(); ++place) {
                scans_alike(std::string{line}.erase(place, 1));
                scans_alike(line.substr(0, place));
                scans_alike(line.substr(0, place) + '\0' + line.substr(place));
                for (const char sign : kSigns) {
                    scans_alike(std::string{line}.replace(place, 1, 1, sign));
                    scans_alike(std::string{line}.insert(place, 1, sign));
                }
            }
        }
    }

    TEST_CASE("no number is read otherwise than by the parser of JSON") {
        const std::vector<std::string> numbers{"0",
                                               "-0",
                                               "-0.0",
                                               "0.0",
                                               "00",
                                               "01",
                                               "-01",
                                               "1.",
                                               ".5",
                                               "+1",
                                               "-",
                                               "--1",
                                               "1e5",
                                               "1E5",
                                               "1e+5",
                                               "1e-5",
                                               "1e",
                                               "1e+",
                                               "1.5e",
                                               "1e400",
                                               "-1e400",
                                               "1e-400",
                                               "5e-324",
                                               "2e-324",
                                               "1.7976931348623157e308",
                                               "1.7976931348623159e308",
                                               "9007199254740991",
                                               "9007199254740992",
                                               "9007199254740993",
                                               "-9007199254740993",
                                               "18446744073709551615",
                                               "18446744073709551616",
                                               "-9223372036854775809",
                                               "0.1",
                                               "0.30000000000000004",
                                               "2.2250738585072011e-308",
                                               "123456789012345678901234567890",
                                               "inf",
                                               "nan",
                                               "NaN",
                                               "Infinity",
                                               "0x10",
                                               "1_0",
                                               "1 ",
                                               " 1",
                                               "null",
                                               "true",
                                               "\"1\"",
                                               "[1]",
                                               "{}",
                                               ""};
        int scanned = 0;
        for (const auto& number : numbers) {
            for (const auto& line :
                 {R"({"k":"data","t":)" + number +
                      R"(,"clk":"synced","series":{"a.b":{"dt":[0],"v":[1]}}})",
                  R"({"k":"data","t":1,"clk":"synced","boot":"0","bt":)" + number +
                      R"(,"series":{"a.b":{"dt":[0],"v":[1]}}})",
                  R"({"k":"data","t":1,"clk":"synced","series":{"a.b":{"dt":[)" + number +
                      R"(],"v":[1]}}})",
                  R"({"k":"data","t":1,"clk":"synced","series":{"a.b":{"dt":[0],"v":[)" + number +
                      "]}}}"}) {
                scanned += scans_alike(line) ? 1 : 0;
            }
        }
        CHECK(scanned == 29);  // Of these 21 values, and 8 times.
    }

    TEST_CASE("what breaks a rule is left to the parser, which says the rule") {
        const auto with = [](const std::string& columns) {
            return R"({"k":"data","t":0,"clk":"synced","series":{)" + columns + "}}";
        };
        std::string many = R"("a.b":{"dt":[0)";
        std::string values = R"(],"v":[1)";
        for (std::size_t i = 0; i < wire::kRecordReadingsMax; ++i) {
            many += ",1";
            values += ",1";
        }
        std::string wide;
        for (int i = 0; i < 65; ++i) {
            wide += (i == 0 ? "\"a." : ",\"a.") + std::to_string(i) + R"(":{"dt":[0],"v":[1]})";
        }
        for (const auto& columns :
             {std::string{}, many + values + "]}", std::string{R"("a.b":{"dt":[],"v":[]})"},
              std::string{R"("a.b":{"dt":[0,1],"v":[1]})"},
              std::string{R"("a.b":{"dt":[0],"v":[1]},"a.b":{"dt":[0],"v":[1]})"},
              std::string{R"("a":{"dt":[0],"v":[1]})"}, std::string{R"("A.b":{"dt":[0],"v":[1]})"},
              std::string{R"("a.b":{"dt":"a.c","v":[1]})"},
              std::string{
                  R"("a.b":{"dt":[9007199254740991],"v":[1]},"a.c":{"dt":"a.b","v":[1,2]})"}}) {
            CAPTURE(columns);
            CHECK_FALSE(wire::scan_record(with(columns)));
            CHECK_FALSE(wire::decode_record(with(columns)));
        }
        std::string long_line;
        for (int i = 0; i < 64; ++i) {
            long_line += (i == 0 ? "\"a." : ",\"a.") + std::to_string(i) +
                         R"(":{"dt":[0,1],"v":[)" + std::string(125, '1') + "," +
                         std::string(125, '1') + "]}";
        }
        const std::string boot = R"({"k":"data","t":0,"clk":"boot","boot":")";
        const std::string reading = R"(","series":{"a.b":{"dt":[0],"v":[1]}}})";
        for (const auto& line :
             {with(long_line), boot + reading, boot + std::string(64, 'b') + reading,
              std::string{R"({"k":"data","t":-9007199254740991,"clk":"synced","series":{"a.b":)"
                          R"({"dt":[-1],"v":[1]}}})"}}) {
            CAPTURE(line);
            CHECK_FALSE(wire::scan_record(line));
            CHECK_FALSE(wire::decode_record(line));
        }
        CHECK(wire::scan_record(boot + std::string(63, 'b') + reading));
        CHECK_FALSE(wire::scan_record(with(wide)));
        CHECK(wire::decode_record(with(wide)));
        const auto late = R"({"k":"data","t":9007199254740991,"clk":"synced","series":{"a.b":)"
                          R"({"dt":[1],"v":[1]}}})";
        CHECK_FALSE(wire::scan_record(late));
        CHECK_FALSE(wire::decode_record(late));
    }
}
