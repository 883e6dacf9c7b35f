#include "broker/lookup.hpp"

#include <doctest/doctest.h>
#include <netdb.h>

#include <cerrno>
#include <system_error>
#include <vector>

#include "broker/explain.hpp"
#include "support/eventually.hpp"

using broker::Lookup;

namespace {

using Works = std::vector<std::function<void()>>;

/// Starts nothing: the name service never answers.
Lookup::Start keep_in(Works& works) {
    return [&works](std::function<void()> work) { works.push_back(std::move(work)); };
}

}  // namespace

TEST_CASE("an address needs no thread and no name service") {
    const auto fail = [](std::function<void()>) { FAIL("asked"); };
    for (const char* host : {"127.0.0.1", "::1", "[::1]"}) {
        CAPTURE(host);
        const Lookup lookup(host, 1883, fail);
        REQUIRE(lookup.answer() != nullptr);
        CHECK(lookup.answer()->code == 0);
        CHECK(lookup.answer()->size > 0);
    }
}

TEST_CASE("a name is looked up beside the owner, who may be gone before the answer") {
    Works works;
    {
        const Lookup lookup("localhost", 1883, keep_in(works));
        CHECK(lookup.answer() == nullptr);
        REQUIRE(works.size() == 1);
        works[0]();
        REQUIRE(lookup.answer() != nullptr);
        CHECK(lookup.answer()->code == 0);
    }
    { const Lookup gone("localhost", 1883, keep_in(works)); }
    works.at(1)();
    const Lookup real("localhost", 1883);
    CHECK(support::eventually([&] { return real.answer() != nullptr; }));
}

TEST_CASE("where no thread can be started, that is the answer, and the next lookup tries again") {
    const auto refuse = [](const std::function<void()>&) {
        throw std::system_error(EAGAIN, std::generic_category());
    };
    const Lookup lookup("broker.lan", 1883, refuse);
    REQUIRE(lookup.answer() != nullptr);
    CHECK(lookup.answer()->code == EAI_SYSTEM);
    CHECK(lookup.answer()->system_error == EAGAIN);
    CHECK_FALSE(lookup.answer()->is_asked);
    Works works;
    const Lookup again("broker.lan", 1883, keep_in(works));
    CHECK(again.answer() == nullptr);

    broker::PahoOptions options;
    options.address = "tcp://broker.lan";
    CHECK(broker::explain_obstacle(options, {.obstacle = broker::Obstacle::no_thread,
                                             .detail = "Resource temporarily unavailable"}) ==
          "this machine starts no more threads (Resource temporarily unavailable), so that nobody "
          "could be asked where broker.lan is: end other programs, or raise the limit (TasksMax= "
          "of the service, ulimit -u)");
}

TEST_CASE("a name service that hangs does not collect threads without end") {
    Works works;
    std::vector<Lookup> lookups;
    for (int i = 0; i < Lookup::kThreadsMax; ++i) {
        lookups.emplace_back("broker.lan", 1883, keep_in(works));
        CHECK(lookups.back().answer() == nullptr);
    }
    const Lookup one_more("broker.lan", 1883, keep_in(works));
    CHECK(works.size() == static_cast<std::size_t>(Lookup::kThreadsMax));
    REQUIRE(one_more.answer() != nullptr);
    CHECK(one_more.answer()->code == EAI_AGAIN);
    works.pop_back();  // One has returned.
    const Lookup later("broker.lan", 1883, keep_in(works));
    CHECK(later.answer() == nullptr);
}
