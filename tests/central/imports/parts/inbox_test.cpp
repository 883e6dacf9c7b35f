#include "central/imports/parts/inbox.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/clock.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

struct Place {
    std::vector<std::string> ready(base::EventTime at) {
        std::vector<std::string> names;
        const auto look = inbox.look(at).value();
        for (const auto& found : look.ready) names.push_back(found.name);
        return names;
    }
    bool has(const std::string& name) const { return fs::exists(folder.file(name)); }
    std::string read(const std::string& name) const {
        std::ifstream file{folder.file(name)};
        return {std::istreambuf_iterator<char>{file}, {}};
    }

    support::TemporaryFolder folder;
    imports::Inbox inbox{{.folder = folder.path(), .settle = 1min}};
    base::EventTime now = base::SystemClock{}.event_time();
};

}  // namespace

TEST_CASE("a file that is young, hidden or named as one that is written is left alone") {
    Place place;
    for (const auto* name : {"b.csv", "A.CSV", ".c.csv", "d.csv.part", "notes.txt"}) {
        place.folder.write(name, "x\n");
    }
    fs::create_directory(place.folder.file("folder.csv"));
    CHECK(place.ready(place.now).empty());
    CHECK(place.ready(place.now + 2min) == std::vector<std::string>{"A.CSV", "b.csv"});
    CHECK(place.ready(place.now - 2min).size() == 2);  // The writer's clock is ahead.
    CHECK(place.inbox.look(place.now + 2min).value().unsettled ==
          std::vector<std::string>{"d.csv.part"});
}

TEST_CASE("a file that moves away never replaces another") {
    Place place;
    REQUIRE(place.inbox.prepare());
    for (const auto* content : {"1\n", "2\n", "3\n"}) {
        place.folder.write("a.csv", content);
        REQUIRE(place.inbox.move_to_done("a.csv"));
        CHECK_FALSE(place.has("a.csv"));
    }
    CHECK(place.read("done/a.csv") == "1\n");
    CHECK(place.read("done/a.2.csv") == "2\n");
    CHECK(place.read("done/a.3.csv") == "3\n");
}

TEST_CASE("what is refused has its reason beside it") {
    Place place;
    REQUIRE(place.inbox.prepare());
    place.folder.write("a.csv", "1\n");
    REQUIRE(place.inbox.refuse("a.csv", "it is no table"));
    CHECK(place.read("refused/a.csv") == "1\n");
    CHECK(place.read("refused/a.csv.reason.txt") == "it is no table\n");
}

TEST_CASE("a folder that is not there is told, with what to do") {
    const imports::Inbox inbox{{.folder = "/nowhere/at/all"}};
    const auto prepared = inbox.prepare();
    REQUIRE_FALSE(prepared);
    CHECK(prepared.error().detail.find("make it") != std::string::npos);
}

TEST_CASE("a last line without its end is seen") {
    const support::TemporaryFolder folder;
    CHECK(imports::has_last_newline(folder.write("whole", "a\nb\n"), 4).value());
    CHECK(imports::has_last_newline(folder.write("empty", ""), 0).value());
    CHECK_FALSE(imports::has_last_newline(folder.write("cut", "a\nb"), 3).value());
    CHECK_FALSE(imports::has_last_newline(folder.file("missing"), 1));
    CHECK(imports::has_last_newline(folder.file("cut"), 2).value());  // What it was when found.
}

TEST_CASE("what root makes in a folder of somebody else's is theirs") {
    if (::geteuid() != 0) return;
    Place place;
    constexpr uid_t kOther = 12'345;
    REQUIRE(::chown(place.folder.path().c_str(), kOther, kOther) == 0);
    REQUIRE(place.inbox.prepare());
    struct stat made {};
    REQUIRE(::stat(place.folder.file("done").c_str(), &made) == 0);
    CHECK(made.st_uid == kOther);
}
