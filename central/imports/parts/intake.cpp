#include "central/imports/parts/intake.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/ensure.hpp"
#include "central/imports/parts/beginnings.hpp"
#include "central/imports/parts/merge.hpp"
#include "drivers/replay/opening.hpp"

namespace imports {

namespace {

constexpr std::size_t kReadingsAtOnce = 4'096;

}  // namespace

Intake::Intake(const IntakeOptions& options, const base::Clock& clock, Told told)
    : options_(options),
      clock_(clock),
      told_(std::move(told)),
      inbox_(options.inbox),
      packer_(options.packer) {}

base::Status Intake::take(Carrier& carrier, base::EventTime now) {
    if (auto prepared = inbox_.prepare(); !prepared) return prepared;
    if (auto looked = look(&carrier, now); !looked) return looked;
    if (auto done = take_all(&carrier); !done) return done;
    if (auto settled = carrier.settle(); !settled) return settled;
    for (const auto& found : whole_) {
        if (auto moved = put_away(found); !moved) return moved;
    }
    return base::Done{};
}

base::Status Intake::rehearse(const Carrier* carrier, base::EventTime now) {
    if (auto looked = look(carrier, now); !looked) return looked;
    return take_all(nullptr);
}

base::Status Intake::look(const Carrier* carrier, base::EventTime now) {
    if (carrier != nullptr) {
        auto book = Book::load([&](const auto& key) { return carrier->position(key); });
        if (!book) return book.error();
        book_ = std::move(book).value();
    }
    auto look = inbox_.look(now);
    if (!look) return look.error();
    ready_ = std::move(look.value().ready);
    account_.unsettled = std::move(look.value().unsettled);
    account_.has_more = look.value().has_more;
    for (const auto& found : ready_) bytes_total_ += found.bytes;
    return base::Done{};
}

/// One that begins with the content of another comes after it: then it is known what of it counts.
base::Status Intake::take_all(Carrier* carrier) {
    const auto beginnings = beginnings_of(ready_, inbox_);
    if (!beginnings) return beginnings.error();
    std::vector<bool> is_done(ready_.size());
    const auto waits = [&](std::size_t i) {
        const auto& others = beginnings.value()[i];
        return std::any_of(others.begin(), others.end(),
                           [&](std::size_t other) { return !is_done[other]; });
    };
    while (!std::all_of(is_done.begin(), is_done.end(), [](bool done) { return done; })) {
        std::vector<std::size_t> round;
        for (std::size_t i = 0; i < ready_.size(); ++i) {
            if (!is_done[i] && !waits(i)) round.push_back(i);
        }
        ENSURE(!round.empty());
        for (const auto i : round) {
            if (auto examined = examine(ready_[i]); !examined) return examined;
            is_done[i] = true;
        }
        if (readable_.empty()) continue;
        if (auto read = read_all(carrier); !read) return read;
        if (account_.rows >= rows_max()) break;
    }
    if (auto readable = check_any_readable(); !readable) return readable;
    return move_refused(carrier);
}

std::uint64_t Intake::rows_max() const {
    return options_.rows_max.value_or(std::numeric_limits<std::uint64_t>::max());
}

/// Whether it is known, can be read, or is to be refused.
base::Status Intake::examine(const Found& found) {
    const auto path = inbox_.path(found.name);
    const auto known = book_.find(path);
    if (!known) return known.error();
    if (known.value() && book_.at(*known.value()).position.offset == found.bytes) {
        account_.known.emplace_back(found.name, book_.at(*known.value()).name);
        whole_.push_back(found);
        return base::Done{};
    }
    const auto has_end = has_last_newline(path);
    if (!has_end) return has_end.error();
    if (const auto why = objection(found, known.value(), has_end.value())) {
        account_.refused.emplace_back(found.name, *why);
        return base::Done{};
    }
    auto table = options_.table;
    table.file = path;
    const auto opened = drivers::replay::open_file(table);
    if (!opened) {
        account_.refused.emplace_back(found.name, opened.error().detail);
        return base::Done{};
    }
    readable_.push_back({.found = found, .first = opened.value().first, .known = known.value()});
    return base::Done{};
}

/// Why it is not even looked into.
std::optional<std::string> Intake::objection(const Found& found, std::optional<Book::Place> known,
                                             bool has_last_newline) const {
    if (options_.needs_last_newline && !has_last_newline) {
        return "its last line has no end: it may be cut. Bring the whole file; or, if it is whole, "
               "add a newline (echo >> FILE), or set last_newline = false";
    }
    if (known || !book_.has_begun(found.name)) return std::nullopt;
    return "a part of it was read, and what was read stands in it no more: it was changed. What "
           "counted stays counted; bring what did not as a file with another name";
}

/// When not one could ever be read it is rather the configuration that is wrong.
base::Status Intake::check_any_readable() {
    if (account_.refused.empty() || !book_.is_empty()) return base::Done{};
    const auto [name, reason] = account_.refused.front();
    account_.refused.clear();
    return base::Error{base::Fault::misconfigured,
                       "no part can be read, and none was moved: the configuration may be wrong. " +
                           name + ": " + reason};
}

base::Status Intake::move_refused(const Carrier* carrier) {
    for (; carrier != nullptr && moved_ < account_.refused.size(); ++moved_) {
        const auto& [name, reason] = account_.refused[moved_];
        if (auto moved = inbox_.refuse(name, reason); !moved) return moved;
    }
    return base::Done{};
}

base::Status Intake::read_all(Carrier* carrier) {
    Merge merge{std::exchange(readable_, {}),
                [&](const Readable& readable) { return open(readable); }};
    while (account_.rows < rows_max()) {
        const auto turn = merge.next();
        if (!turn) return turn.error();
        if (turn.value().part == nullptr) break;
        if (auto done = read(*turn.value().part, turn.value().until); !done) return done;
        if (carrier != nullptr) carrier->tick();
        if (!packer_.is_full()) continue;
        if (auto committed = commit(carrier); !committed) return committed;
    }
    for (auto& name : merge.names()) account_.partly.push_back(std::move(name));
    return commit(carrier);
}

base::Result<std::unique_ptr<Part>> Intake::open(const Readable& readable) {
    auto opened = Part::open(options_.table, inbox_.path(readable.found.name), readable, book_);
    if (opened) bytes_ += opened.value()->bytes();
    return opened;
}

base::Status Intake::read(Part& part, base::EventTime until) {
    // One row at a time where they are counted out.
    const auto readings_max = options_.rows_max ? options_.table.columns.size() : kReadingsAtOnce;
    const auto before = part.bytes();
    const auto rows_before = part.rows();
    const auto harvest = part.read(until, readings_max, clock_.instant(), book_);
    if (!harvest) return harvest.error();
    packer_.add(part.name(), part.quantities(), harvest.value(), part.index());
    account_.rows += part.rows() - rows_before;
    bytes_ += part.bytes() - before;
    account_.tally = packer_.tally();
    account_.series = packer_.series();
    told_(bytes_, bytes_total_);
    if (!part.is_finished()) return base::Done{};
    account_.read.push_back(part.name());
    whole_.push_back(part.found());
    return base::Done{};
}

base::Status Intake::commit(Carrier* carrier) {
    auto flush = packer_.take_flush();
    if (carrier == nullptr) return base::Done{};
    book_.add_to(flush);
    if (flush.lines.empty() && flush.positions.empty()) return base::Done{};
    return carrier->commit(std::move(flush));
}

/// One that has grown meanwhile stays: the next run reads what it has more.
base::Status Intake::put_away(const Found& found) {
    const auto now = inbox_.find(found.name);
    if (now == found) return inbox_.move_to_done(found.name);
    if (!now) return base::Done{};
    const auto known = book_.find(inbox_.path(found.name));
    if (!known) return known.error();
    if (known.value()) {
        account_.grown.push_back(found.name);
        return base::Done{};
    }
    const std::string why =
        "it was changed while it was read. What counted is what stood there before; bring what "
        "did not count as a file with another name";
    account_.refused.emplace_back(found.name, why);
    ++moved_;
    return inbox_.refuse(found.name, why);
}

}  // namespace imports
