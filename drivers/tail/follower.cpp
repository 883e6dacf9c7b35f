#include "drivers/tail/follower.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/ensure.hpp"
#include "base/log.hpp"
#include "drivers/tables/csv.hpp"
#include "wire/identity.hpp"

namespace drivers::tail {

namespace {

using base::Done;
using base::Instant;
using base::Result;
using base::Status;

constexpr base::Duration kCheckEvery = std::chrono::seconds{1};

bool is_absent(const std::string& path) {
    std::error_code error;
    return !std::filesystem::exists(path, error) && !error;
}

}  // namespace

Follower::Follower(const Options& options, std::optional<Position> saved)
    : options_(options), path_(wire::fnv1a64(options.file)), position_(std::move(saved)) {}

std::string_view Follower::read(Instant now, Reports& reports) {
    is_skipping_ = false;
    if (!file_) open(now, reports);
    if (!file_) return {};
    return next_chunk(now, reports);
}

void Follower::open(Instant now, Reports& reports) {
    if (checked_ && now - *checked_ < kCheckEvery) return;
    checked_ = now;
    grown_ = now;
    const auto found = position_ && position_->inode != 0 ? find_again() : Result<bool>{false};
    if (!found) return report_lasting(found.error().detail, now, reports);
    if (found.value()) return;
    const bool ours = position_ && position_->path == path_ && position_->inode != 0;
    // A file whose disk is not mounted yet is absent, not lost.
    const auto opened = ours && !is_absent(options_.file) ? give_up(reports) : open_first();
    if (!opened) report_lasting(opened.error().detail, now, reports);
}

/// Opens a file for the first time. When there is none, the next one will be all new.
Status Follower::open_first() {
    const bool waiting = position_ && position_->path == path_;
    if (const auto facts = facts_of(options_.file); !facts) {
        if (!waiting && is_absent(options_.file)) position_ = Position{.path = path_};
        return facts.error();
    }
    return begin(options_.file, !waiting && options_.from_end);
}

/// Opens the position's file under its present name.
Result<bool> Follower::find_again() {
    if (position_->is_fresh()) {
        if (const auto copy = find_unread_copy(*position_, options_.file)) {
            const auto begun = begin(copy->path, false);
            return begun ? Result<bool>{true} : begun.error();
        }
    }
    auto found = find_file_of(*position_, options_.file);
    if (!found) return found.error();
    if (!found.value()) return false;
    adopt(*std::move(found).value());
    return true;
}

/// The position's file is gone: reports what is lost, and goes on with the next one.
Status Follower::give_up(Reports& reports) {
    const auto succession = after_lost_file(siblings_of(options_.file), *position_);
    if (auto begun = begin(succession.next ? succession.next->path : options_.file, false);
        !begun) {
        return begun;
    }
    reports.insert(reports.end(), succession.losses.begin(), succession.losses.end());
    return Done{};
}

Status Follower::begin(const std::string& path, bool at_its_end) {
    auto file = DataFile::open(path);
    if (!file) return file.error();
    const auto facts = file.value().facts();
    if (!facts) return facts.error();
    const auto offset = at_its_end ? last_line_of(file.value(), facts.value().size)
                                   : Result<std::uint64_t>{std::uint64_t{0}};
    if (!offset) return offset.error();
    auto mark = Mark::of(file.value(), offset.value());
    if (!mark) return mark.error();
    const auto modified_us = position_ ? position_->modified_us : 0;
    const auto time_ms = position_ ? position_->time_ms : std::nullopt;
    const auto step_ms = position_ ? position_->step_ms : std::nullopt;
    position_ = Position{.path = path_,
                         .offset = offset.value(),
                         .modified_us = modified_us,
                         .time_ms = time_ms,
                         .step_ms = step_ms};
    adopt(
        {.file = std::move(file).value(), .facts = facts.value(), .mark = std::move(mark).value()});
    base::log_info("following a file", {{"file", path}, {"from_byte", offset.value()}});
    return Done{};
}

void Follower::adopt(FoundFile found) {
    const auto& facts = found.facts;
    file_ = std::move(found.file);
    mark_ = std::move(found.mark);
    position_->path = path_;
    position_->inode = facts.inode;
    position_->device = facts.device;
    position_->size = std::max(facts.size, position_->offset);
    position_->modified_us = std::max(position_->modified_us, facts.modified_us);
    mark_.write_to(*position_);
    skipped_ = 0;
    missing_ = false;
    rotated_.reset();
    ++files_;
}

/// Reads on from the position; false when the file no longer holds it.
Result<bool> Follower::fill() {
    const auto facts = file_->facts();
    if (!facts) return facts.error();
    if (facts.value().size < position_->offset) return false;
    const bool untouched = facts.value().modified_us <= position_->modified_us;
    if (position_->is_fresh() && !untouched && find_unread_copy(*position_, options_.file)) {
        return false;
    }
    auto chunk = file_->bytes(position_->offset + skipped_, tables::kRowBytesMax);
    if (!chunk) return chunk.error();
    // Checked after reading: if the mark still holds now, nothing was truncated before.
    auto held = holds(*file_, *position_);
    if (!held || !held.value()) return held;
    chunk_ = std::move(chunk).value();
    position_->size = facts.value().size;
    position_->modified_us = std::max(position_->modified_us, facts.value().modified_us);
    return true;
}

std::string_view Follower::next_chunk(Instant now, Reports& reports) {
    const auto size_before = position_->size;
    const auto held = fill();
    if (!held || !held.value()) {
        // Search again, for its copies too: at once after a truncation, later after an error.
        file_.reset();
        checked_ = held ? std::nullopt : std::optional{now};
        if (!held) report_lasting(held.error().detail, now, reports);
        open(now, reports);
        return {};
    }
    if (size_before != position_->size) grown_ = now;
    const bool overlong = skipped_ > 0 || chunk_.size() == tables::kRowBytesMax;
    if (skipped_ == 0 && chunk_.find('\n') != std::string::npos) {
        lasting_.clear();
        return chunk_;
    }
    if (overlong && !chunk_.empty()) {
        skip(reports);
    } else {
        check_for_next(now, reports);
    }
    return {};
}

/// Skips a part of an overlong line. The position stays before the line until its end is found.
void Follower::skip(Reports& reports) {
    is_skipping_ = true;
    const auto newline = chunk_.find('\n');
    if (newline == std::string::npos) {
        skipped_ += chunk_.size();
        return;
    }
    const auto length = skipped_ + newline + 1;
    auto mark = Mark::of(*file_, position_->offset + length);
    if (!mark) return;
    reports.push_back(fmt::format("byte {}: a line of {} bytes; at most {} are read",
                                  position_->offset, length, tables::kRowBytesMax));
    position_->offset += length;
    skipped_ = 0;
    mark_ = std::move(mark).value();
    mark_.write_to(*position_);
}

void Follower::consume(std::size_t bytes, std::size_t header_bytes) {
    ENSURE(bytes <= chunk_.size());
    const auto consumed = std::string_view{chunk_}.substr(0, bytes);
    ENSURE(consumed.empty() || consumed.back() == '\n');
    if (position_->offset == 0) position_->header_bytes = header_bytes;
    position_->offset += bytes;
    mark_.add(consumed);
    mark_.write_to(*position_);
}

/// At the end of the file: checks whether another one has its name now.
void Follower::check_for_next(Instant now, Reports& reports) {
    if (checked_ && now - *checked_ < kCheckEvery) return;
    checked_ = now;
    const auto own = file_->facts();
    if (!own || own.value().size != position_->size) return;
    const auto current = facts_of(options_.file);
    const bool in_place = current && current.value().is_same_file(own.value());
    if (in_place || was_replaced(own.value())) {
        missing_ = false;
        rotated_.reset();
        lasting_.clear();
        return;
    }
    const auto next = after_file(siblings_of(options_.file), own.value(), *position_);
    if (!next.next) {
        // In the middle of a rotation there is no file for a moment.
        if (missing_ && !current) report_lasting(current.error().detail, now, reports);
        missing_ = true;
        return;
    }
    if (!rotated_) rotated_ = now;
    const auto quiet = now - std::max(grown_, *rotated_);
    if (next.next->is_current && quiet < options_.rotate_wait) return;
    if (auto left = leave_for(next, own.value(), reports); !left) {
        return report_lasting(left.error().detail, now, reports);
    }
    // The files in between are read without a pause.
    if (!next.next->is_current) checked_.reset();
    grown_ = now;
    lasting_.clear();
}

/// Whether the file was written again under the same name with the same beginning, as by `sed -i`
/// or rsync; if so, goes on at the same place in the new one. A rotation would have left the old
/// file a name.
bool Follower::was_replaced(const FileFacts& own) {
    if (own.links > 0 || position_->is_fresh()) return false;
    auto file = DataFile::open(options_.file);
    if (!file) return false;
    const auto facts = file.value().facts();
    const auto held = holds(file.value(), *position_);
    if (!facts || !held || !held.value() || facts.value().size < position_->size) return false;
    adopt({.file = std::move(file).value(), .facts = facts.value(), .mark = mark_});
    return true;
}

void Follower::report_lasting(const std::string& trouble, Instant now, Reports& reports) {
    if (lasting_.is_due(trouble, now)) reports.push_back(trouble);
}

Status Follower::leave_for(const Succession& next, const FileFacts& own, Reports& reports) {
    const auto rest = own.size - position_->offset;
    const auto left = fmt::format("{}: its last line has no end: {} bytes from byte {} on",
                                  file_->path(), rest, position_->offset);
    if (auto begun = begin(next.next->path, false); !begun) return begun;
    if (rest > 0) reports.push_back(left);
    reports.insert(reports.end(), next.losses.begin(), next.losses.end());
    return Done{};
}

std::string Follower::bytes_at(std::uint64_t offset) const {
    if (!file_) return {};
    auto bytes = file_->bytes(offset, 2 * tables::kRowBytesMax);
    return bytes ? std::move(bytes).value() : std::string{};
}

void Follower::note_header(std::uint64_t offset) {
    ENSURE(position_);
    position_->header_at = static_cast<std::int64_t>(offset);
}

void Follower::note_time(base::EventTime time, std::optional<base::Duration> step) {
    ENSURE(position_);
    position_->time_ms = base::to_milliseconds(time);
    if (step) position_->step_ms = step->count();
}

std::uint64_t Follower::behind() const {
    return position_ ? position_->size - std::min(position_->size, position_->offset) : 0;
}

}  // namespace drivers::tail
