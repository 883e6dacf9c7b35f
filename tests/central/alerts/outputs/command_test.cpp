// Goal: a program is run for each alert, and can do nothing to central. Method: the real command
// with real scripts. Reproduce: run it.
#include "central/alerts/outputs/command/command.hpp"

#include <doctest/doctest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "central/alerts/outputs/some_alert.hpp"
#include "support/eventually.hpp"
#include "support/temporary_folder.hpp"

using alerts::Command;
using alerts::Delivered;
using alerts_test::closed;
using alerts_test::some_alert;
using namespace std::chrono_literals;

namespace {

std::string text_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

struct World {
    /// Runs the script by `sh`, in whose $0 stands the folder.
    explicit World(const std::string& script, base::Duration timeout = 5s,
                   std::uint32_t attempts = 3)
        : command(options_of({"sh", "-c", script, folder.path().string()}, timeout, attempts),
                  counters, 3) {}

    static alerts::CommandOptions options_of(std::vector<std::string> run, base::Duration timeout,
                                             std::uint32_t attempts) {
        alerts::CommandOptions options;
        options.name = "notify";
        options.run = std::move(run);
        options.timeout = timeout;
        options.courier.attempts_max = attempts;
        options.courier.backoff = {.first = 10ms, .longest = 30ms};
        return options;
    }
    template <class Predicate>
    bool until(Predicate predicate) {
        return support::eventually([&] {
            command.tick(clock.instant());
            ++ticks;
            for (auto& what : command.take_delivered()) delivered.push_back(std::move(what));
            return predicate();
        });
    }
    bool until_delivered(std::size_t count) {
        return until([&] { return delivered.size() >= count; });
    }
    double given_up() const { return counters.sum("leat_central_alerts_given_up_total"); }

    support::TemporaryFolder folder;
    base::Counters counters;
    base::SystemClock clock;
    Command command;
    std::vector<Delivered> delivered;
    int ticks = 0;
};

}  // namespace

TEST_CASE("a command gets the alert as JSON and in variables, and nothing of it is run") {
    World world(
        "cat > $0/input; env | grep ^LEAT_ALERT_ | sort > $0/variables; "
        "ls /proc/self/fd | wc -l > $0/descriptors; ps -o pgid= -p $$ > /dev/null; exit 0");
    auto alert = some_alert();
    alert.sentence = "$(touch /tmp/never) `x`; 41 °C";
    world.command.offer(alert);
    REQUIRE(world.until_delivered(1));
    CHECK(world.command.name() == "command/notify");
    base::JsonWriter json;
    write_alert(json, alert);
    CHECK(text_of(world.folder.file("input")) == json.text() + "\n");
    CHECK(text_of(world.folder.file("variables")) ==
          "LEAT_ALERT_ADVICE=look at it\nLEAT_ALERT_CODE=limit\nLEAT_ALERT_ID=00000000000000a1\n"
          "LEAT_ALERT_NODE=attic\nLEAT_ALERT_REVISION=1\n"
          "LEAT_ALERT_SENTENCE=$(touch /tmp/never) `x`; 41 °C\n"
          "LEAT_ALERT_SERIES=climate.temperature\nLEAT_ALERT_SEVERITY=warning\n"
          "LEAT_ALERT_STATE=open\n");
    // 0, 1, 2, and the folder that ls has opened.
    CHECK(std::stoi(text_of(world.folder.file("descriptors"))) == 4);
}

TEST_CASE("a command that fails is run again, a few times, and its last words are told") {
    World world("echo run >> $0/runs; echo first >&2; printf 'no route\\033[1m\\n' >&2; exit 3");
    world.command.offer(some_alert());
    REQUIRE(world.until([&] { return world.given_up() == 1; }));
    CHECK(text_of(world.folder.file("runs")) == "run\nrun\nrun\n");
    CHECK(world.command.trouble() == "sh ended with 3 (no route [1m)");
    CHECK(world.delivered.empty());
    CHECK(world.counters.sum("leat_central_alerts_retried_total") == 3);
}

TEST_CASE("a command that succeeds at the second try is not run a third time") {
    World world("echo run >> $0/runs; test $(wc -l < $0/runs) -ge 2");
    world.command.offer(some_alert());
    REQUIRE(world.until_delivered(1));
    CHECK(text_of(world.folder.file("runs")) == "run\nrun\n");
    CHECK(world.command.trouble().empty());
}

TEST_CASE("a command that takes too long is killed with all that it started") {
    World world("sleep 60 & echo $! > $0/child; wait", 200ms, 1);
    world.command.offer(some_alert());
    REQUIRE(world.until([&] { return world.given_up() == 1; }));
    CHECK(world.command.trouble() == "sh did not end within 200ms and was killed");
    const pid_t child = std::stoi(text_of(world.folder.file("child")));
    CHECK(support::eventually([&] {
        const auto stat = text_of("/proc/" + std::to_string(child) + "/stat");
        return stat.empty() || stat.find(") Z ") != std::string::npos;
    }));
    CHECK(world.ticks > 10);  // None waited for it.
}

TEST_CASE("commands run one after the other, and no tick waits for one") {
    World world(
        "mkdir $0/running || touch $0/overlapped; sleep 0.2; rmdir $0/running; "
        "echo $LEAT_ALERT_ID >> $0/runs");
    for (const auto* id : {"a", "b", "c"}) world.command.offer(some_alert(id));
    REQUIRE(world.until_delivered(3));
    CHECK(text_of(world.folder.file("runs")) == "a\nb\nc\n");
    CHECK_FALSE(std::filesystem::exists(world.folder.file("overlapped")));
    CHECK(world.ticks > 20);
}

TEST_CASE("a command that writes without end, or reads nothing, is no trouble") {
    World world("yes loud >&2 & yes quiet & sleep 0.1; kill $! $(jobs -p) 2>/dev/null; exit 0");
    world.command.offer(some_alert());
    CHECK(world.until_delivered(1));
}

TEST_CASE("a program that is not there is told and given up") {
    World world("exit 0");
    base::Counters counters;
    Command command(World::options_of({"/nowhere/notify"}, 1s, 2), counters, 1);
    command.offer(some_alert());
    CHECK(support::eventually([&] {
        command.tick(world.clock.instant());
        return counters.sum("leat_central_alerts_given_up_total") == 1;
    }));
    CHECK(command.trouble() == "/nowhere/notify cannot be started: No such file or directory");
}

TEST_CASE("what still runs is killed when central ends") {
    pid_t child = 0;
    {
        World world("echo $$ > $0/pid; sleep 60; exit 0");
        world.command.offer(some_alert());
        REQUIRE(world.until([&] { return !text_of(world.folder.file("pid")).empty(); }));
        child = std::stoi(text_of(world.folder.file("pid")));
        CHECK(::kill(child, 0) == 0);
    }
    CHECK(::kill(child, 0) != 0);
}
