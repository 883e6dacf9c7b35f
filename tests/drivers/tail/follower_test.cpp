// Goal: whatever happens to a file that grows, no line is lost or repeated, and bytes that are lost
// for good are reported. Method: real files in a folder of their own, one case for each fate; the
// test sets the time, and a restart is a new driver with the last position.

#include "drivers/tail/follower.hpp"

#include <sys/stat.h>

#include "drivers/tail/fixture.hpp"
#include "support/process.hpp"

namespace fs = std::filesystem;
using tail_test::lines;
using tail_test::numbers;
using tail_test::Tailed;
using Failures = std::vector<std::string>;

namespace {

void compress(const std::string& path) {
    REQUIRE(
        support::Process::start(
            {.argv = {"gzip", path}, .environment = {}, .log_file = path + ".log", .folder = {}})
            .wait(std::chrono::seconds{20}) == 0);
}

}  // namespace

TEST_CASE("lines come as they are written, and half a line waits for its end") {
    Tailed tailed;
    tailed.append(lines(1, 2) + "n=3");
    const auto driver = tailed.make();
    CHECK(tailed.take(*driver).values == numbers(1, 2));
    tailed.append("4\nn=");
    CHECK(tailed.take(*driver).values == numbers(34, 34));
    tailed.append("5\r\n");
    const auto taken = tailed.take(*driver);
    CHECK(taken.values == numbers(5, 5));
    CHECK(taken.failures.empty());
    CHECK(driver->can_wait());
}

TEST_CASE("a file without a position begins at its beginning or after its last whole line") {
    Tailed from_end("format = \"logfmt\"\n");
    from_end.append(lines(1, 2) + "n=");
    const auto driver = from_end.make();
    const auto first = from_end.take(*driver);
    CHECK(first.values.empty());
    // Committed at once: what is written before the first line was read is not passed over.
    REQUIRE(first.position);
    from_end.append("3\n");
    CHECK(from_end.take_anew(first.position).values == numbers(3, 3));
    CHECK(from_end.take(*driver).values == numbers(3, 3));
}

TEST_CASE("a file that did not exist is all new, whatever `start` says, also after a restart") {
    Tailed tailed("format = \"logfmt\"\nstart = \"end\"\n");
    const auto driver = tailed.make();
    const auto absent = tailed.take(*driver);
    REQUIRE(absent.failures.size() == 1);
    CHECK(absent.failures[0].ends_with("data.csv: No such file or directory"));
    tailed.append(lines(1, 3));
    CHECK(tailed.take_anew(absent.position).values == numbers(1, 3));
    CHECK(tailed.take(*driver).values == numbers(1, 3));
}

TEST_CASE("an absent file is reported once a minute, and followed again when it comes back") {
    Tailed tailed;
    tailed.append(lines(1, 2));
    const auto driver = tailed.make();
    CHECK(tailed.take(*driver).values.size() == 2);
    fs::remove(tailed.path());
    CHECK(tailed.take(*driver, 150).failures.size() == 3);
    tailed.append(lines(3, 4));
    CHECK(tailed.take(*driver).values == numbers(3, 4));
}

TEST_CASE("only a regular file is read") {
    Tailed tailed;
    REQUIRE(mkfifo(tailed.path().c_str(), 0600) == 0);
    const auto driver = tailed.make();
    const auto taken = tailed.take(*driver);
    REQUIRE(taken.failures.size() == 1);
    CHECK(taken.failures[0].ends_with("is no regular file"));
    fs::remove(tailed.path());
    tailed.append(lines(1, 1));
    CHECK(tailed.take(*driver).values == numbers(1, 1));
}

TEST_CASE("a file that is rotated away is read to its end before the new one") {
    Tailed tailed;
    tailed.append(lines(1, 2));
    const auto driver = tailed.make();
    CHECK(tailed.take(*driver).values == numbers(1, 2));
    tailed.append(lines(3, 3));
    tailed.rotate();
    tailed.append(lines(6, 7));
    CHECK(tailed.take(*driver, 3).values == numbers(3, 3));
    tailed.append(lines(4, 5), ".1");  // Its writer has not noticed yet.
    CHECK(tailed.take(*driver, 3).values == numbers(4, 5));
    const auto taken = tailed.take(*driver);
    CHECK(taken.values == numbers(6, 7));
    CHECK(taken.failures.empty());
}

