// Goal: each way in which a node is wired wrongly is told with what to do, and nothing else is.
// Method: tables of what was seen; judging asks nobody.
#include "agent/probe/findings.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "agent/probe/probe_report.hpp"
#include "base/json.hpp"

namespace {

using agent::Finding;
using agent::TriedSensor;
using Verdict = Finding::Verdict;
using Keys = std::vector<std::pair<std::string, std::string>>;

TriedSensor tried(const std::string& driver, Keys keys, agent::SensorReport report,
                  std::string refused = {}) {
    const auto* kind = drivers::find_driver_kind(driver);
    REQUIRE(kind != nullptr);
    return {.name = "it",
            .driver = driver,
            .keys = std::move(keys),
            .remedies = kind->remedies,
            .refused = std::move(refused),
            .report = std::move(report)};
}

agent::SensorReport failed(std::string reason) {
    return {.sensor = "it", .values = {}, .fault = std::move(reason), .failures = 3};
}

agent::SensorReport measured(std::vector<agent::SensorReport::Value> values,
                             std::vector<std::string> silent = {}) {
    return {.sensor = "it",
            .values = std::move(values),
            .fault = {},
            .failures = 0,
            .silent = std::move(silent)};
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

const Keys kLine{{"line", "GPIO4"}};
const Keys kSonar{{"trigger", "GPIO23"}, {"echo", "GPIO24"}};

}  // namespace

TEST_CASE("a silent sensor says what its wires do, and what to try") {
    struct Row {
        const char* driver;
        Keys keys;
        const char* reason;
        Verdict verdict;
        const char* seen;
        const char* cure;
    };
    const Row rows[] = {
        {"dht", kLine, "line stuck low", Verdict::problem,
         "the line is low at rest: no pull-up, or DATA and GND swapped", "4.7 to 10 kΩ"},
        {"dht", kLine, "no response", Verdict::problem, "nothing answers", "3.3 V on VCC?"},
        {"dht",
         {{"line", "GPIO7"}},
         "no response",
         Verdict::problem,
         "no response",
         "pin 7 of the header is GPIO4: if that is meant, header_pin = 7"},
        {"dht", kLine, "implausible", Verdict::problem, "the other model", "model = \"dht11\""},
        {"dht", kLine, "checksum", Verdict::problem, "bits are damaged", "shorter cable"},
        {"ultrasonic", kSonar, "no echo", Verdict::problem,
         "ECHO never rises: TRIG and ECHO swapped", "5 V on VCC"},
        {"ultrasonic", kSonar, "stuck high", Verdict::problem, "high before the pulse", "wires"},
        {"pir", kLine, "warming up: 0 edges ignored", Verdict::note, "first minute", "later"},
        {"host", {}, "", Verdict::problem, "nothing came", "drivers/host/README.md"},
        {"dht", kLine, "configure: No such device", Verdict::problem, "No such device",
         "drivers/dht/README.md"},
    };
    for (const auto& row : rows) {
        const auto finding = agent::judge(tried(row.driver, row.keys, failed(row.reason)));
        CAPTURE(row.reason);
        CAPTURE(finding.seen);
        CAPTURE(finding.cure);
        CHECK(finding.verdict == row.verdict);
        CHECK(has(finding.seen, row.seen));
        CHECK(has(finding.cure, row.cure));
    }
}

TEST_CASE("a pin's number is doubted only where it is another line's") {
    // GPIO6 is no pin 6, which is ground; and pin 8 is another line.
    CHECK_FALSE(
        has(agent::judge(tried("dht", {{"line", "GPIO6"}}, failed("no response"))).cure, "header"));
    CHECK(has(agent::judge(tried("dht", {{"line", "GPIO8"}}, failed("no response"))).cure,
              "header_pin = 8"));
    CHECK_FALSE(has(agent::judge(tried("dht", {{"header_pin", "7"}}, failed("no response"))).cure,
                    "if that is meant"));
}

TEST_CASE("a sensor that answers is well, unless what it says may mislead") {
    const auto climate = agent::judge(tried(
        "dht", kLine, measured({{"it.temperature", "Cel", 23.4}, {"it.humidity", "%RH", 45}})));
    CHECK(climate == Finding{.verdict = Verdict::ok,
                             .subject = "it (dht on GPIO4)",
                             .seen = "temperature 23.4 Cel, humidity 45 %RH",
                             .cure = {}});
    const auto quiet = agent::judge(
        tried("pir", kLine, measured({{"it.motion", "/", 0}, {"it.occupied", "/", 0}})));
    CHECK(quiet.verdict == Verdict::note);
    CHECK(has(quiet.cure, "walk past it"));
    CHECK(agent::judge(tried("pir", kLine, measured({{"it.motion", "/", 1}}))).verdict ==
          Verdict::ok);
    const auto far = agent::judge(
        tried("ultrasonic", kSonar, measured({{"it.in_range", "/", 0}}, {"distance"})));
    CHECK(far.verdict == Verdict::note);
    CHECK(far.subject == "it (ultrasonic on trigger GPIO23, echo GPIO24)");
    CHECK(has(far.seen, "nothing is within its range"));
    auto shaky = measured({{"it.temperature", "Cel", 23.4}});
    shaky.failures = 2;
    shaky.fault = "checksum";
    CHECK(has(agent::judge(tried("dht", kLine, shaky)).seen, "2 tries failed (checksum)"));
    auto misspelt = measured({{"it.temperature", "Cel", 23.4}});
    misspelt.unmet = {"temprature"};
    CHECK(agent::judge(tried("dht", kLine, misspelt)).verdict == Verdict::note);
    CHECK(has(agent::judge(tried("dht", kLine, misspelt)).seen, "[sensor.series.temprature]"));
}

TEST_CASE("a sensor that cannot be opened repeats why; one that is read already is no problem") {
    const auto busy = agent::judge(tried("dht", kLine, {}, "a.toml:3: GPIO4 is in use by \"w1\""));
    CHECK(busy.verdict == Verdict::problem);
    CHECK(has(busy.seen, "a.toml:3"));
    for (const auto* consumer : {"leat:it", "leat:it:trigger"}) {
        const auto ours = agent::judge(
            tried("dht", kLine, {}, fmt::format("GPIO4 is in use by \"{}\": two", consumer)));
        CHECK(ours.verdict == Verdict::note);
        CHECK(has(ours.cure, "systemctl stop leat-agent"));
    }
    const auto other =
        agent::judge(tried("dht", kLine, {}, "GPIO4 is in use by \"leat:item\": two"));
    CHECK(other.verdict == Verdict::problem);
}

TEST_CASE("a machine without hardware is told plainly and is no problem") {
    const auto findings = agent::judge(agent::Machine{}, {});
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].verdict == Verdict::note);
    CHECK(has(findings[0].seen, "no GPIO chip"));
}

