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

constexpr const char* kChanged =
    "a part of a file of this name was read, and what was read does not stand in this one. What "
    "counted stays counted. If it is the same file, which was changed, take out the rows that "
    "counted, and put it back; if it is another, put it back as it is";

}  // namespace

Intake::Intake(const IntakeOptions& options, const base::Clock& clock, Told told,
               MayWrite may_write)
    : options_(options),
      clock_(clock),
      told_(std::move(told)),
      may_write_(std::move(may_write)),
      inbox_(options.inbox),
      packer_(options.packer) {}

base::Status Intake::take(Carrier& carrier, base::EventTime now) {
    if (auto prepared = inbox_.prepare(); !prepared) return prepared;
    if (auto loaded = load(carrier); !loaded) return loaded;
    const auto before = untold_in(carrier);
    if (!before) return before.error();
    account_.before = before.value();
    if (auto looked = look(now); !looked) return looked;
    if (auto done = take_all(&carrier); !done) return done;
    if (auto settled = carrier.settle(); !settled) return settled;
    if (auto may = may_write_(); !may) return may;
    for (const auto& found : whole_) {
        if (auto moved = put_away(found); !moved) note_failed(found.name, moved.error());
    }
    return base::Done{};
}

base::Status Intake::end_account(Carrier& carrier) {
    if (!account_.refused.empty() || !account_.failed.empty()) return base::Done{};
    if (auto may = may_write_(); !may) return may;
    return forget_untold(carrier);
}

base::Status Intake::rehearse(Book book, base::EventTime now) {
    book_ = std::move(book);
    if (auto looked = look(now); !looked) return looked;
    return take_all(nullptr);
}

/// Every commit with readings says, too, what was read. So where that is missing it was not read.
base::Status Intake::load(const Carrier& carrier) {
    auto book = Book::load([&](const auto& key) { return carrier.position(key); });
    if (!book) return book.error();
    book_ = std::move(book).value();
    if (!book_.is_empty() || carrier.committed() == 0) return base::Done{};
    return base::Error{base::Fault::misconfigured,
                       "the outbox does not say which parts were read, but some were: see what the "
                       "log says of it, and put an undamaged copy into its place"};
}

base::Status Intake::look(base::EventTime now) {
    auto look = inbox_.look(now);
    if (!look) return look.error();
    book_.keep_newest(look.value().names);
    ready_ = std::move(look.value().ready);
    account_.unsettled = std::move(look.value().unsettled);
    account_.has_more = look.value().has_more;
    for (const auto& found : ready_) bytes_total_ += found.bytes;
    return base::Done{};
}

