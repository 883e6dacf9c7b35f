// Goal: which failures become records, which reach the log, and what a status shows of them.
// Method: faults are handed in at times that the test chooses; the log is read from stderr.

#include "agent/sampling/fault_book.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <limits>

#include "agent/sampling/sampler_board.hpp"
#include "delivery/records/record_lines.hpp"

namespace {

using namespace std::chrono_literals;
using agent_test::bodies;

struct Book {
    Book() { support::silence_log(); }

    void add(const std::string& sensor, const std::string& reason, base::Duration passed,
             base::EventTime at = {}) {
        faults.add(agent::fault_of(sensor, {.reason = reason, .taken = {}}, {.at = at}), 1,
                   base::Instant{1h} + passed);
    }
    std::size_t records() {
        delivery::Flush flush;
        faults.add_to(flush);
        return bodies<wire::SensorFault>(flush).size();
    }
    double counted(const std::string& counter, const std::string& sensor) const {
        return counters.value("leat_agent_faults" + counter + "_total", {{"sensor", sensor}});
    }

    base::Counters counters;
    agent::FaultBookOptions options;
    agent::FaultBook faults{options, counters};
};

}  // namespace

TEST_SUITE("agent/fault book") {
    TEST_CASE("every fault is counted, and one per sensor and minute becomes a record") {
        Book book;
        for (int second = 0; second < 120; ++second) {
            book.add("a", "no answer", second * 1s);
            if (second % 40 == 0) book.add("b", "checksum", second * 1s);
        }
        CHECK(book.records() == 4);
        CHECK(book.records() == 0);  // A record is handed over once.
        CHECK(book.counted("", "a") == 120);
        CHECK(book.counted("_held_back", "a") == 118);
        CHECK(book.counted("", "b") == 3);
        CHECK(book.counted("_held_back", "b") == 1);
    }

    TEST_CASE("records are bounded, and those without room or with an impossible time counted") {
        Book book;
        for (int minute = 0; minute < 300; ++minute) book.add("a", "no answer", minute * 1min);
        CHECK(book.records() == book.options.records_max);
        CHECK(book.counted("_dropped", "a") ==
              300.0 - static_cast<double>(book.options.records_max));
        const auto beyond = base::from_milliseconds(delivery::kEventTimeMax + 1);
        book.add("b", "no answer", 6h, beyond);
        CHECK(book.records() == 0);
        CHECK(book.counted("_dropped", "b") == 1);
    }

    TEST_CASE("a fault that lasts is logged once an hour, another one at once") {
        Book book;
        const support::CapturedLog log;
        for (int minute = 0; minute < 119; ++minute) {
            book.add("a", fmt::format("{} lines missing", minute), minute * 1min);
        }
        CHECK(log.lines() == 2);  // Numbers make no other trouble of it.
        book.add("a", "no answer", 119min);
        CHECK(log.lines() == 3);
        book.add("b", "no answer", 119min);
        book.add("b", "checksum", 119min + 1s);  // No record, no line.
        CHECK(log.lines() == 4);
        book.add("c", "404", 119min);  // Nothing is left of it without its digits.
        CHECK(log.lines() == 5);
    }

    TEST_CASE("the newest faults are kept for the status, whether recorded or not") {
        Book book;
        for (int second = 0; second < 20; ++second) {
            book.add("a", fmt::format("fault {}", second), second * 1s);
        }
        CHECK(book.faults.newest().size() == book.options.newest_max);
        CHECK(book.faults.newest().front() == "a: fault 19");
    }

    TEST_CASE("foreign text and numbers are made fit for a record") {
        const auto nan = std::numeric_limits<double>::quiet_NaN();
        auto fault = agent::fault_of(
            "a", {.reason = "bad \xff\n bytes", .taken = {}, .edges_us = {nan, 1, -nan, 2}}, {});
        CHECK(fault.reason == "bad \\xff\\x0a bytes");
        CHECK(fault.edges_us == std::vector<double>{1, 2});
        fault = agent::fault_of("a", {.reason = "offline: Кухня 🌡", .taken = {}}, {});
        CHECK(fault.reason == "offline: Кухня 🌡");
        fault = agent::fault_of("a",
                                {.reason = std::string(1000, 'x'),
                                 .taken = {},
                                 .edges_us = std::vector<double>(1000, 1)},
                                {});
        CHECK(fault.reason.size() == 192);
        CHECK(fault.edges_us.size() == 200);
        CHECK(agent::fault_of("a", {.reason = "", .taken = {}}, {}).reason == "unknown");
    }
}
