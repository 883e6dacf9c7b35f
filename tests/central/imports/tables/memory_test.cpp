// Goal: each row counts once, whatever ended the run before. Method: a memory that is loaded again
// from what was committed, as after a kill, beside a plain record of what was taken.
#include "central/imports/tables/memory.hpp"

#include <doctest/doctest.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/random.hpp"
#include "central/imports/tables/note_text.hpp"

using imports::tables::Memory;
using imports::tables::Row;

namespace {

using namespace std::chrono_literals;
using Verdict = Memory::Verdict;

constexpr base::EventTime kMidnight = base::from_milliseconds(1'782'000'000'000);  // 21 Jun 2026.
constexpr const char* kTable = "data_2026_06";

/// What is in the outbox.
struct Outbox {
    Memory load() {
        return Memory::load([this](const std::string& key) -> std::optional<std::string> {
                   const auto found = notes.find(key);
                   if (found == notes.end()) return std::nullopt;
                   return found->second;
               })
            .value();
    }
    void commit(Memory& memory) {
        delivery::Flush flush;
        REQUIRE(memory.add_to(flush));
        for (auto& [key, note] : flush.positions) {
            if (note.empty()) {
                notes.erase(key);
            } else {
                notes[key] = note;
            }
        }
    }
    std::size_t chunks() const {
        std::size_t count = 0;
        for (const auto& one : notes) count += one.first.starts_with("hour/") ? 1U : 0U;
        return count;
    }

    std::map<std::string, std::string> notes;
};

Row row(base::Duration after, std::uint32_t mark = 1) {
    return {.time = {.written = kMidnight + after, .at = kMidnight + after},
            .tag = 0,
            .mark = mark,
            .value = 0};
}

Verdict accept(Memory& memory, base::Duration after, std::uint32_t mark = 1,
               const std::string& id = "7") {
    return memory.accept(kTable, id, row(after, mark)).value();
}

}  // namespace

TEST_CASE("a row of an open hour is known after it was committed, also by another run") {
    Outbox outbox;
    auto memory = outbox.load();
    CHECK(memory.is_empty());
    CHECK(accept(memory, 5min) == Verdict::fresh);
    CHECK(accept(memory, 5min) == Verdict::known);
    CHECK(accept(memory, 5min, 1, "8") == Verdict::fresh);
    outbox.commit(memory);
    CHECK(accept(memory, 6min) == Verdict::fresh);  // Never committed.
    auto next = outbox.load();
    CHECK_FALSE(next.is_empty());
    CHECK(accept(next, 5min) == Verdict::known);
    CHECK(accept(next, 5min, 2) == Verdict::conflict);
    CHECK(accept(next, 5min, 1, "8") == Verdict::known);
    CHECK(accept(next, 6min) == Verdict::fresh);
    CHECK(next.accept("data_2026_07", "7", row(5min)).value() == Verdict::fresh);
}

TEST_CASE("of an hour that is closed only the number of its rows stays") {
    Outbox outbox;
    auto memory = outbox.load();
    for (int second = 0; second < 100; ++second) accept(memory, second * 1s);
    outbox.commit(memory);
    CHECK(outbox.chunks() == 1);
    auto next = outbox.load();
    for (int second = 0; second < 110; ++second) accept(next, second * 1s);
    REQUIRE(next.finish(kTable, kMidnight, {"7"}, true));
    outbox.commit(next);
    CHECK(outbox.chunks() == 0);
    auto last = outbox.load();
    const auto days = last.day(kTable, kMidnight).value();
    CHECK(days.at("7").rows == 110);
    CHECK(days.at("7").closed.count() == 1);
    CHECK(accept(last, 1s) == Verdict::closed);
    CHECK(accept(last, 111s) == Verdict::closed);
    CHECK(accept(last, 1h) == Verdict::fresh);
    CHECK(accept(last, 1s, 1, "new") == Verdict::fresh);  // It was not read when that was closed.
}

TEST_CASE("an hour that is closed also ends for a tag that is no longer read") {
    Outbox outbox;
    auto memory = outbox.load();
    accept(memory, 1s, 1, "gone");
    outbox.commit(memory);
    auto next = outbox.load();
    accept(next, 1s);
    REQUIRE(next.finish(kTable, kMidnight, {"7"}, true));
    outbox.commit(next);
    auto last = outbox.load();
    CHECK(accept(last, 1s, 1, "gone") == Verdict::closed);
}

TEST_CASE("how far a table was looked through outlives the run") {
    Outbox outbox;
    auto memory = outbox.load();
    CHECK_FALSE(memory.through(kTable).value());
    memory.set_through(kTable, {.end = kMidnight, .selection = 0xfedcba9876543210});
    outbox.commit(memory);
    const auto through = outbox.load().through(kTable).value();
    REQUIRE(through);
    CHECK(through->end == kMidnight);
    CHECK(through->selection == 0xfedcba9876543210);
}

TEST_CASE("in whatever order rows come and runs end, each is fresh once") {
    base::Random random{17};
    for (int round = 0; round < 20; ++round) {
        Outbox outbox;
        std::set<std::pair<int, int>> committed;  // Tag, second.
        for (int run = 0; run < 10; ++run) {
            auto memory = outbox.load();
            std::set<std::pair<int, int>> taken;
            for (int i = 0; i < 300; ++i) {
                const std::pair key{static_cast<int>(random.below(3)),
                                    static_cast<int>(random.below(20'000))};
                const auto verdict = accept(memory, key.second * 1s, 5, std::to_string(key.first));
                const bool is_known = committed.contains(key) || taken.contains(key);
                CHECK(verdict == (is_known ? Verdict::known : Verdict::fresh));
                taken.insert(key);
                if (!random.chance(1, 100)) continue;
                outbox.commit(memory);
                committed.insert(taken.begin(), taken.end());
                taken.clear();
            }
        }
        CHECK(committed.size() > 100);
    }
}

TEST_CASE("a note that something else has written is refused") {
    for (const auto* key : {"tables", "through/data_2026_06", "hour/data_2026_06/495000/0"}) {
        CAPTURE(key);
        Outbox outbox;
        outbox.notes[key] = "~ something else ~";
        const auto memory = Memory::load([&](const std::string& asked) {
            const auto found = outbox.notes.find(asked);
            return found == outbox.notes.end() ? std::nullopt : std::optional{found->second};
        });
        if (std::string{key} == "tables") {
            CHECK_FALSE(memory);
            continue;
        }
        auto loaded = outbox.load();
        if (std::string{key}.starts_with("through")) {
            CHECK_FALSE(loaded.through(kTable));
        } else {
            CHECK_FALSE(loaded.accept(kTable, "7", row(0s)));
        }
    }
}

TEST_CASE("numbers and texts are read as they were written") {
    std::string text;
    const std::vector<std::uint64_t> numbers{0, 31, 32, 1'000, 1U << 30U, ~std::uint64_t{0}};
    for (const auto number : numbers) imports::tables::put_number(number, text);
    imports::tables::put_text("line 1/°C\n", text);
    imports::tables::put_text("", text);
    imports::tables::NoteReader reader{text};
    for (const auto number : numbers) CHECK(reader.number() == number);
    CHECK(reader.text() == "line 1/°C\n");
    CHECK(reader.text() == "");
    CHECK(reader.is_at_end());
    CHECK_FALSE(reader.number());
    CHECK_FALSE(imports::tables::NoteReader{"9abc"}.text());
}
