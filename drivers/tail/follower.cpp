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

constexpr base::Duration kLookEvery = std::chrono::seconds{1};

bool is_absent(const std::string& path) {
    std::error_code error;
    return !std::filesystem::exists(path, error) && !error;
}

bool is_file_of(const FileFacts& facts, const Position& position) {
    return facts.inode == position.inode && facts.device == position.device;
}

/// Where the file of a position may be now: under the name it has today, else a copy of it, which
/// is most likely the current file or a young one.
std::vector<Sibling> places_of(const std::string& path, const Position& position) {
    auto siblings = siblings_of(path);
    std::reverse(siblings.begin(), siblings.end());
    std::stable_partition(siblings.begin(), siblings.end(),
                          [&](const Sibling& one) { return is_file_of(one.facts, position); });
    return siblings;
}

}  // namespace

Follower::Follower(const Options& options, std::optional<Position> saved)
    : options_(options), path_(wire::fnv1a64(options.file)), position_(std::move(saved)) {}

std::string_view Follower::read(Instant now, Told& told) {
    is_skipping_ = false;
    if (!file_) open(now, told);
    if (!file_) return {};
    return take_chunk(now, told);
}

void Follower::open(Instant now, Told& told) {
    if (looked_ && now - *looked_ < kLookEvery) return;
    looked_ = now;
    grown_ = now;
    const auto found = position_ && position_->inode != 0 ? find_again() : Result<bool>{false};
    if (!found) return lasting_.tell(found.error().detail, now, told);
    if (found.value()) return;
    const bool ours = position_ && position_->path == path_ && position_->inode != 0;
    // A file whose disk is not mounted yet is absent, and not lost.
    const auto opened = ours && !is_absent(options_.file) ? give_up(told) : open_first();
    if (!opened) lasting_.tell(opened.error().detail, now, told);
}

/// A file that is seen for the first time; or none, and the next one will be new.
Status Follower::open_first() {
    const bool waiting = position_ && position_->path == path_;
    if (const auto facts = facts_of(options_.file); !facts) {
        if (!waiting && is_absent(options_.file)) position_ = Position{.path = path_};
        return facts.error();
    }
    return begin(options_.file, !waiting && options_.from_end);
}

/// Opens the position's file under whatever name it has now.
Result<bool> Follower::find_again() {
    if (position_->is_fresh()) {
        if (const auto copy = unread_copy()) {
            const auto begun = begin(copy->path, false);
            return begun ? Result<bool>{true} : begun.error();
        }
    }
    for (const auto& place : places_of(options_.file, *position_)) {
        const bool same = is_file_of(place.facts, *position_);
        if (place.is_compressed || place.facts.size < position_->offset) continue;
        if (position_->is_fresh() && !same) continue;
        auto file = DataFile::open(place.path);
        const auto held = file ? holds(file.value(), *position_) : Result<bool>{file.error()};
        // That a copy cannot be read says nothing.
        if (!held && same) return held;
        if (!held || !held.value()) continue;
        auto mark = Mark::of(file.value(), position_->offset);
        if (!mark) return mark.error();
        adopt(std::move(file).value(), place.facts, std::move(mark).value());
        return true;
    }
    return false;
}

/// Of a file of which nothing was read yet, no bytes tell that it was truncated. A copy that was
/// made of it since is the sign, and what is read first.
std::optional<Sibling> Follower::unread_copy() const {
    const auto siblings = siblings_of(options_.file);
    const auto is_own = [&](const Sibling& one) { return is_file_of(one.facts, *position_); };
    const auto own = std::find_if(siblings.begin(), siblings.end(), is_own);
    const auto copy = std::find_if(siblings.begin(), own, [&](const Sibling& one) {
        return one.is_rotated && !one.is_compressed &&
               one.facts.modified_us > position_->modified_us;
    });
    if (own == siblings.end() || copy == own) return std::nullopt;
    return *copy;
}

/// The position's file is not there any more: says what that costs, and goes on with the next one.
Status Follower::give_up(Told& told) {
    const auto succession = after_lost_file(siblings_of(options_.file), *position_);
    if (auto begun = begin(succession.next ? succession.next->path : options_.file, false);
        !begun) {
        return begun;
    }
    told.insert(told.end(), succession.passed_over.begin(), succession.passed_over.end());
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
    const auto seen = position_ ? position_->modified_us : 0;
    position_ = Position{.path = path_, .offset = offset.value(), .modified_us = seen};
    adopt(std::move(file).value(), facts.value(), std::move(mark).value());
    base::log_info("a file is followed", {{"file", path}, {"from_byte", offset.value()}});
    return Done{};
}