/// One that begins with the content of another comes after it: then it is known what of it counts.
base::Status Intake::take_all(Carrier* carrier) {
    is_done_.assign(ready_.size(), false);
    beginnings_ = beginnings_of(ready_, inbox_, [&](std::size_t file, const base::Error& why) {
        note_failed(ready_[file].name, why);
        is_done_[file] = true;
    });
    const auto waits = [&](std::size_t file) {
        const auto& others = beginnings_[file];
        return std::any_of(others.begin(), others.end(),
                           [&](std::size_t other) { return !is_done_[other]; });
    };
    while (!std::all_of(is_done_.begin(), is_done_.end(), [](bool done) { return done; })) {
        std::vector<std::size_t> round;
        for (std::size_t file = 0; file < ready_.size(); ++file) {
            if (!is_done_[file] && !waits(file)) round.push_back(file);
        }
        ENSURE(!round.empty());
        for (const auto file : round) {
            if (auto done = examine(file); !done) note_failed(ready_[file].name, done.error());
        }
        for (const auto file : round) is_done_[file] = true;
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
base::Status Intake::examine(std::size_t file) {
    const auto& found = ready_[file];
    const auto path = inbox_.path(found.name);
    if (!is_beginning_taken(file)) {
        account_.unsettled.push_back(found.name);
        return base::Done{};
    }
    const auto places = book_.find(path, found.bytes);
    if (!places) return places.error();
    for (const auto place : places.value()) book_.keep(place);
    const auto begun = start_of(file, places.value());
    if (!begun) return begun.error();
    const auto& start = begun.value();
    if (start.is_late) {
        account_.unsettled.push_back(found.name);
        return base::Done{};
    }
    Readable readable{.found = found};
    if (start.place) {
        const auto known = book_.at(*start.place);
        if (known.position.offset == found.bytes) {
            end_others(found, start);
            account_.known.emplace_back(found.name, known.name);
            whole_.push_back(found);
            return base::Done{};
        }
        readable.from = known.position;
        if (!known.is_whole && known.name == found.name) readable.place = start.place;
    }
    const auto has_end = has_last_newline(path, found.bytes);
    if (!has_end) return has_end.error();
    if (const auto why = objection(found, start.place.has_value(), has_end.value())) {
        account_.refused.emplace_back(found.name, *why);
        return base::Done{};
    }
    auto table = options_.table;
    table.file = path;
    table.bytes_max = found.bytes;
    const auto opened = drivers::replay::open_file(table);
    if (!opened) {
        account_.refused.emplace_back(found.name, opened.error().detail);
        return base::Done{};
    }
    if (start.place && !readable.place) end_others(found, start);
    readable.first = opened.value().first;
    readable_.push_back(std::move(readable));
    return base::Done{};
}

/// One that begins with the content of another, which could not be read just now, waits for it.
bool Intake::is_beginning_taken(std::size_t file) const {
    const auto& others = beginnings_[file];
    return std::all_of(others.begin(), others.end(), [&](std::size_t other) {
        const auto& name = ready_[other].name;
        const auto is_it = [&](const auto& refused) { return refused.first == name; };
        return std::find(whole_.begin(), whole_.end(), ready_[other]) != whole_.end() ||
               std::any_of(account_.refused.begin(), account_.refused.end(), is_it);
    });
}

/// Behind which content it is read. One that was read to its end counts for every file, one that
/// was begun only for its own; for another when its own is no more, or holds all of this one and
/// comes after it. So what counts is the same, wherever a run ends.
base::Result<Intake::Start> Intake::start_of(std::size_t file,
                                             const std::vector<Book::Place>& places) const {
    const auto& name = ready_[file].name;
    for (const auto place : places) {
        const auto& taken = book_.at(place);
        if (taken.is_whole || taken.name == name) return Start{.place = place};
        const auto own = inbox_.find(taken.name);
        if (!own) return Start{.place = place, .is_free = true};
        const auto claimed = book_.find(inbox_.path(own->name), own->bytes);
        if (!claimed) return claimed.error();
        const auto& its = claimed.value();
        if (std::find(its.begin(), its.end(), place) == its.end()) {
            return Start{.place = place, .is_free = true};
        }
        const auto other = std::find_if(ready_.begin(), ready_.end(),
                                        [&](const Found& one) { return one.name == own->name; });
        if (other == ready_.end()) return Start{.is_late = true};
        const auto& before = beginnings_[static_cast<std::size_t>(other - ready_.begin())];
        if (std::find(before.begin(), before.end(), file) != before.end()) {
            return Start{.place = place};
        }
    }
    return Start{};
}

/// It goes on in another place than it has begun in, and so does one whose file has another name
/// now: nothing goes on under these names.
void Intake::end_others(const Found& found, const Start& start) {
    book_.end(found.name);
    if (start.is_free) book_.end(std::string{book_.at(*start.place).name});
}

/// Why it is not even looked into.
std::optional<std::string> Intake::objection(const Found& found, bool is_known,
                                             bool has_last_newline) const {
    if (options_.needs_last_newline && !has_last_newline) {
        return "its last line has no end: it may be cut. Bring the whole file; or, if it is whole, "
               "add a newline (echo >> FILE), or set last_newline = false";
    }
    if (is_known || !book_.has_begun(found.name)) return std::nullopt;
    return kChanged;
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

/// Only one that has moved away ends what was begun under its name: it would count twice from its
/// beginning on.
base::Status Intake::move_refused(Carrier* carrier) {
    if (carrier == nullptr) return base::Done{};
    if (auto may = may_write_(); !may) return may;
    for (; moved_ < account_.refused.size(); ++moved_) {
        const auto& [name, reason] = account_.refused[moved_];
        if (auto moved = inbox_.refuse(name, reason); !moved) {
            note_failed(name, moved.error());
        } else if (reason == kChanged) {
            book_.end(name);
        }
    }
    return commit(carrier);
}

void Intake::note_failed(const std::string& name, const base::Error& why) {
    account_.failed.emplace_back(name, why.detail);
}

base::Status Intake::read_all(Carrier* carrier) {
    Merge merge{std::exchange(readable_, {}),
                [&](const Readable& readable) { return open(readable); }};
    while (account_.rows < rows_max()) {
        const auto turn = merge.next();
        if (turn.part == nullptr) break;
        if (auto done = read(*turn.part, turn.until); !done) {
            if (done.error().fault != base::Fault::transient) return done;
            note_failed(turn.part->name(), done.error());
            merge.drop(turn.part);
            continue;
        }
        if (carrier != nullptr) carrier->tick();
        if (!packer_.is_full()) continue;
        if (auto committed = commit(carrier); !committed) return committed;
    }
    for (auto& name : merge.names()) account_.partly.push_back(std::move(name));
    return commit(carrier);
}

/// Null when it is no longer what was looked at: the next run takes it.
std::unique_ptr<Part> Intake::open(const Readable& readable) {
    const auto& name = readable.found.name;
    if (inbox_.find(name) != readable.found) {
        account_.unsettled.push_back(name);
        return nullptr;
    }
    auto opened = Part::open(options_.table, inbox_.path(name), readable);
    if (!opened) {
        note_failed(name, opened.error());
        return nullptr;
    }
    bytes_ += opened.value()->bytes();
    return std::move(opened).value();
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
    note_untold(account_.before, packer_.tally(), flush);
    if (auto may = may_write_(); !may) return may;
    auto committed = carrier->commit(std::move(flush));
    if (committed) account_.committed = packer_.tally().readings;
    return committed;
}

/// One that has grown meanwhile stays: the next run reads what it has more.
base::Status Intake::put_away(const Found& found) {
    const auto now = inbox_.find(found.name);
    if (now == found) return inbox_.move_to_done(found.name);
    if (!now) return base::Done{};
    const auto known = book_.find(inbox_.path(found.name), now->bytes);
    if (!known) return known.error();
    if (!known.value().empty()) {
        account_.grown.push_back(found.name);
        return base::Done{};
    }
    const std::string why =
        "it was changed while it was read. What counted is what stood there before; bring what "
        "did not count as a file with another name";
    if (auto moved = inbox_.refuse(found.name, why); !moved) return moved;
    account_.refused.emplace_back(found.name, why);
    return base::Done{};
}

}  // namespace imports
