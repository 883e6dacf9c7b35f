// Goal: a part of the line that is frozen is named within seconds, where a person looks. Method:
// the real programs and servers; one after the other is stopped with SIGSTOP, and goes on.
// Reproduce: run it.
#include <doctest/doctest.h>

#include <csignal>

#include "central/service/program_world.hpp"

using namespace program_test;

namespace {

/// Two seconds in which a server is found silent, the time until its silence counts, and what a
/// busy machine needs.
constexpr base::Duration kSeconds = 8s;

bool says(int port, const std::string& wanted, base::Duration within = kSeconds) {
    std::string last;
    const bool said = support::eventually(
        [&] {
            last = get(port, "/healthz");
            return last.find(wanted) != std::string::npos;
        },
        within, 100ms);
    CAPTURE(wanted);
    CAPTURE(last);
    CHECK(said);
    return said;
}

const std::string kWell =
    R"({"status":"ok","parts":{"alerts":{"status":"ok"},"bridge":{"status":"ok"},)"
    R"("broker":{"status":"ok"},)"
    R"("redis":{"status":"ok"},"sink":{"status":"ok"}}})";

}  // namespace

TEST_CASE("a frozen bridge, broker or redis is named within seconds, and none but that one") {
    World world;
    auto bridge = world.start("leat-bridge");
    auto central = world.start_central();
    const int port = port_of(central);
    REQUIRE(port > 0);
    says(port, kWell, 30s);
    LoopbackClient page(port);
    page.send("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");

    bridge.kill(SIGSTOP);
    says(port,
         R"({"status":"degraded","parts":{"alerts":{"status":"ok"},"bridge":{"status":"retrying")");
    CHECK(get(port, "/healthz").find("is silent") != std::string::npos);
    CHECK(get(port, "/healthz").find(R"("broker":{"status":"ok"})") != std::string::npos);
    // The open page hears of it by itself.
    CHECK(support::eventually(
        [&] {
            page.receive();
            return page.text().find("event: health\ndata: {\"status\":\"degraded\"") !=
                   std::string::npos;
        },
        kSeconds, 100ms));
    bridge.kill(SIGCONT);
    says(port, kWell);

    world.mosquitto.pause();
    says(port, R"("broker":{"status":"retrying")");
    // Nobody can be heard through a broker that is frozen: the bridge is not to blame.
    for (int i = 0; i < 20; ++i) {
        CHECK(get(port, "/healthz").find(R"("bridge":{"status":"ok"})") != std::string::npos);
        support::eventually([] { return false; }, 200ms, 200ms);
    }
    world.mosquitto.resume();
    says(port, R"("broker":{"status":"ok"})", 30s);
    says(port, kWell, 30s);

    world.redis.pause();
    says(port, R"("redis":{"status":"retrying")");
    world.redis.resume();
    says(port, kWell, 60s);
}

TEST_CASE("a line without a bridge is never called well") {
    World world;
    auto bridge = world.start("leat-bridge");
    auto central = world.start_central();
    const int port = port_of(central);
    says(port, kWell, 30s);
    bridge.kill(SIGKILL);
    says(port, "is gone, and no other runs");
    bridge = world.start("leat-bridge");
    says(port, kWell, 30s);
    bridge.kill(SIGTERM);
    CHECK(bridge.wait(5s) == 0);
    says(port, "no bridge runs");
}
