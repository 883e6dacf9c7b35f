#include "delivery/outbox/sqlite_outbox.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/ensure.hpp"
#include "delivery/outbox/sqlite_setup.hpp"
#include "sqlite/transaction.hpp"

namespace delivery {

using base::Done;
using base::Error;
using base::Fault;
using base::Result;
using base::Status;

namespace {

constexpr std::uint64_t kPagesSpare = 64;  // For the tree above the leaves, and meta.
constexpr unsigned kAttemptsMax = 3;

/// The pages that a flush needs in the file, with room to spare.
std::uint64_t pages_for(const Flush& flush) {
    std::uint64_t bytes = 0;
    for (const auto& line : flush.lines) bytes += line.size() + 64;
    for (const auto& [sensor, position] : flush.positions) bytes += sensor.size() + position.size();
    return kPagesSpare + 2 * bytes / kPageBytes;
}

}  // namespace

Result<std::unique_ptr<SqliteOutbox>> SqliteOutbox::open(const SqliteOutboxOptions& options) {
    ENSURE(options.quota >= kQuotaMin);
    if (options.vfs.empty()) {
        if (auto inspected = inspect_outbox(options); !inspected) return inspected.error();
    }
    std::unique_ptr<SqliteOutbox> outbox{new SqliteOutbox(options)};
    if (auto opened = outbox->file_.open(); !opened) return opened.error();
    return outbox;
}

Status SqliteOutbox::append(const Flush& flush) {
    ENSURE(flush.contents.size() == flush.lines.size());
    if (auto ready = file_.recover(); !ready) return ready;
    if (auto kept = file_.keep_in_place(); !kept) return kept;
    if (was_stored(flush)) return Done{};
    for (unsigned attempt = 0;; ++attempt) {
        const auto room_before = room_;
        auto appended = file_.trusted(try_append(flush, attempt));
        if (appended) return appended;
        file_.chain().restore(file_.ends());
        room_ = room_before;
        const bool is_full = appended.error().fault == Fault::exhausted;
        if (!is_full || attempt == kAttemptsMax) return appended;
    }
}

/// After an error the same flush comes again. If the file turned out to hold it, that is all.
bool SqliteOutbox::was_stored(const Flush& flush) {
    if (!doubt_) return false;
    const auto doubt = std::move(*doubt_);
    doubt_.reset();
    return !flush.lines.empty() && doubt.head_hash == file_.ends().head_hash &&
           doubt.lines == flush.lines;
}

/// Each attempt makes twice as much room as the one before.
Status SqliteOutbox::try_append(const Flush& flush, unsigned attempt) {
    sqlite::Transaction transaction{file_.database()};
    if (!transaction.begun()) return transaction.begun();
    auto made =
        room_.make(file_.chain(), file_.records(), flush.settled, pages_for(flush) << attempt);
    if (!made) return made;
    if (auto written = write(flush); !written) return written;
    const auto pages = file_.records().pages_used();
    if (!pages) return pages.error();
    doubt_ = Doubt{.head_hash = file_.chain().ends().head_hash, .lines = flush.lines};
    if (auto committed = transaction.commit(); !committed) return committed;
    doubt_.reset();
    file_.remember(pages.value());
    return Done{};
}

Status SqliteOutbox::write(const Flush& flush) {
    for (std::size_t i = 0; i < flush.lines.size(); ++i) {
        auto appended = file_.chain().append(flush.lines[i], flush.contents[i], Detail::full);
        if (!appended) return appended;
    }
    for (const auto& [sensor, position] : flush.positions) {
        if (auto set = file_.records().set_position(sensor, position); !set) return set;
    }
    return Done{};
}

Status SqliteOutbox::reserve(std::uint64_t upto) {
    if (auto ready = file_.recover(); !ready) return ready;
    auto& chain = file_.chain();
    upto = std::min(upto, chain.ends().head);
    if (upto <= chain.sent()) return Done{};
    if (upto > chain.ends().reserved) {
        auto reserved = file_.trusted(commit_reserved(upto));
        if (!reserved) return reserved;
    }
    chain.mark_sent(upto);
    return Done{};
}

Status SqliteOutbox::commit_reserved(std::uint64_t upto) {
    sqlite::Transaction transaction{file_.database()};
    if (!transaction.begun()) return transaction.begun();
    auto reserved = file_.chain().reserve(upto);
    if (reserved) reserved = transaction.commit();
    if (!reserved) file_.chain().restore(file_.ends());
    if (reserved) file_.remember();
    return reserved;
}

Status SqliteOutbox::fork(std::uint64_t stored_upto) {
    if (auto ready = file_.recover(); !ready) return ready;
    // Whether the last flush is among the records must be known before they get new numbers.
    if (doubt_) return Error{Fault::transient, "a commit is in doubt until its flush comes again"};
    // Every line grows by its origin: the quota may be passed here; the next append() corrects it.
    const auto pages_max = file_.options().quota / kPageBytes;
    auto roomy = file_.trusted(limit_pages(file_.database(), 2 * pages_max));
    if (!roomy) return roomy;
    auto forked = file_.trusted(try_fork(stored_upto));
    if (!forked) file_.chain().restore(file_.ends());
    file_.chain().mark_reserved_as_sent();
    if (auto strict = limit_pages(file_.database(), pages_max); !strict) file_.distrust();
    return forked;
}

Status SqliteOutbox::try_fork(std::uint64_t stored_upto) {
    sqlite::Transaction transaction{file_.database()};
    if (!transaction.begun()) return transaction.begun();
    const wire::Incarnation fresh{file_.options().new_incarnation()};
    if (auto done = file_.chain().fork(stored_upto, file_.options().node, fresh); !done)
        return done;
    const auto pages = file_.records().pages_used();
    if (!pages) return pages.error();
    if (auto committed = transaction.commit(); !committed) return committed;
    file_.remember(pages.value());
    return Done{};
}

Result<std::vector<StoredRecord>> SqliteOutbox::read(std::uint64_t after, std::size_t records_max,
                                                     std::size_t bytes_max) const {
    if (auto ready = file_.recover(); !ready) return ready.error();
    return file_.trusted(file_.chain().read(after, records_max, bytes_max));
}

Result<std::optional<wire::ChainHash>> SqliteOutbox::hash_at(std::uint64_t seq) const {
    if (auto ready = file_.recover(); !ready) return ready.error();
    return file_.trusted(file_.chain().hash_at(seq));
}

std::uint64_t SqliteOutbox::bytes_after(std::uint64_t seq) const {
    if (seq >= file_.ends().head || !file_.recover()) return 0;
    const auto bytes = file_.trusted(file_.chain().bytes_after(seq));
    return bytes ? bytes.value() : 0;
}

std::optional<std::string> SqliteOutbox::position(const std::string& sensor) const {
    if (!file_.recover()) return std::nullopt;
    const auto found = file_.trusted(file_.records().position(sensor));
    return found ? found.value() : std::nullopt;
}

Extent SqliteOutbox::extent() const {
    const auto& ends = file_.ends();
    return {.incarnation = ends.incarnation,
            .lowest = ends.before_seq + 1,
            .head = ends.head,
            .hole = ends.hole,
            .bytes = file_.pages_used() * kPageBytes,
            .quota = file_.options().quota,
            .evicted = room_.evicted(),
            .thinned = room_.thinned(),
            .damaged = file_.damaged(),
            .reopened = file_.reopened()};
}

}  // namespace delivery
