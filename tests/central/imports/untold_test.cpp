#include "central/imports/untold.hpp"

#include <doctest/doctest.h>

#include <chrono>

#include "support/temporary_folder.hpp"

using namespace std::chrono_literals;

namespace {

/// An outbox whose broker is away.
class World {
  public:
    World() {
        imports::CarrierOptions options{.outbox = folder_.file("outbox"),
                                        .like = folder_.path(),
                                        .node = "history",
                                        .patience = 1ms};
        options.broker.address = "tcp://127.0.0.1:1";
        auto opened = imports::Carrier::open(options, clock_);
        REQUIRE(opened);
        carrier_ = std::move(opened).value();
    }

    imports::Carrier& carrier() { return *carrier_; }
    void commit(const imports::Untold& before, const imports::Tally& tally) {
        delivery::Flush flush;
        imports::note_untold(before, tally, flush);
        REQUIRE(carrier_->commit(std::move(flush)));
    }
    imports::Untold untold() {
        const auto read = imports::untold_in(*carrier_);
        REQUIRE(read);
        return read.value();
    }

  private:
    support::TemporaryFolder folder_;
    base::SystemClock clock_;
    std::unique_ptr<imports::Carrier> carrier_;
};

}  // namespace

TEST_CASE("what runs brought adds up until it is told") {
    World world;
    CHECK(world.untold().is_empty());
    REQUIRE(imports::forget_untold(world.carrier()));
    world.commit({}, {.readings = 7, .failed = 1});
    world.commit({}, {.readings = 9, .failed = 2});  // Of the same run, so far.
    const auto first = world.untold();
    CHECK(first.readings == 9);
    CHECK(first.failed == 2);
    world.commit(first, {.readings = 5, .failed = 0});
    CHECK(world.untold().readings == 14);
    CHECK(imports::sentence_of(world.untold()) ==
          "; 14 of these, beside 2 that failed, by earlier runs that did not end well");
    REQUIRE(imports::forget_untold(world.carrier()));
    CHECK(world.untold().is_empty());
    CHECK(imports::sentence_of(world.untold()).empty());
}

TEST_CASE("what is noted in another way is refused, rather than taken for nothing") {
    World world;
    for (const auto* text :
         {"7", "{}", R"({"readings":7})", R"({"readings":-7,"failed":0})", "x"}) {
        CAPTURE(text);
        delivery::Flush flush;
        flush.positions["untold"] = text;
        REQUIRE(world.carrier().commit(std::move(flush)));
        const auto read = imports::untold_in(world.carrier());
        REQUIRE_FALSE(read);
        CHECK(read.error().fault == base::Fault::misconfigured);
    }
}
