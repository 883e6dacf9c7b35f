// Goal: `leat-central silence` writes what a central that runs heeds, and refuses what it cannot
// understand with what to write.
#include "central/alerts/silencing/silence_verb.hpp"

#include <doctest/doctest.h>

#include "central/alerts/moments.hpp"
#include "central/database/place.hpp"
#include "central/sinks/alerts/alert_book.hpp"
#include "central/sinks/opening.hpp"
#include "central/sinks/steps.hpp"
#include "support/temporary_folder.hpp"

using namespace alerts_test;

namespace {

struct World {
    World() { REQUIRE(sink->commit(sinks_test::step_of(sink->load(0, 1).value().state, "1-0"))); }
    base::Status ask(const std::string& words, const std::string& length = {},
                     const std::string& reason = {}) {
        return alerts::carry_out({.words = words, .length = length, .reason = reason},
                                 central_test::place(path), kNoon);
    }
    std::string refusal(const std::string& words, const std::string& length = {}) {
        const auto done = ask(words, length);
        REQUIRE_FALSE(done);
        CHECK(done.error().fault == base::Fault::misused);
        return done.error().detail;
    }
    std::vector<alerts::Silence> silences() {
        return sinks::AlertBook{central_test::place(path)}.silences(kNoon + 1s).value();
    }

    support::TemporaryFolder folder;
    std::string path = folder.file("leat.db");
    std::unique_ptr<sinks::DatabaseSink> sink =  // As if central ran.
        sinks::open_sink({.path = central_test::place(path)}).value();
};

}  // namespace

TEST_CASE("a node, a series or everything is silenced for a time, beside a central that runs") {
    World world;
    REQUIRE(world.ask("attic", "2h", "painting"));
    REQUIRE(world.ask("attic/climate.temperature", "30m"));
    REQUIRE(world.ask("*", "1d"));
    const auto all = world.silences();
    REQUIRE(all.size() == 3);
    CHECK(all[0].node == "attic");
    CHECK(all[0].series.empty());
    CHECK(all[0].from == kNoon);
    CHECK(all[0].to == kNoon + 2h);
    CHECK(all[0].reason == "painting");
    CHECK(all[1].series == "climate.temperature");
    CHECK(all[2].node == alerts::kEverything);
}

TEST_CASE("a silence can be listed, and ended by its number") {
    World world;
    REQUIRE(world.ask("attic", "2h"));
    const auto id = world.silences().at(0).id;
    REQUIRE(world.ask("list"));
    REQUIRE(world.ask(""));
    REQUIRE(world.ask("end " + std::to_string(id)));
    CHECK(world.silences().empty());
    CHECK(world.refusal("end " + std::to_string(id)).find("no silence") != std::string::npos);
    CHECK(world.refusal("end").find("silence end 3") != std::string::npos);
    CHECK(world.refusal("end x").find("silence end 3") != std::string::npos);
}

TEST_CASE("what cannot be understood is refused, with what to write, and silences nothing") {
    World world;
    CHECK(world.refusal("attic").find("--for 2h") != std::string::npos);
    CHECK(world.refusal("attic", "soon").find("30m, 2h or 7d") != std::string::npos);
    CHECK(world.refusal("attic", "0s").find("30m, 2h or 7d") != std::string::npos);
    CHECK(world.refusal("attic", "367d").find("366d at most") != std::string::npos);
    CHECK(world.refusal("attic/", "2h").find("no node and no series") != std::string::npos);
    CHECK(world.refusal("no node!", "2h").find("write:") != std::string::npos);
    CHECK(world.refusal("#", "2h").find("no node and no series") != std::string::npos);
    CHECK(world.silences().empty());
}

TEST_CASE("without its file nothing can be silenced") {
    World world;
    world.path = world.folder.file("other.db");
    const auto gone = world.ask("attic", "2h");
    REQUIRE_FALSE(gone);
    CHECK(gone.error().fault == base::Fault::misconfigured);
    CHECK(gone.error().detail.find("there is no database") != std::string::npos);
}
