// Goal: a restart neither loses nor repeats a line, whatever happens to the file and whenever.
// Method: a writer appends numbered lines, whole or in halves, and its file is rotated, copied and
// truncated at random moments. A driver is collected, committed and killed at random moments, and
// loses what was not committed. In the end the committed numbers must be all that were written, in
// order. First every byte boundary of one file, then chance; SEED=n repeats one run.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>

#include "base/random.hpp"
#include "drivers/tail/fixture.hpp"
#include "drivers/tail/position.hpp"

namespace fs = std::filesystem;
using tail_test::numbers;
using tail_test::Tailed;

namespace {

constexpr const char* kLogfmt = "format = \"logfmt\"\nstart = \"beginning\"\n";
constexpr const char* kCsv = "start = \"beginning\"\n";

/// After a rotation it has its file open under another name, until it opens the path again.
class Writer {
  public:
    Writer(const Tailed& tailed, bool csv) : tailed_(tailed), csv_(csv) { reopen(); }

    void write_lines(std::uint64_t count) {
        finish_line();
        for (std::uint64_t i = 0; i < count; ++i) put(line(++written_));
    }

    void begin_line() {
        finish_line();
        const auto text = line(++written_);
        half_ = text.substr(text.size() / 2);
        put(text.substr(0, text.size() / 2));
    }

    void finish_line() { put(std::exchange(half_, {})); }

    void rename_away() {
        shift();
        tailed_.rotate();
        reopen_due_ = true;
    }

    void reopen() {
        finish_line();
        out_.close();
        out_.open(tailed_.path(), std::ios::binary | std::ios::app);
        if (csv_ && fs::file_size(tailed_.path()) == 0) put("time,n\n");
        reopen_due_ = false;
    }

    void copy_and_truncate() {
        finish_line();
        shift();
        tailed_.copy_and_truncate();
        if (csv_) put("time,n\n");
    }

    bool reopen_due() const { return reopen_due_; }
    int written() const { return written_; }

  private:
    /// Lengths differ, so that offsets do too.
    std::string line(int number) const {
        const auto n = std::to_string(number);
        return csv_ ? "5," + n + "\n"
                    : "n=" + n + std::string(static_cast<std::size_t>(number % 7), ' ') + "\n";
    }

    void put(const std::string& text) { out_ << text << std::flush; }

    void shift() const {
        for (int i = 30; i > 0; --i) {
            const auto from = "." + std::to_string(i);
            if (!fs::exists(tailed_.path(from))) continue;
            fs::rename(tailed_.path(from), tailed_.path("." + std::to_string(i + 1)));
        }
        // The times of files are coarser than this test: two files of one tick tell no order.
        base::pause_for(std::chrono::milliseconds{11});
    }

    const Tailed& tailed_;
    bool csv_;
    std::ofstream out_;
    std::string half_;
    int written_ = 0;
    bool reopen_due_ = false;
};

/// A driver, what an outbox has committed of it, and what a kill would cost.
class Reader {
  public:
    explicit Reader(Tailed& tailed) : tailed_(tailed) { driver_ = tailed_.make(); }

    void collect(std::size_t at_most) {
        tailed_.clock.advance(std::chrono::milliseconds{700});
        const auto harvest = driver_->collect(tailed_.clock.instant(), at_most);
        for (const auto& one : harvest.measurements) pending_.push_back(one.value);
        for (const auto& one : harvest.failures) {
            // Started in the middle of a rotation: that is reported, and waited for.
            if (one.reason.ends_with("No such file or directory")) continue;
            failures_.push_back(one.reason);
        }
        if (harvest.position) pending_position_ = harvest.position;
    }

    void commit() {
        committed_.insert(committed_.end(), pending_.begin(), pending_.end());
        pending_.clear();
        if (pending_position_) position_ = pending_position_;
    }

    void kill() {
        killed_with_ += pending_.size();
        pending_.clear();
        pending_position_.reset();
        driver_ = tailed_.make(position_);
    }

    const std::vector<double>& committed() const { return committed_; }
    const std::vector<std::string>& failures() const { return failures_; }
    std::size_t killed_with() const { return killed_with_; }

