// What `leat-central forget` says and asks before it removes anything; no server is needed. That it
// removes everything is shown with the real ones in forgetting_test.cpp.
#include "central/service/forget_verb.hpp"

#include <doctest/doctest.h>

#include "central/shell/filled_database.hpp"
#include "support/manual_clock.hpp"
#include "support/temporary_folder.hpp"

using namespace shell_test;

namespace {

struct World {
    World() {
        {
            Database database{path};
            fill(database);
        }
        config.redis.port = 1;  // Nobody is there.
    }
    base::Status forget(const std::string& what, bool is_agreed) {
        questions.clear();
        return central::forget(config, clock, what, [&](const std::string& question) {
            questions.push_back(question);
            return is_agreed;
        });
    }

    support::TemporaryFolder folder;
    std::string path = folder.file("leat.db");
    central::Config config = [&] {
        central::Config made;
        made.sink.path = central_test::place(path);
        return made;
    }();
    support::ManualClock clock{kNoon};
    std::vector<std::string> questions;
};

bool has(const std::string& text, const std::string& wanted) {
    CAPTURE(text);
    return text.find(wanted) != std::string::npos;
}

}  // namespace

TEST_CASE("a series is forgotten only when a person agrees to what is removed") {
    World world;
    REQUIRE(world.forget("attic/climate.temperature", false));
    REQUIRE(world.questions.size() == 1);
    CHECK(has(world.questions[0], "has 49 readings of attic/climate.temperature in"));
    REQUIRE(world.forget("attic/climate.temperature", true));
    const auto again = world.forget("attic/climate.temperature", true);
    REQUIRE_FALSE(again);
    CHECK(has(again.error().detail, "the database knows no series climate.temperature of attic"));
}

TEST_CASE("a name that is not known is told, with the nearest one, and nothing is asked") {
    World world;
    const auto series = world.forget("attic/climate.temprature", true);
    REQUIRE_FALSE(series);
    CHECK(has(series.error().detail, "of attic; did you mean climate.temperature?"));
    const auto other = world.forget("atic/climate.temperature", true);
    REQUIRE_FALSE(other);
    CHECK(has(other.error().detail, "of atic; did you mean attic?"));
    const auto node = world.forget("atic", true);
    REQUIRE_FALSE(node);
    CHECK(has(node.error().detail, "nothing is removed, as Redis must"));
    CHECK(has(node.error().detail, "The database does not know atic; did you mean attic?"));
    CHECK(world.questions.empty());
}
