#include "base/log.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <regex>
#include <thread>
#include <vector>

#include "base/reminder.hpp"
#include "support/captured.hpp"

namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::size_t start = 0;
    for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n', start)) {
        lines.push_back(text.substr(start, end - start));
        start = end + 1;
    }
    CHECK(start == text.size());  // Every line has its end.
    return lines;
}

/// The line without its time, which must look like one.
std::string without_time(const std::string& line) {
    static const std::regex kTime{R"(^ts=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z )"};
    std::smatch match;
    REQUIRE(std::regex_search(line, match, kTime));
    return match.suffix();
}

/// What one call of log() writes after the time.
std::string logged(const std::string& event, const std::vector<base::Field>& fields) {
    const support::Captured err{2};
    base::log_info(event, fields);
    const auto lines = lines_of(err.text());
    REQUIRE(lines.size() == 1);
    return without_time(lines[0]);
}

base::Instant at(int seconds) {
    return base::Instant{std::chrono::seconds{seconds}};
}

}  // namespace

TEST_SUITE("base/log") {
    TEST_CASE("an event is one logfmt line with time, level, event and fields") {
        CHECK(logged("sent", {{"node", "attic"}, {"records", 3}, {"took_s", 0.25}}) ==
              "level=info event=sent node=attic records=3 took_s=0.25");
        CHECK(logged("bare", {}) == "level=info event=bare");
    }

    TEST_CASE("no value can break out of its place, end the line or spoil the journal") {
        const auto value = [](const std::string& name, std::string_view text) {
            const auto line = logged("odd-" + name, {{"v", text}});
            return line.substr(line.find(" v=") + 3);
        };
        CHECK(value("space", "two words") == R"("two words")");
        CHECK(value("empty", "") == R"("")");
        CHECK(value("equals", "a=b") == R"("a=b")");
        CHECK(value("quote", R"(say "x" \)") == R"("say \"x\" \\")");
        CHECK(value("newline", "a\nts=forged") == R"("a\nts=forged")");
        CHECK(value("escape", "\x1b[31m") == R"("\u001b[31m")");
        CHECK(value("zero", std::string_view{"a\0b", 3}) == R"("a\u0000b")");
        CHECK(value("umlaut", "K\xc3\xa4lte") == "\"K\xc3\xa4lte\"");
        CHECK(value("invalid", "\xff\xfe") == "\"\xef\xbf\xbd\xef\xbf\xbd\"");
    }

    TEST_CASE("a long value is cut between two characters") {
        std::string text = "x";
        for (int i = 0; i < 2000; ++i) text += "\xc3\xa4";
        const auto line = logged("long", {{"v", text}});
        CHECK(line.size() == std::string{"level=info event=long v=\"\""}.size() + 1023);
        CHECK(line.ends_with("\xc3\xa4\""));
    }

    TEST_CASE("levels below the least one are not written") {
        const support::Captured err{2};
        base::log_debug("below");
        base::set_log_level(base::LogLevel::error);
        base::log_warn("below");
        base::log_error("at");
        base::set_log_level(base::LogLevel::debug);
        base::log_debug("lowest");
        base::set_log_level(base::LogLevel::info);
        const auto lines = lines_of(err.text());
        REQUIRE(lines.size() == 2);
        CHECK(without_time(lines[0]) == "level=error event=at");
        CHECK(without_time(lines[1]) == "level=debug event=lowest");
    }

    TEST_CASE("a level is written as its name") {
        REQUIRE(base::parse_log_level("warn"));
        CHECK(base::parse_log_level("warn").value() == base::LogLevel::warn);
        CHECK(base::parse_log_level("debug").value() == base::LogLevel::debug);
        for (const auto* wrong : {"", "WARN", "warning", "4"}) {
            const auto level = base::parse_log_level(wrong);
            REQUIRE_FALSE(level);
            CHECK(level.error().fault == base::Fault::misconfigured);
        }
    }

    TEST_CASE("the eleventh line of an event within its minute is held back, others are not") {
        const support::Captured err{2};
        for (int i = 0; i < 500; ++i) base::log_info("flood", {{"i", i}});
        base::log_info("other");
        const auto lines = lines_of(err.text());
        REQUIRE(lines.size() == 11);
        CHECK(without_time(lines[9]) == "level=info event=flood i=9");
        CHECK(without_time(lines[10]) == "level=info event=other");
    }

    TEST_CASE("how many were held back is reported after the minute, before whatever comes next") {
        base::RepeatLimit limit;
        for (int i = 0; i < 25; ++i) {
            CHECK(limit.forget(at(i)).empty());
            CHECK(limit.admits(base::LogLevel::warn, "flood", at(i)) == (i < 10));
        }
        CHECK(limit.forget(at(59)).empty());
        const auto held = limit.forget(at(60));
        REQUIRE(held.size() == 1);
        CHECK(held[0].event == "flood");
        CHECK(held[0].level == base::LogLevel::warn);
        CHECK(held[0].count == 15);
        CHECK(limit.forget(at(61)).empty());
        CHECK(limit.admits(base::LogLevel::warn, "flood", at(61)));
    }

    TEST_CASE("an event that stays below the limit is never mentioned again") {
        base::RepeatLimit limit;
        for (int i = 0; i < 10; ++i) CHECK(limit.admits(base::LogLevel::info, "few", at(0)));
        CHECK(limit.forget(at(1000)).empty());
    }

    TEST_CASE("a flood of different events is bounded and loses no count") {
        base::RepeatLimit limit;
        std::uint64_t admitted = 0;
        std::uint64_t held = 0;
        const auto take = [&](const std::string& event) {
            for (const auto& back : limit.forget(at(0))) held += back.count;
            if (limit.admits(base::LogLevel::info, event, at(0))) ++admitted;
        };
        for (int i = 0; i < 30; ++i) take("repeated");
        for (int i = 0; i < 5000; ++i) take("event-" + std::to_string(i));
        CHECK(admitted == 10 + 5000);
        CHECK(held == 20);
    }

    TEST_CASE("lines of two threads never mix") {
        const support::Captured err{2};
        const auto work = [](const char* event) {
            for (int i = 0; i < 10; ++i) base::log_info(event, {{"text", std::string(200, 'x')}});
        };
        std::thread one(work, "thread-one");
        std::thread two(work, "thread-two");
        one.join();
        two.join();
        const auto lines = lines_of(err.text());
        CHECK(lines.size() == 20);
        for (const auto& line : lines) CHECK(line.ends_with(" text=" + std::string(200, 'x')));
    }
}
