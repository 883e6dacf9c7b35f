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
        return book.find(folder.write("some.csv", bytes)).value();
    }

    support::TemporaryFolder folder;
    Book book;
};

}  // namespace

TEST_CASE("a content that was read is known by the longest beginning, whatever the file's name") {
    Desk desk;
    const auto some = desk.book.begin(taken_of("a.csv", "one\n", true));
    const auto more = desk.book.begin(taken_of("b.csv", "one\ntwo\n", true));
    CHECK(desk.find("one\n") == some);
    CHECK(desk.find("one\ntwo\n") == more);
    CHECK(desk.find("one\ntwo\nthree\n") == more);
    CHECK_FALSE(desk.find("one"));
    CHECK_FALSE(desk.find("zero\none\n"));
}

TEST_CASE("what was committed is known to the next run, and what was not is not") {
    Desk desk;
    Positions positions;
    const auto place = desk.book.begin(taken_of("a\nb.csv", "one\n", false));
    positions.commit(desk.book);
    desk.book.note(place, taken_of("a\nb.csv", "one\ntwo\n", true));
    desk.book.begin(taken_of("c.csv", "four\n", true));
    desk.book = positions.load();
    CHECK(desk.find("one\ntwo\n") == place);
    CHECK(desk.book.at(place).name == "a\nb.csv");
    CHECK_FALSE(desk.book.at(place).is_whole);
    CHECK(desk.book.has_begun("a\nb.csv"));
    CHECK_FALSE(desk.find("four\n"));
}

TEST_CASE("the oldest contents are forgotten, and no more are kept") {
    Desk desk;
    Positions positions;
    const auto text = [](std::uint64_t i) { return std::to_string(i) + "\n"; };
    for (std::uint64_t i = 0; i < Book::kTakenMax + 2; ++i) {
        desk.book.begin(taken_of("x.csv", text(i), true));
    }
    positions.commit(desk.book);
    CHECK(positions.kept.size() == Book::kTakenMax + 1);
    desk.book = positions.load();
    CHECK_FALSE(desk.find(text(0)));
    CHECK_FALSE(desk.find(text(1)));
    CHECK(desk.find(text(2)));
    CHECK(desk.find(text(Book::kTakenMax + 1)));
}

TEST_CASE("an outbox of something else is no book") {
    const auto loaded = Book::load([](const std::string& key) -> std::optional<std::string> {
        return key == "parts" ? "1" : "what is this";
    });
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().fault == base::Fault::misconfigured);
}
