#include "agent/outbox/sqlite_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "agent/files/files.hpp"
#include "agent/outbox/damaged_file.hpp"
#include "base/ensure.hpp"
#include "base/log.hpp"
#include "wire/record.hpp"

namespace agent {

namespace {

using base::Done;
using base::Error;
using base::Fault;
using base::Result;
using base::Status;

constexpr std::uint64_t kPagesSpare = 64;  // For the tree above the leaves, meta and positions.
constexpr unsigned kAttemptsMax = 3;
constexpr std::uint64_t kReservedAhead = 256;  // Records: so many sends for one more commit.

}  // namespace

Status SqliteOutbox::Store::open() {
    auto opened = open_file();
    if (!opened && opened.error().fault == Fault::malformed) opened = begin_anew(opened.error());
    if (!opened || rescued_.empty()) return opened;
    auto saved = save_positions(rescued_);
    // Not forgotten on an error: the next opening tries again before anything else is written.
    if (!saved) broken_ = true;
    if (saved) rescued_.clear();
    return saved;
}

Status SqliteOutbox::Store::open_file() {
    records_.reset();
    database_ = std::make_unique<Database>();
    auto opened = database_->open({.path = options_.path,
                                   .vfs = meter_.vfs_name(),
                                   .pages_max = options_.quota / Database::kPageBytes});
    if (!opened && opened.error().fault != Fault::malformed) return opened;
    records_ = std::make_unique<SqliteRecords>(*database_);
    if (!opened) return opened;
    const wire::Incarnation fresh{options_.new_incarnation()};
    if (auto ready = records_->prepare(options_.node, fresh, chain_.start(options_.node, fresh));
        !ready) {
        return ready;
    }
    // A checkpoint writes and syncs every page anew: what an earlier, failed sync left in doubt is
    // on the disk after it, or this is an error too.
    if (auto synced = database_->execute("PRAGMA wal_checkpoint(TRUNCATE)"); !synced) return synced;
    const auto ends = records_->ends();
    if (!ends) return ends.error();
    const auto pages = records_->pages_used();
    if (!pages) return pages.error();
    ends_ = ends.value();
    pages_used_ = pages.value();
    sent_ = std::min(ends_.reserved, ends_.head);
    inventory_.reset();
    broken_ = false;
    return Done{};
}

Status SqliteOutbox::Store::begin_anew(const Error& damage) {
    // A file that is read again from its beginning would count twice: save what can be read.
    if (records_ && rescued_.empty()) rescued_ = records_->positions();
    records_.reset();
    database_.reset();
    // A simulated disk has no names to rename; there, damage is a finding.
    if (!options_.vfs.empty()) return damage;
    const auto aside = put_aside(options_.path, options_.damaged_kept);
    if (!aside) return aside.error();
    ++damaged_;
    base::log_error("outbox damaged: records in it that were not applied yet are lost here",
                    {{"reason", damage.detail},
                     {"kept_as", aside.value()},
                     {"positions_saved", rescued_.size()}});
    return open_file();
}

Status SqliteOutbox::Store::save_positions(const SqliteRecords::Positions& positions) {
    Transaction transaction{*database_};
    if (!transaction.begun()) return transaction.begun();
    for (const auto& [sensor, position] : positions) {
        if (auto set = records_->set_position(sensor, position); !set) return set;
    }
    return transaction.commit();
}

Status SqliteOutbox::Store::recover() {
    if (!broken_) return Done{};
    database_.reset();
    auto opened = open();
    if (!opened) return opened;
    ++reopened_;
    base::log_warn("outbox opened again after an error of the disk", {{"path", options_.path}});
    return Done{};
}

/// Somebody removed, renamed or replaced the file. All of it is still here, through the open one:
/// a copy takes its place, and what stands there is put aside.
Status SqliteOutbox::Store::put_back() {
    DurableFiles files;
    const auto copy = options_.path + ".rescued";
    if (auto removed = files.remove(copy); !removed) return removed;
    if (auto copied = database_->copy_to(copy); !copied) return copied;
    std::string aside;
    if (database_->is_taken_away(options_.path) && std::filesystem::exists(options_.path)) {
        auto put = put_aside(options_.path, options_.damaged_kept);
        if (!put) return put.error();
        aside = std::move(put).value();
    }
    if (auto removed = files.remove(options_.path + "-wal"); !removed) return removed;
    if (auto renamed = files.rename(copy, options_.path); !renamed) return renamed;
    broken_ = true;
    base::log_error("the outbox file was removed or replaced while in use: it is put back",
                    {{"path", options_.path}, {"found_there_and_kept_as", aside}});
    return recover();
}

/// Passes a result on; when it tells of a disk that cannot be trusted, remembers that.
template <class T>
Result<T> SqliteOutbox::Store::trusted(Result<T> result) {
    if (!result && result.error().fault != Fault::exhausted) broken_ = true;
    return result;
}

Status SqliteOutbox::Store::append(const Flush& flush) {
    ENSURE(flush.contents.size() == flush.lines.size());
    if (auto ready = recover(); !ready) return ready;
    const auto& path = options_.path;
    if (database_->is_taken_away(path) || database_->is_taken_away(path + "-wal")) {
        if (auto back = put_back(); !back) return back;
    }
    if (was_stored(flush)) return Done{};
    for (unsigned attempt = 0;; ++attempt) {
        const auto before = ends_;
        const auto evicted_before = evicted_;
        const auto thinned_before = thinned_;
        auto written = trusted(write(flush, attempt));
        if (written) return written;
        ends_ = before;
        evicted_ = evicted_before;
        thinned_ = thinned_before;
        inventory_.reset();
        const bool full = written.error().fault == Fault::exhausted;
        if (!full || attempt == kAttemptsMax) return written;
    }
}

/// After an error the same flush comes again. If the file turned out to hold it, that is all.
bool SqliteOutbox::Store::was_stored(const Flush& flush) {
    if (!doubt_) return false;
    const auto doubt = std::move(*doubt_);
    doubt_.reset();
    return !flush.lines.empty() && doubt.head_hash == ends_.head_hash && doubt.lines == flush.lines;
}

Status SqliteOutbox::Store::write(const Flush& flush, unsigned attempt) {
    std::uint64_t bytes = 0;
    for (const auto& line : flush.lines) bytes += line.size() + 64;
    const auto pages_needed = (kPagesSpare + 2 * bytes / Database::kPageBytes) << attempt;
    Transaction transaction{*database_};
    if (!transaction.begun()) return transaction.begun();
    if (auto made = delete_settled(flush.settled, pages_needed); !made) return made;
    if (auto thinner = thin(pages_needed); !thinner) return thinner;
    const auto evicted = evict(pages_needed);
    if (!evicted) return evicted.error();
    if (auto written = write_lines(flush, evicted.value()); !written) return written;
    const auto pages = records_->pages_used();
    if (!pages) return pages.error();
    doubt_ = Doubt{.head_hash = ends_.head_hash, .lines = flush.lines};
    if (auto committed = transaction.commit(); !committed) return committed;
    doubt_.reset();
    pages_used_ = pages.value();
    return Done{};
}

Status SqliteOutbox::Store::write_lines(const Flush& flush, const Removal& evicted) {
    if (evicted.records() > 0) {
        evicted_ += evicted.records();
        auto pushed = push(evicted.line(), evicted.content(), Detail::quarters);
        if (!pushed) return pushed;
    }
    for (std::size_t i = 0; i < flush.lines.size(); ++i) {
        auto pushed = push(flush.lines[i], flush.contents[i], Detail::full);
        if (!pushed) return pushed;
    }
    for (const auto& [sensor, position] : flush.positions) {
        if (auto set = records_->set_position(sensor, position); !set) return set;
    }
    return Done{};
}

Status SqliteOutbox::Store::push(std::string line, const Flush::Content& content, Detail detail) {
    const auto seq = ends_.head + 1;
    const auto hash = chain_.next(ends_.head_hash, seq, line);
    const auto total = ends_.total + line.size();
    if (inventory_) inventory_->add(seq, detail, content, line);
    auto inserted = records_->insert({.record = {.seq = seq, .hash = hash, .line = std::move(line)},
                                      .content = content,
                                      .total = total,
                                      .detail = detail});
    if (!inserted) return inserted;
    ends_.head = seq;
    ends_.head_hash = hash;
    ends_.total = total;
    return Done{};
}

Status SqliteOutbox::Store::fork(std::uint64_t stored_upto) {
    if (auto ready = recover(); !ready) return ready;
    // Whether the last flush is among the records must be known before they are numbered anew.
    if (doubt_) return Error{Fault::transient, "a commit is in doubt until its flush comes again"};
    ENSURE(stored_upto <= ends_.head);
    // Every line grows by its origin: the quota may be passed here; the next append() corrects it.
    const auto pages_max = options_.quota / Database::kPageBytes;
    const auto roomy = fmt::format("PRAGMA max_page_count={}", 2 * pages_max);
    if (auto set = database_->execute(roomy.c_str()); !set) return trusted<Done>(set.error());
    const auto before = ends_;
    auto forked = trusted(rekey(stored_upto));
    if (!forked) ends_ = before;
    sent_ = std::min(ends_.reserved, ends_.head);
    inventory_.reset();
    const auto strict = fmt::format("PRAGMA max_page_count={}", pages_max);
    if (auto set = database_->execute(strict.c_str()); !set) broken_ = true;
    return forked;
}

/// Is the line the one that got the hash?
bool SqliteOutbox::Store::fits(const wire::ChainHash& before, const StoredRecord& record) const {
    return chain_.next(before, record.seq, record.line) == record.hash;
}

Status SqliteOutbox::Store::rekey(std::uint64_t stored_upto) {
    Transaction transaction{*database_};
    if (!transaction.begun()) return transaction.begun();
    const auto old = ends_;
    const auto skipped = std::max(stored_upto, ends_.before_seq);
    const auto before = hash_at(skipped);
    if (!before) return before.error();
    ends_ = {};
    ends_.incarnation = {options_.new_incarnation()};
    ends_.before_hash = chain_.start(options_.node, ends_.incarnation);
    ends_.head_hash = ends_.before_hash;
    if (auto erased = records_->erase_upto(skipped, ends_.before_hash); !erased) return erased;
    auto renamed = records_->set_incarnation(ends_.incarnation, ends_.before_hash);
    if (!renamed) return renamed;
    if (auto done = rekey_rows(skipped, before.value(), old); !done) return done;
    // Under their old numbers they may have been sent.
    ends_.reserved = ends_.head;
    if (auto set = records_->set_reserved(ends_.reserved); !set) return set;
    if (auto none = records_->forget_hole(); !none) return none;
    const auto pages = records_->pages_used();
    if (!pages) return pages.error();
    if (auto committed = transaction.commit(); !committed) return committed;
    pages_used_ = pages.value();
    return Done{};
}

/// In ascending order a row never meets another one: its new number is not above its old one, and
/// whatever stood there has moved or was deleted.
Status SqliteOutbox::Store::rekey_rows(std::uint64_t stored_upto,
                                       std::optional<wire::ChainHash> before,
                                       const ChainEnds& old) {
    for (auto seq = stored_upto;;) {
        const auto found = records_->first_after(seq);
        if (!found) return found.error();
        if (!found.value()) return Done{};
        auto row = *found.value();
        seq = row.record.seq;
        const wire::Origin origin{
            .incarnation = old.incarnation, .seq = seq, .hash = row.record.hash};
        if (old.hole && seq == old.hole->upto + 1) before = old.hole_hash;
        if (before && !fits(*before, row.record)) {
            Removal damaged{wire::GapReason::corrupt};
            damaged.add(seq, row.content, {});
            row.record.line = damaged.line();
            base::log_error("a damaged record is lost, and a gap record says so",
                            {{"record", seq}, {"readings", row.content.readings}});
        }
        before = row.record.hash;
        row.record.line = wire::with_origin(row.record.line, origin);
        row.record.seq = ends_.head + 1;
        row.record.hash = chain_.next(ends_.head_hash, row.record.seq, row.record.line);
        row.total = ends_.total + row.record.line.size();
        if (auto replaced = records_->replace(seq, row); !replaced) return replaced;
        ends_.head = row.record.seq;
        ends_.head_hash = row.record.hash;
        ends_.total = row.total;
    }
}

Status SqliteOutbox::Store::reserve(std::uint64_t upto) {
    if (auto ready = recover(); !ready) return ready;
    upto = std::min(upto, ends_.head);
    if (upto <= sent_) return Done{};
    if (upto > ends_.reserved) {
        const auto ahead = upto + kReservedAhead;
        Transaction transaction{*database_};
        if (!transaction.begun()) return trusted<Done>(transaction.begun());
        if (auto set = trusted(records_->set_reserved(ahead)); !set) return set;
        if (auto committed = trusted(transaction.commit()); !committed) return committed;
        ends_.reserved = ahead;
    }
    sent_ = upto;
    inventory_.reset();
    return Done{};
}

Result<std::vector<StoredRecord>> SqliteOutbox::Store::read(std::uint64_t after,
                                                            std::size_t records_max,
                                                            std::size_t bytes_max) {
    if (auto ready = recover(); !ready) return ready.error();
    std::vector<StoredRecord> records;
    std::size_t bytes = 0;
    while (records.size() < records_max) {
        auto row = trusted(records_->first_after(records.empty() ? after : records.back().seq));
        if (!row) return row.error();
        if (!row.value()) break;
        auto record = row.value()->record;
        if (!records.empty() && record.seq != records.back().seq + 1) break;  // The hole.
        const auto before =
            records.empty() ? hash_at(record.seq - 1) : std::optional{records.back().hash};
        if (!before) return before.error();
        record.damaged = before.value() && !fits(*before.value(), record);
        if (record.damaged && !records.empty()) break;
        bytes += record.line.size();
        if (!records.empty() && bytes > bytes_max) break;
        records.push_back(std::move(record));
        if (records.back().damaged) break;
    }
    return records;
}

Result<std::optional<wire::ChainHash>> SqliteOutbox::Store::hash_at(std::uint64_t seq) {
    if (auto ready = recover(); !ready) return ready.error();
    if (seq == ends_.before_seq) return std::optional{ends_.before_hash};
    if (seq == ends_.head) return std::optional{ends_.head_hash};
    if (ends_.hole && seq == ends_.hole->upto) return std::optional{ends_.hole_hash};
    if (seq < ends_.before_seq || seq > ends_.head) return std::optional<wire::ChainHash>{};
    return trusted(records_->hash_of(seq));
}

std::uint64_t SqliteOutbox::Store::bytes_after(std::uint64_t seq) {
    if (seq >= ends_.head || !recover()) return 0;
    const auto& hole = ends_.hole;
    if (!hole || seq >= hole->upto) return bytes_between(seq, ends_.head);
    auto bytes = bytes_between(hole->upto, ends_.head);
    if (seq < hole->after) bytes += bytes_between(seq, hole->after);
    return bytes;
}

/// Of the lines after `after` up to `upto`, between which there is no hole; 0 when it is not known.
std::uint64_t SqliteOutbox::Store::bytes_between(std::uint64_t after, std::uint64_t upto) {
    const auto end = trusted(records_->total_of(upto));
    if (!end || !end.value()) return 0;
    const auto begin = trusted(records_->total_of(after));
    if (begin && begin.value()) return *end.value() - *begin.value();
    const auto first = trusted(records_->first_after(after));  // `after` is gone.
    if (!first || !first.value()) return 0;
    return *end.value() - first.value()->total + first.value()->record.line.size();
}

std::optional<std::string> SqliteOutbox::Store::position(const std::string& sensor) {
    if (!recover()) return std::nullopt;
    const auto found = trusted(records_->position(sensor));
    return found ? found.value() : std::nullopt;
}

Extent SqliteOutbox::Store::extent() const {
    return {.incarnation = ends_.incarnation,
            .lowest = ends_.before_seq + 1,
            .head = ends_.head,
            .hole = ends_.hole,
            .bytes = pages_used_ * Database::kPageBytes,
            .quota = options_.quota,
            .evicted = evicted_,
            .thinned = thinned_,
            .damaged = damaged_,
            .reopened = reopened_,
            .written = meter_.written().blocks * WriteMeter::kBlockBytes};
}

}  // namespace agent
