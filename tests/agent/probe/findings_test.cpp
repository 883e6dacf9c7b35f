// Goal: each way in which a node is wired wrongly is reported with what to do, and nothing else is.
// Method: tables of observations; judging is pure.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "agent/probe/machine_findings.hpp"
#include "agent/probe/probe_report.hpp"
#include "agent/probe/sensor_findings.hpp"
#include "base/json.hpp"
#include "drivers/core/registry.hpp"
#include "places.hpp"

namespace {

using agent::Finding;
using agent::TriedSensor;
using drivers::Sign;
using Verdict = Finding::Verdict;
using Keys = std::vector<std::pair<std::string, std::string>>;

TriedSensor tried(const std::string& driver, Keys keys, agent::SensorReport report) {
    const auto* kind = drivers::find_driver_kind(driver);
    REQUIRE(kind != nullptr);
    return {.name = "it",
            .driver = driver,
            .keys = std::move(keys),
            .remedies = kind->remedies,
            .refused = {},
            .is_read_by_agent = false,
            .report = std::move(report)};
}

TriedSensor refused(std::string why) {
    auto sensor = tried("dht", {{"line", "GPIO4"}}, {});
    sensor.refused = std::move(why);
    return sensor;
}

agent::SensorReport failed(std::string reason, Sign sign) {
    return {.sensor = "it", .values = {}, .fault = std::move(reason), .sign = sign, .failures = 3};
}

agent::SensorReport measured(std::vector<agent::SensorReport::Value> values,
                             std::vector<std::string> silent = {}) {
    return {.sensor = "it",
            .values = std::move(values),
            .fault = {},
            .sign = Sign::other,
            .failures = 0,
            .silent = std::move(silent)};
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::string page_of(const char* driver) {
    std::ifstream file(places::source(fmt::format("drivers/{}/README.md", driver)));
    std::stringstream page;
    page << file.rdbuf();
    return page.str();
}

const Keys kLine{{"line", "GPIO4"}};
const Keys kSonar{{"trigger", "GPIO23"}, {"echo", "GPIO24"}};

}  // namespace

TEST_CASE("a silent sensor's finding says what its wires do and what to try") {
    struct Row {
        const char* driver;
        Keys keys;
        const char* reason;
        Sign sign;
        Verdict verdict;
        const char* seen;
        const char* cure;
    };
    const Row rows[] = {
        {"dht", kLine, "line stuck low", Sign::stuck_low, Verdict::problem,
         "the line is low at rest: no pull-up, or DATA and GND swapped", "4.7 to 10 kΩ"},
        {"dht", kLine, "no response", Sign::no_answer, Verdict::problem, "nothing answers",
         "3.3 V on VCC"},
        {"dht",
         {{"line", "GPIO7"}},
         "no response",
         Sign::no_answer,
         Verdict::problem,
         "no response",
         "pin 7 of the header is GPIO4: if you mean that, header_pin = 7"},
        {"dht", kLine, "implausible", Sign::implausible, Verdict::problem, "the other model",
         "model = \"dht11\""},
        {"dht", kLine, "checksum", Sign::checksum, Verdict::problem, "bits are damaged",
         "shorter cable"},
        {"ultrasonic", kSonar, "no echo", Sign::no_answer, Verdict::problem,
         "ECHO never rises: TRIG and ECHO swapped", "5 V on VCC"},
        {"ultrasonic", kSonar, "stuck high", Sign::stuck_high, Verdict::problem,
         "high before the pulse", "wires"},
        {"pir", kLine, "warming up: 0 edges ignored", Sign::warming_up, Verdict::note,
         "first minute", "later"},
        {"host", {}, "", Sign::other, Verdict::problem, "nothing came", "drivers/host/README.md"},
        {"dht", kLine, "configure: No such device", Sign::other, Verdict::problem, "No such device",
         "drivers/dht/README.md"},
    };
    for (const auto& row : rows) {
        const auto finding =
            agent::judge(tried(row.driver, row.keys, failed(row.reason, row.sign)));
        CAPTURE(row.reason);
        CAPTURE(finding.seen);
        CAPTURE(finding.cure);
        CHECK(finding.verdict == row.verdict);
        CHECK(has(finding.seen, row.seen));
        CHECK(has(finding.cure, row.cure));
    }
}

TEST_CASE("a pin's number is questioned only where it is another line's") {
    // Pin 6 is ground, not GPIO6; pin 8 is another line.
    CHECK_FALSE(
        has(agent::judge(tried("dht", {{"line", "GPIO6"}}, failed("no response", Sign::no_answer)))
                .cure,
            "header"));
    CHECK(
        has(agent::judge(tried("dht", {{"line", "GPIO8"}}, failed("no response", Sign::no_answer)))
                .cure,
            "header_pin = 8"));
    CHECK_FALSE(has(
        agent::judge(tried("dht", {{"header_pin", "7"}}, failed("no response", Sign::no_answer)))
            .cure,
        "if you mean that"));
}

TEST_CASE("a sensor that answers is well, unless its value may mislead") {
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
    misspelt.unmatched = {"temprature"};
    CHECK(agent::judge(tried("dht", kLine, misspelt)).verdict == Verdict::note);
    CHECK(has(agent::judge(tried("dht", kLine, misspelt)).seen, "[sensor.series.temprature]"));
}

TEST_CASE("a sensor that cannot be opened says why; one that the agent reads is not a problem") {
    const auto busy = agent::judge(refused("a.toml:3: GPIO4 is in use by \"w1\""));
    CHECK(busy.verdict == Verdict::problem);
    CHECK(has(busy.seen, "a.toml:3"));
    auto ours = refused("a.toml:3: GPIO4 is in use by \"leat:it\"");
    ours.is_read_by_agent = true;
    CHECK(agent::judge(ours).verdict == Verdict::note);
    CHECK(has(agent::judge(ours).cure, "systemctl stop leat-agent"));
}

TEST_CASE("a machine without hardware is reported plainly and is not a problem") {
    const auto findings = agent::judge(agent::Machine{}, {});
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].verdict == Verdict::note);
    CHECK(has(findings[0].seen, "no GPIO chip"));
}