  private:
    Tailed& tailed_;
    std::unique_ptr<drivers::Driver> driver_;
    std::vector<double> pending_;
    std::optional<std::string> pending_position_;
    std::vector<double> committed_;
    std::optional<std::string> position_;
    std::vector<std::string> failures_;
    std::size_t killed_with_ = 0;
};

struct Faults {
    std::size_t rotations = 0;
    std::size_t truncations = 0;
    std::size_t kills = 0;
    std::size_t readings_killed = 0;
};

void write_something(Writer& writer, base::Random& random, Faults& faults) {
    switch (random.below(12)) {
        case 0:
            if (writer.reopen_due()) return;
            ++faults.rotations;
            return writer.rename_away();
        case 1:
            if (writer.reopen_due()) return;
            ++faults.truncations;
            return writer.copy_and_truncate();
        case 2:
        case 3:
            return writer.begin_line();
        case 4:
        case 5:
            return writer.reopen_due() ? writer.reopen() : writer.finish_line();
        default:
            return writer.write_lines(1 + random.below(4));
    }
}

void read_something(Reader& reader, base::Random& random, Faults& faults) {
    switch (random.below(6)) {
        case 0:
            ++faults.kills;
            return reader.kill();
        case 1:
        case 2:
            return reader.commit();
        default:
            return reader.collect(1 + random.below(5));
    }
}

void run(std::uint64_t seed, bool csv, Faults& faults) {
    CAPTURE(seed);
    CAPTURE(csv);
    base::Random random(seed);
    Tailed tailed(csv ? kCsv : kLogfmt);
    Writer writer(tailed, csv);
    Reader reader(tailed);
    // From here on there is a position: before the first commit, `start` says what is new.
    reader.collect(1);
    reader.commit();
    for (int step = 0; step < 120; ++step) {
        if (random.chance(1, 2)) {
            write_something(writer, random, faults);
        } else {
            read_something(reader, random, faults);
        }
    }
    writer.reopen();
    for (int i = 0; i < 600; ++i) reader.collect(50);
    reader.commit();
    faults.readings_killed += reader.killed_with();
    INFO("committed ", fmt::format("{}", fmt::join(reader.committed(), " ")), " of ",
         writer.written());
    INFO("failures ", fmt::format("{}", fmt::join(reader.failures(), "; ")));
    CHECK(reader.committed() == numbers(1, writer.written()));
    CHECK(reader.failures().empty());
}

}  // namespace

TEST_CASE("a restart at every byte of the file goes on exactly there") {
    const std::string content = "n=1\nn=22 x=\"a b\"\n\nn=333\r\nn=4\nn=55\n";
    const std::vector<double> all{1, 22, 333, 4, 55};
    for (std::size_t cut = 0; cut <= content.size(); ++cut) {
        for (const std::size_t at_most : {1U, 2U, 9U}) {
            CAPTURE(cut);
            CAPTURE(at_most);
            Tailed tailed;
            tailed.append(content.substr(0, cut));
            auto driver = tailed.make();
            auto first = tailed.take(*driver, 6, at_most);
            driver = tailed.make(first.position);
            tailed.append(content.substr(cut));
            const auto second = tailed.take(*driver, 6, at_most);
            first.values.insert(first.values.end(), second.values.begin(), second.values.end());
            CHECK(first.values == all);
            CHECK(first.failures.empty());
            CHECK(second.failures.empty());
        }
    }
}

TEST_CASE("kills, rotations and truncations at any moment neither lose nor repeat a line") {
    Faults faults;
    const char* one = std::getenv("SEED");
    const std::uint64_t first = one != nullptr ? std::strtoull(one, nullptr, 10) : 1;
    const std::uint64_t last = one != nullptr ? first : 25;
    for (auto seed = first; seed <= last; ++seed) {
        for (const bool csv : {false, true}) run(seed, csv, faults);
    }
    MESSAGE("seeds " << first << " to " << last << ": " << faults.rotations << " rotations, "
                     << faults.truncations << " truncations, " << faults.kills << " kills with "
                     << faults.readings_killed << " readings that were not committed");
    if (one != nullptr) return;
    CHECK(faults.rotations > 100);
    CHECK(faults.truncations > 100);
    CHECK(faults.kills > 100);
    CHECK(faults.readings_killed > 100);
}