TEST_CASE("after rotations while nobody looked all that was written since is read, in order") {
    for (const bool down : {true, false}) {
        CAPTURE(down);
        Tailed tailed;
        tailed.append(lines(1, 2));
        auto driver = tailed.make();
        const auto before = tailed.take(*driver);
        if (down) driver.reset();
        tailed.append(lines(3, 4));
        tailed.rotate(".3");
        tailed.append(lines(5, 6));
        tailed.rotate(".2");
        tailed.append(lines(7, 7));
        tailed.rotate(".1");
        tailed.append(lines(8, 9));
        tailed.append("n=99\n", ".bak");  // No name of a rotation.
        const auto after = down ? tailed.take_anew(before.position) : tailed.take(*driver);
        CHECK(after.values == numbers(3, 9));
        CHECK(after.failures.empty());
    }
}

TEST_CASE("names with a date, and numbers before the extension, are rotations too") {
    for (const std::string name : {"data.csv-20251120", "data-2025-11-20.csv", "data.1.csv"}) {
        CAPTURE(name);
        Tailed tailed;
        tailed.append(lines(1, 2));
        const auto before = tailed.take_anew();
        tailed.append(lines(3, 3));
        fs::rename(tailed.path(), tailed.folder.file(name));
        tailed.append(lines(4, 5));
        CHECK(tailed.take_anew(before.position).values == numbers(3, 5));
    }
}

TEST_CASE("a copy made before a truncation is read to its end, then the file from its beginning") {
    for (const bool down : {true, false}) {
        for (const int regrown : {0, 1, 40}) {
            CAPTURE(down);
            CAPTURE(regrown);
            Tailed tailed;
            tailed.append(lines(1, 5));
            auto driver = tailed.make();
            const auto before = tailed.take(*driver);
            if (down) driver.reset();
            tailed.append(lines(6, 8));
            tailed.copy_and_truncate();
            tailed.append(lines(9, 8 + regrown));
            const auto after = down ? tailed.take_anew(before.position) : tailed.take(*driver);
            CHECK(after.values == numbers(6, 8 + regrown));
            CHECK(after.failures.empty());
        }
    }
}

TEST_CASE("the copy of a file of which nothing was read yet is read first") {
    Tailed tailed;
    tailed.append("");
    const auto before = tailed.take_anew();
    tailed.append(lines(1, 3));
    base::pause_for(std::chrono::milliseconds{20});  // Times of files are that coarse.
    tailed.copy_and_truncate();
    tailed.append(lines(4, 5));
    CHECK(tailed.take_anew(before.position).values == numbers(1, 5));
}

TEST_CASE("a truncation without a copy loses what was not read, and that is reported") {
    Tailed tailed;
    tailed.append(lines(1, 4));
    const auto driver = tailed.make();
    CHECK(tailed.take(*driver).failures.empty());
    tailed.truncate();
    tailed.append(lines(5, 5));
    const auto all_read = tailed.take(*driver);
    CHECK(all_read.values == numbers(5, 5));
    CHECK(all_read.failures.empty());
    tailed.append("n=6\nn=");
    CHECK(tailed.take(*driver).values == numbers(6, 6));
    tailed.truncate();
    tailed.append(lines(7, 7));
    const auto lost = tailed.take(*driver);
    CHECK(lost.values == numbers(7, 7));
    CHECK(lost.failures == Failures{"truncated: 2 bytes from byte 8 on could not be read"});
}

TEST_CASE("an inode that is used again is another file") {
    Tailed tailed;
    tailed.append(lines(1, 4));
    const auto before = tailed.take_anew();
    // The same inode, as after a removal, with more bytes than before.
    tailed.truncate();
    tailed.append(lines(51, 59));
    CHECK(tailed.take_anew(before.position).values == numbers(51, 59));
}

TEST_CASE("a file that begins like the one before is another file by what follows") {
    const std::string same = "note=\"" + std::string(2000, '-') + "\"\n";
    Tailed tailed;
    tailed.append(same + lines(1, 4));
    const auto before = tailed.take_anew();
    tailed.truncate();
    tailed.append(same + lines(51, 59));
    CHECK(tailed.take_anew(before.position).values == numbers(51, 59));
}

TEST_CASE("a copy of the file that was just read, with the name of a rotation, is not read again") {
    Tailed tailed;
    tailed.append(lines(1, 4));
    const auto driver = tailed.make();
    CHECK(tailed.take(*driver).values == numbers(1, 4));
    tailed.rotate();
    base::pause_for(std::chrono::milliseconds{20});  // Younger than what it is a copy of.
    fs::copy_file(tailed.path(".1"), tailed.path(".20251120"));
    tailed.append(lines(5, 6));
    CHECK(tailed.take(*driver).values == numbers(5, 6));
}

