#include "central/imports/parts/book.hpp"

#include <doctest/doctest.h>

#include <map>

#include "drivers/replay/content_hash.hpp"
#include "support/temporary_folder.hpp"

namespace {

using imports::Book;
using imports::Taken;

/// What was read of a file that began with these bytes.
Taken taken_of(const std::string& name, const std::string& bytes, bool is_whole) {
    drivers::replay::ContentHash hash;
    hash.add(bytes);
    Taken taken{.name = name, .is_whole = is_whole};
    taken.position.offset = bytes.size();
    taken.position.row = 1;
    taken.position.read_hash = hash.value();
    return taken;
}

/// The positions of an outbox.
struct Positions {
    void commit(Book& book) {
        delivery::Flush flush;
        book.add_to(flush);
        for (const auto& [key, text] : flush.positions) kept[key] = text;
    }
    Book load() const {
        return Book::load([&](const std::string& key) -> std::optional<std::string> {
                   const auto found = kept.find(key);
                   if (found == kept.end()) return std::nullopt;
                   return found->second;
               })
            .value();
    }

    std::map<std::string, std::string> kept;
};

struct Desk {
    std::optional<Book::Place> find(const std::string& bytes) {
        const auto places = book.find(folder.write("some.csv", bytes), bytes.size()).value();
        if (places.empty()) return std::nullopt;
        return places.front();
    }
    Book::Place begin(const std::string& name, const std::string& bytes, bool is_whole = true) {
        return book.begin(taken_of(name, bytes, is_whole)).value();
    }

    support::TemporaryFolder folder;
    Book book;
};

}  // namespace

TEST_CASE("a content that was read is known by the longest beginning, whatever the file's name") {
    Desk desk;
    const auto some = desk.begin("a.csv", "one\n");
    const auto more = desk.begin("b.csv", "one\ntwo\n");
    CHECK(desk.find("one\n") == some);
    CHECK(desk.find("one\ntwo\n") == more);
    CHECK(desk.find("one\ntwo\nthree\n") == more);
    CHECK_FALSE(desk.find("one"));
    CHECK_FALSE(desk.find("zero\none\n"));
}

TEST_CASE("what was committed is known to the next run, and what was not is not") {
    Desk desk;
    Positions positions;
    const auto place = desk.begin("a\nb.csv", "one\n", false);
    positions.commit(desk.book);
    desk.book.note(place, taken_of("a\nb.csv", "one\ntwo\n", true));
    desk.begin("c.csv", "four\n");
    desk.book = positions.load();
    CHECK(desk.find("one\ntwo\n") == place);
    CHECK(desk.book.at(place).name == "a\nb.csv");
    CHECK_FALSE(desk.book.at(place).is_whole);
    CHECK(desk.book.has_begun("a\nb.csv"));
    CHECK_FALSE(desk.find("four\n"));
}

TEST_CASE("the oldest contents are forgotten, but none that is kept, and no more are known") {
    Desk desk;
    Positions positions;
    const auto text = [](std::uint64_t i) { return std::to_string(i) + "\n"; };
    const auto name = [](std::uint64_t i) { return std::to_string(i % 2'048) + ".csv"; };
    for (std::uint64_t i = 0; i < Book::kTakenMax; ++i) desk.begin(name(i), text(i));
    const auto refused = desk.book.begin(taken_of("x.csv", "x\n", true));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().fault == base::Fault::exhausted);
    positions.commit(desk.book);
    CHECK(positions.kept.size() == Book::kTakenMax + 1);
    desk.book = positions.load();
    desk.book.keep(1);
    desk.book.keep_newest({"2.csv", "none.csv"});
    for (const auto* late : {"x\n", "y\n", "z\n"}) desk.begin("x.csv", late);
    CHECK_FALSE(desk.find(text(0)));
    CHECK(desk.find(text(1)));
    CHECK_FALSE(desk.find(text(2)));
    CHECK_FALSE(desk.find(text(3)));
    CHECK(desk.find(text(4)));
    CHECK(desk.find(text(2'048 + 2)));
    positions.commit(desk.book);
    desk.book = positions.load();
    desk.book.keep_newest({"x.csv"});
    for (std::uint64_t i = 0; i < Book::kTakenMax - 1; ++i) desk.begin("y.csv", "y" + text(i));
    CHECK_FALSE(desk.find("y\n"));
    CHECK(desk.find("z\n"));
    CHECK_FALSE(desk.find(text(1)));
}

TEST_CASE("a header alone is no content, unless that is all there was") {
    Desk desk;
    auto header = taken_of("a.csv", "one\n", false);
    header.position.row = 0;
    const auto place = desk.book.begin(header).value();
    CHECK_FALSE(desk.find("one\ntwo\n"));
    header.is_whole = true;
    desk.book.note(place, header);
    CHECK(desk.find("one\ntwo\n") == place);
}

TEST_CASE("where a name ends, what was read under it stays known") {
    Desk desk;
    const auto place = desk.begin("a.csv", "one\n", false);
    CHECK(desk.book.has_begun("a.csv"));
    desk.book.end("a.csv");
    CHECK_FALSE(desk.book.has_begun("a.csv"));
    CHECK(desk.find("one\ntwo\n") == place);
}

TEST_CASE("an outbox of something else is no book") {
    const auto loaded = Book::load([](const std::string& key) -> std::optional<std::string> {
        return key == "parts" ? "1" : "what is this";
    });
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().fault == base::Fault::misconfigured);
    CHECK_FALSE(Book::load([](const std::string&) { return "1x"; }));
}
