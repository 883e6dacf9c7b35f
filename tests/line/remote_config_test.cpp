// Goal: a node gets a new configuration over MQTT and keeps it only if it can still reach the
// centre. A bad one costs nothing but time, whatever ends the program in between.
// Method: the whole line as real processes; the test is one more client of the broker, and kills.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <csignal>
#include <fstream>
#include <sstream>

#include "agent/program/agent_program.hpp"
#include "base/random.hpp"
#include "line/running_line.hpp"
#include "support/eventually.hpp"

namespace {

using namespace std::chrono_literals;
using agent_test::text;

const std::string kSensor =
    "[[sensor]]\nname = \"room\"\ndriver = \"simulator\"\nperiod = \"200ms\"\n";
const std::string kAllow = "[commands]\nallow = [\"ping\", \"config\", \"status\"]\n";

std::string content(const std::string& file) {
    std::ifstream in(file);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

std::string quoted(const std::string& text) {
    base::JsonWriter json;
    return json.value(text).take();
}

std::string change(const std::string& text, const std::string& within) {
    return fmt::format(R"("config":{},"confirm_within":"{}")", quoted(text), within);
}

/// The same configuration with a broker that does not exist.
std::string without_broker(const std::string& text) {
    const auto at = text.find("tcp://");
    return text.substr(0, at) + "tcp://127.0.0.1:1" + text.substr(text.find('"', at));
}

struct Line {
    Line()
        : running({.bridges = 1, .nodes = {{"n", kAllow + kSensor}}}), asker(running.mosquitto()) {
        file = running.configuration("n");
        before = content(file);
        REQUIRE(asker.wait_for_ready());
    }

    /// Whether the node runs with the old file and the one on trial is gone.
    void check_all_is_as_before() {
        CHECK(content(file) == before);
        CHECK(content(file + ".candidate").empty());
        CHECK(text(asker.ask("ping", {}), "status") == "ok");
        CHECK(support::eventually([this] { return content(file + ".trial").empty(); }, 30s));
    }

    line::RunningLine running;
    agent_test::Asker asker;
    std::string file;
    std::string before;
};

}  // namespace

TEST_CASE("a good configuration is tried, confirmed by the centre, and kept") {
    Line line;
    const auto text_after = line.before + "[[sensor]]\nname = \"hall\"\ndriver = \"simulator\"\n";
    const auto answer =
        line.asker.answer("config", line.asker.send("config", change(text_after, "1m")), 60s);
    REQUIRE(answer);
    CHECK(text(*answer, "status") == "ok");
    CHECK(content(line.file) == text_after);
    CHECK(content(line.file + ".previous") == line.before);
    CHECK(line.running.running("n"));
    CHECK(support::eventually(
        [&] { return line.running.get("/api/v1/series").find("hall.") != std::string::npos; },
        30s));
    line.running.kill("n");
    line.asker.forget();
    line.running.start("n");
    REQUIRE(line.asker.wait_for_ready());
    CHECK(content(line.file) == text_after);
}

TEST_CASE("a node rolls back a configuration with which it reaches no centre") {
    Line line;
    const auto sent = line.asker.send("config", change(without_broker(line.before), "5s"));
    const auto answer = line.asker.answer("config", sent, 60s);
    REQUIRE(answer);
    CHECK(text(*answer, "reason") == "rolled_back");
    CHECK(text(*answer, "detail").find("within 5 s") != std::string::npos);
    CHECK(line.running.running("n"));
    line.check_all_is_as_before();
}

TEST_CASE("a node killed in the middle of a trial is back with the old configuration") {
    Line line;
    const auto sent = line.asker.send("config", change(without_broker(line.before), "1h"));
    REQUIRE(support::eventually(
        [&] {
            return content(line.file + ".trial").find(R"("state":"running")") != std::string::npos;
        },
        30s));
    line.running.kill("n");
    line.running.start("n");
    const auto answer = line.asker.answer("config", sent, 60s);
    REQUIRE(answer);
    CHECK(text(*answer, "reason") == "rolled_back");
    line.check_all_is_as_before();
}

TEST_CASE("killed at any moment of a good trial, a node has the old file or the new one") {
    const auto seed = base::entropy() % 1'000'000;
    MESSAGE("seed " << seed);
    base::Random random(seed);
    Line line;
    for (int round = 0; round < 5; ++round) {
        CAPTURE(round);
        const auto old_text = content(line.file);
        const auto new_text = line.before + fmt::format("# {}\n", round);
        const auto sent = line.asker.send("config", change(new_text, "1m"));
        base::pause_for(base::Duration{50 + random.below(1000)});
        line.running.kill("n");
        line.running.start("n");
        // None if it was killed before the request reached it: that was lost with the connection.
        const auto answer = line.asker.answer("config", sent, 15s);
        const auto text_now = content(line.file);
        CHECK((text_now == new_text || text_now == old_text));
        if (answer) {
            CHECK((text(*answer, "status") == "ok") == (text_now == new_text));
        } else {
            CHECK(text_now == old_text);
        }
        CHECK(support::eventually([&] { return content(line.file + ".trial").empty(); }, 60s));
        CHECK(content(line.file + ".candidate").empty());
        CHECK(text(line.asker.ask("ping", {}), "status") == "ok");
        MESSAGE(round << ": " << (answer ? text(*answer, "status") : "not heard"));
    }
}

TEST_CASE(
    "a configuration that cannot even start is taken back at once; one with errors not tried") {
    Line line;
    const auto sent = line.asker.send(
        "config", change(line.before + "[[sensor]]\nname = \"csv\"\ndriver = \"replay\"\n"
                                       "file = \"/nowhere.csv\"\ntime_column = \"date\"\n"
                                       "[sensor.columns]\nx = \"temperature:Cel\"\n",
                         "1h"));
    const auto answer = line.asker.answer("config", sent, 60s);
    REQUIRE(answer);
    CHECK(text(*answer, "reason") == "rolled_back");
    CHECK(text(*answer, "detail").find("/nowhere.csv") != std::string::npos);
    line.check_all_is_as_before();

    const auto invalid = line.asker.ask("config", change(line.before + "perod = \"1s\"\n", "1m"));
    CHECK(text(invalid, "reason") == "invalid_config");
    CHECK(text(invalid, "detail").find("n.toml:") != std::string::npos);
    CHECK(text(invalid, "detail").find("did you mean \"period\"?") != std::string::npos);
    line.check_all_is_as_before();
}