TEST_CASE("a file that vanished is reported, with the number of bytes that were not read") {
    Tailed tailed;
    tailed.append(lines(1, 2) + "n=");
    const auto before = tailed.take_anew();
    fs::rename(tailed.path(), tailed.folder.file("elsewhere"));
    tailed.append(lines(7, 8));
    const auto after = tailed.take_anew(before.position);
    CHECK(after.values == numbers(7, 8));
    CHECK(after.failures == Failures{"the file that was read is gone: 2 bytes and what came after "
                                     "them, from byte 8 on, could not be read"});
}

TEST_CASE("a compressed old file is reported, with the number of bytes that could not be read") {
    Tailed tailed;
    tailed.append(lines(1, 2));
    const auto before = tailed.take_anew();
    tailed.append(lines(3, 5));
    tailed.rotate(".2");
    compress(tailed.path(".2"));
    tailed.append(lines(6, 7));
    tailed.rotate(".1");
    tailed.append(lines(8, 8));
    const auto after = tailed.take_anew(before.position);
    CHECK(after.values == numbers(6, 8));
    CHECK(after.failures ==
          Failures{tailed.path(".2.gz") + " is compressed: 12 bytes from byte 8 on could not be "
                                          "read"});
}

TEST_CASE("a compressed old file that was read to its end is not a loss") {
    Tailed tailed;
    tailed.append(lines(1, 2));
    const auto before = tailed.take_anew();
    tailed.rotate();
    compress(tailed.path(".1"));
    tailed.append(lines(3, 3));
    const auto after = tailed.take_anew(before.position);
    CHECK(after.values == numbers(3, 3));
    CHECK(after.failures.empty());
}

TEST_CASE("a compressed file between two readable ones is skipped and reported") {
    Tailed tailed;
    tailed.append(lines(1, 2));
    const auto before = tailed.take_anew();
    tailed.rotate(".2");
    base::pause_for(std::chrono::milliseconds{20});
    tailed.append(lines(3, 4));
    tailed.rotate(".1");
    compress(tailed.path(".1"));
    tailed.append(lines(5, 5));
    const auto after = tailed.take_anew(before.position);
    CHECK(after.values == numbers(5, 5));
    CHECK(after.failures ==
          Failures{tailed.path(".1.gz") + " is compressed: 8 bytes could not be read"});
}

TEST_CASE("a last line that never ends is given up, and its bytes are reported") {
    Tailed tailed;
    tailed.append(lines(1, 2) + "n=3");
    const auto driver = tailed.make();
    tailed.take(*driver);
    tailed.rotate();
    tailed.append(lines(4, 4));
    const auto taken = tailed.take(*driver);
    CHECK(taken.values == numbers(4, 4));
    CHECK(taken.failures ==
          Failures{tailed.path() + ": its last line has no end: 3 bytes from byte 8 on"});
}

TEST_CASE("a file that is written anew with the same beginning goes on at the same place") {
    Tailed tailed;
    tailed.append(lines(1, 4));
    const auto driver = tailed.make();
    tailed.take(*driver);
    tailed.append(lines(1, 6), ".new");
    fs::rename(tailed.path(".new"), tailed.path());
    const auto taken = tailed.take(*driver);
    CHECK(taken.values == numbers(5, 6));
    CHECK(taken.failures.empty());
}

TEST_CASE("a saved file whose disk is not there yet is waited for, not given up") {
    Tailed tailed;
    tailed.append(lines(1, 2));
    const auto before = tailed.take_anew();
    fs::rename(tailed.path(), tailed.folder.file("unmounted"));
    const auto driver = tailed.make(before.position);
    CHECK(tailed.take(*driver).values.empty());
    fs::rename(tailed.folder.file("unmounted"), tailed.path());
    tailed.append(lines(3, 3));
    CHECK(tailed.take(*driver).values == numbers(3, 3));
}

TEST_CASE("a file of gigabytes is begun at its end at once, and at its saved place") {
    Tailed tailed("format = \"logfmt\"\nstart = \"end\"\n");
    tailed.append("");
    constexpr std::uintmax_t kSize = 10'000'000'000;
    fs::resize_file(tailed.path(), kSize);  // Without blocks: it costs no disk.
    const auto before = tailed.take_anew();
    tailed.append("\n" + lines(1, 2));
    const auto after = tailed.take_anew(before.position);
    CHECK(after.values == numbers(1, 2));
    const auto position = drivers::tail::parse_position(after.position.value());
    REQUIRE(position);
    CHECK(position.value().offset == kSize + 9);
}