TEST_CASE("who holds a port, who may open a device, and what nobody reads are told") {
    agent::Machine machine;
    machine.gpio.closed.push_back({.path = "/dev/gpiochip0", .group = "gpio"});
    machine.iio.push_back(
        {.id = "iio:device0", .name = "dht11", .quantities = {"humidityrelative", "temp"}});
    auto& port = machine.serial.emplace_back();
    port.path = "/dev/ttyACM0";
    port.holders.push_back({.process = 7, .name = "ModemManager"});
    port.open_to_us = false;
    port.group = "dialout";
    std::string all;
    for (const auto& finding : agent::judge(machine, {})) {
        CHECK(finding.verdict == Verdict::note);
        all += finding.seen + "; " + finding.cure + "\n";
    }
    CHECK(has(all, "no permission for /dev/gpiochip0; it belongs to the group gpio"));
    CHECK(has(all, "usermod -aG dialout USER"));
    CHECK(has(all, "is open in ModemManager (process 7)"));
    CHECK(has(all, "backend = \"iio\""));
    const std::vector<TriedSensor> reads{tried("dht", {{"backend", "iio"}}, {})};
    CHECK(agent::judge(machine, reads).size() == 3);
}

TEST_CASE("every sign that a driver knows is in the failure table of its page") {
    std::size_t signs = 0;
    for (const auto& kind : drivers::driver_kinds()) {
        std::ifstream file(fmt::format("{}/drivers/{}/README.md", SOURCE_ROOT, kind.name));
        std::stringstream page;
        page << file.rdbuf();
        for (const auto& remedy : kind.remedies) {
            CAPTURE(remedy.sign);
            CHECK(has(page.str(), fmt::format("`{}", remedy.sign)));
            CHECK_FALSE(remedy.means.empty());
            CHECK_FALSE(remedy.cure.empty());
            ++signs;
        }
    }
    CHECK(signs >= 18);
}

TEST_CASE("the report has a line a finding for people, and an object for machines") {
    agent::ProbeReport report{
        .version = "1", .configuration = "a.toml", .machine = {}, .findings = {}};
    report.machine.board = "Raspberry Pi 4";
    report.machine.gpio.chips.push_back(
        {.path = "/dev/gpiochip0", .label = "pinctrl", .lines = {}});
    auto& lines = report.machine.gpio.chips[0].lines;
    lines.push_back({.offset = 0, .name = "GPIO0", .used = true, .consumer = "w1", .output = true});
    lines.push_back({.offset = 1, .name = "", .used = false, .consumer = {}, .output = false});
    report.findings.push_back({Verdict::problem, "it", "is \"wrong\"", "do"});
    report.findings.push_back({Verdict::note, "that", "may be", ""});
    const auto text = agent::to_text(report);
    CAPTURE(text);
    CHECK(text.starts_with("leat-agent 1 on Raspberry Pi 4, kernel "));
    CHECK(has(text, "    GPIO0        output  used by w1\n    free: 1\n"));
    CHECK(has(text, "\n  problem  it: is \"wrong\" -> do\n  note     that: may be\n"));
    CHECK(has(text, "\n1 problem, 1 note, 0 ok."));
    const auto json = base::parse_json(agent::to_json(report));
    REQUIRE(json);
    CHECK(json.value().find("problems")->number == 1);
    CHECK(json.value().find("findings")->array[0].find("seen")->string == "is \"wrong\"");
    CHECK(
        json.value().find("gpio_chips")->array[0].find("lines")->array[1].find("offset")->number ==
        1);
}
