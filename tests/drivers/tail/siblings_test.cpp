#include "drivers/tail/siblings.hpp"

#include "drivers/tail/fixture.hpp"

namespace fs = std::filesystem;
using tail_test::Tailed;

TEST_CASE("the name of a rotated file is known from other names") {
    struct Case {
        const char* name;
        const char* part;
    };
    const Case cases[] = {
        {"data.csv.1", ".1"},
        {"data.csv.12.gz", ".12"},
        {"data.csv-20251120", "-20251120"},
        {"data.csv-2025-11-20T10:00:00.zst", "-2025-11-20T10:00:00"},
        {"data.2.csv", ".2"},
        {"data-20251120.csv.gz", "-20251120"},
        {"data.csv", ""},
        {"data.csv.gz", ""},
        {"data.csv.bak", ""},
        {"data.csv~", ""},
        {"data.csv.", ""},
        {"data.csv1", ""},
        {"data2.csv", ""},
        {"data.csv.1.swp", ""},
        {"database.csv.1", ""},
        {"data", ""},
    };
    for (const auto& one : cases) {
        CAPTURE(one.name);
        CHECK(drivers::tail::rotated_part(one.name, "data.csv") == one.part);
    }
    CHECK(drivers::tail::rotated_part("log.1", "log") == ".1");
    CHECK(drivers::tail::rotated_part(".hidden.1", ".hidden") == ".1");
}

TEST_CASE("siblings come the oldest first, by time and then by number, the current one last") {
    const Tailed tailed;
    const auto now = fs::file_time_type::clock::now();
    const auto make = [&](const std::string& suffix, int age_s) {
        tailed.append("x", suffix);
        fs::last_write_time(tailed.path(suffix), now - std::chrono::seconds{age_s});
    };
    make("", 900);  // Nothing was written since: it is the newest all the same.
    make(".1", 20);
    make(".3", 50);
    make(".10", 50);
    make(".2", 50);
    make(".4.gz", 90);
    fs::create_directory(tailed.path(".5"));
    std::vector<std::string> names;
    for (const auto& one : drivers::tail::siblings_of(tailed.path())) {
        names.push_back(fs::path(one.path).filename().string().substr(8));
    }
    CHECK(names == std::vector<std::string>{".4.gz", ".10", ".3", ".2", ".1", ""});
    const auto siblings = drivers::tail::siblings_of(tailed.path());
    CHECK(siblings.front().is_compressed);
    CHECK(siblings.front().is_rotated);
    CHECK(siblings.back().is_current);
    CHECK_FALSE(siblings.back().is_rotated);
}

TEST_CASE("the length of a compressed file is known if its trailer has it") {
    const Tailed tailed;
    tailed.append(std::string(20, '\0') + std::string("\x01\x02\0\0", 4), ".1.gz");
    tailed.append(std::string(24, '\0'), ".2.xz");
    tailed.append("short", ".3.gz");
    const auto siblings = drivers::tail::siblings_of(tailed.path());
    REQUIRE(siblings.size() == 3);
    for (const auto& one : siblings) {
        const bool told = one.path.ends_with(".1.gz");
        CHECK(drivers::tail::unpacked_length(one) ==
              (told ? std::optional<std::uint64_t>{513} : std::nullopt));
    }
}