TEST_CASE("who holds a port, who may open a device, and what nobody reads are reported") {
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

TEST_CASE("every sign that has a remedy is in the failure table of its driver's page") {
    struct Row {
        const char* driver;
        Sign sign;
        const char* quantity;
        const char* symptom;  // As in the table.
    };
    const Row rows[] = {
        {"dht", Sign::stuck_low, "", "line stuck low"},
        {"dht", Sign::no_answer, "", "no response"},
        {"dht", Sign::implausible, "", "implausible"},
        {"dht", Sign::incomplete, "", "short frame"},
        {"dht", Sign::damaged, "", "bad pulse"},
        {"dht", Sign::checksum, "", "checksum"},
        {"dht", Sign::ambiguous, "", "ambiguous"},
        {"dht", Sign::events_lost, "", "events lost"},
        {"pir", Sign::zero, "motion", "motion 0"},
        {"pir", Sign::warming_up, "", "warming up"},
        {"pir", Sign::stuck_high, "", "stuck high"},
        {"ultrasonic", Sign::no_answer, "", "no echo"},
        {"ultrasonic", Sign::stuck_high, "", "stuck high"},
        {"ultrasonic", Sign::endless, "", "stuck echo"},
        {"ultrasonic", Sign::too_close, "", "too close"},
        {"ultrasonic", Sign::damaged, "", "merged edges"},
        {"ultrasonic", Sign::inconsistent, "", "too few echoes"},
        {"ultrasonic", Sign::no_value, "distance", "no distance"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.driver);
        CAPTURE(row.symptom);
        const auto* remedy = drivers::find_remedy(drivers::find_driver_kind(row.driver)->remedies,
                                                  row.sign, row.quantity);
        REQUIRE(remedy != nullptr);
        CHECK_FALSE(remedy->means.empty());
        CHECK_FALSE(remedy->cure.empty());
        CHECK(has(page_of(row.driver), fmt::format("`{}", row.symptom)));
    }
    std::size_t remedies = 0;
    for (const auto& kind : drivers::driver_kinds()) {
        for (const auto& remedy : kind.remedies) CHECK(remedy.sign != Sign::other);
        remedies += kind.remedies.size();
    }
    CHECK(remedies == std::size(rows));
}

TEST_CASE("the report has a line for each finding for people, and an object for machines") {
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