void Follower::adopt(DataFile file, const FileFacts& facts, Mark mark) {
    file_ = std::move(file);
    mark_ = std::move(mark);
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

/// Reads on from the position; false when that is not in this file any more.
Result<bool> Follower::fill() {
    const auto facts = file_->facts();
    if (!facts) return facts.error();
    if (facts.value().size < position_->offset) return false;
    const bool untouched = facts.value().modified_us <= position_->modified_us;
    if (position_->is_fresh() && !untouched && unread_copy()) return false;
    auto chunk = file_->bytes(position_->offset + skipped_, tables::kRowBytesMax);
    if (!chunk) return chunk.error();
    // Asked after the bytes were read: when they are still the same, nothing was truncated before.
    auto held = holds(*file_, *position_);
    if (!held || !held.value()) return held;
    chunk_ = std::move(chunk).value();
    position_->size = facts.value().size;
    position_->modified_us = std::max(position_->modified_us, facts.value().modified_us);
    return true;
}

std::string_view Follower::take_chunk(Instant now, Told& told) {
    const auto size_before = position_->size;
    const auto held = fill();
    if (!held || !held.value()) {
        // Looked for anew, its copies too: at once when it was truncated, later on an error.
        file_.reset();
        looked_ = held ? std::nullopt : std::optional{now};
        if (!held) lasting_.tell(held.error().detail, now, told);
        open(now, told);
        return {};
    }
    if (size_before != position_->size) grown_ = now;
    const bool overlong = skipped_ > 0 || chunk_.size() == tables::kRowBytesMax;
    if (skipped_ == 0 && chunk_.find('\n') != std::string::npos) {
        lasting_.end();
        return chunk_;
    }
    if (overlong && !chunk_.empty()) {
        skip(told);
    } else {
        look_for_next(now, told);
    }
    return {};
}

/// Through a line that is too long to be one. The position stays before it until its end is found.
void Follower::skip(Told& told) {
    is_skipping_ = true;
    const auto newline = chunk_.find('\n');
    if (newline == std::string::npos) {
        skipped_ += chunk_.size();
        return;
    }
    const auto length = skipped_ + newline + 1;
    auto mark = Mark::of(*file_, position_->offset + length);
    if (!mark) return;
    told.push_back(fmt::format("byte {}: a line of {} bytes; at most {} are read",
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

/// At the end of the file: has another one taken its name?
void Follower::look_for_next(Instant now, Told& told) {
    if (looked_ && now - *looked_ < kLookEvery) return;
    looked_ = now;
    const auto own = file_->facts();
    if (!own || own.value().size != position_->size) return;
    const auto current = facts_of(options_.file);
    const bool in_place = current && current.value().is_same_file(own.value());
    if (in_place || was_replaced(own.value())) {
        missing_ = false;
        rotated_.reset();
        return lasting_.end();
    }
    const auto next = after_file(siblings_of(options_.file), own.value(), *position_);
    if (!next.next) {
        // Between a rotation's two steps there is no file for a moment.
        if (missing_ && !current) lasting_.tell(current.error().detail, now, told);
        missing_ = true;
        return;
    }
    if (!rotated_) rotated_ = now;
    const auto quiet = now - std::max(grown_, *rotated_);
    if (next.next->is_current && quiet < options_.rotate_wait) return;
    if (auto left = leave_for(next, own.value(), told); !left) {
        return lasting_.tell(left.error().detail, now, told);
    }
    // Those that came between are read without a pause.
    if (!next.next->is_current) looked_.reset();
    grown_ = now;
    lasting_.end();
}

/// Written anew with the same beginning, under the same name, as `sed -i` and rsync do it: the same
/// place in the new file. Not a rotation: that would have left the old one its name.
bool Follower::was_replaced(const FileFacts& own) {
    if (own.links > 0 || position_->is_fresh()) return false;
    auto file = DataFile::open(options_.file);
    if (!file) return false;
    const auto facts = file.value().facts();
    const auto held = holds(file.value(), *position_);
    if (!facts || !held || !held.value() || facts.value().size < position_->size) return false;
    adopt(std::move(file).value(), facts.value(), mark_);
    return true;
}

Status Follower::leave_for(const Succession& next, const FileFacts& own, Told& told) {
    const auto rest = own.size - position_->offset;
    const auto left = fmt::format("{}: its last line has no end: {} bytes from byte {} on",
                                  file_->path(), rest, position_->offset);
    if (auto begun = begin(next.next->path, false); !begun) return begun;
    if (rest > 0) told.push_back(left);
    told.insert(told.end(), next.passed_over.begin(), next.passed_over.end());
    return Done{};
}

std::string Follower::beginning() const {
    if (!file_) return {};
    auto bytes = file_->bytes(0, 2 * tables::kRowBytesMax);
    return bytes ? std::move(bytes).value() : std::string{};
}

std::uint64_t Follower::behind() const {
    return position_ ? position_->size - std::min(position_->size, position_->offset) : 0;
}

}  // namespace drivers::tail
