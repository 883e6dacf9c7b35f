#include "drivers/tail/succession.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "drivers/tail/mark.hpp"

namespace drivers::tail {

namespace {

using Siblings = std::vector<Sibling>;

constexpr std::int64_t kSecond =
    1'000'000;  // The precision with which a compressor keeps a file's time.

std::string loss_of(const Sibling& compressed) {
    const auto length = unpacked_length(compressed);
    return fmt::format("{} is compressed: {} bytes{} could not be read", compressed.path,
                       length.value_or(compressed.facts.size), length ? "" : " of that");
}

bool is_copy(const Sibling& sibling, const Position& position) {
    if (position.is_fresh() || sibling.facts.size < position.offset) return false;
    const auto file = DataFile::open(sibling.path);
    if (!file) return false;
    const auto same = holds(file.value(), position);
    return same && same.value();
}

/// The first sibling that can be read. The current file counts whatever it is.
template <class Unwanted>
Succession first_of(Siblings::const_iterator from, Siblings::const_iterator end,
                    Unwanted unwanted) {
    Succession succession;
    for (; from != end; ++from) {
        if (!from->is_current && (!from->is_rotated || unwanted(*from))) continue;
        if (!from->is_compressed) {
            succession.next = *from;
            return succession;
        }
        succession.losses.push_back(loss_of(*from));
    }
    return succession;
}

/// The compressed file that most likely is the lost one.
const Sibling* compressed_form(const Siblings& siblings, const Position& position) {
    const auto found = std::find_if(siblings.begin(), siblings.end(), [&](const Sibling& one) {
        return one.is_rotated && one.is_compressed &&
               one.facts.modified_us + kSecond >= position.modified_us &&
               unpacked_length(one).value_or(position.offset) >= position.offset;
    });
    return found == siblings.end() ? nullptr : &*found;
}

bool is_in(const Siblings& siblings, const Position& position) {
    return std::any_of(siblings.begin(), siblings.end(), [&](const Sibling& one) {
        return one.facts.inode == position.inode && one.facts.device == position.device;
    });
}

/// What of the lost file could not be read; nothing when all of it was read.
std::optional<std::string> loss(const Siblings& siblings, const Position& position,
                                const Sibling* compressed) {
    const auto seen = position.size - std::min(position.size, position.offset);
    if (compressed != nullptr) {
        const auto length = unpacked_length(*compressed);
        if (length == position.offset) return std::nullopt;
        if (!length) return loss_of(*compressed);
        return fmt::format("{} is compressed: {} bytes from byte {} on could not be read",
                           compressed->path, *length - position.offset, position.offset);
    }
    if (!is_in(siblings, position)) {
        return fmt::format(
            "the file that was read is gone: {} bytes and what came after them, "
            "from byte {} on, could not be read",
            seen, position.offset);
    }
    // Truncated in place: what was read is not lost.
    if (seen == 0) return std::nullopt;
    return fmt::format("truncated: {} bytes from byte {} on could not be read", seen,
                       position.offset);
}

}  // namespace

Succession after_file(const Siblings& siblings, const FileFacts& own, const Position& position) {
    const auto is_own = [&](const Sibling& one) { return one.facts.is_same_file(own); };
    const auto found = std::find_if(siblings.begin(), siblings.end(), is_own);
    const bool listed = found != siblings.end();
    return first_of(listed ? found + 1 : siblings.begin(), siblings.end(), [&](const Sibling& one) {
        const bool older = !listed && one.facts.modified_us <= own.modified_us;
        return older || is_own(one) || is_copy(one, position);
    });
}

Succession after_lost_file(const Siblings& siblings, const Position& position) {
    const auto* compressed = compressed_form(siblings, position);
    auto succession = first_of(siblings.begin(), siblings.end(), [&](const Sibling& one) {
        return one.facts.modified_us <= position.modified_us ||
               (compressed != nullptr && one.path == compressed->path);
    });
    if (auto lost = loss(siblings, position, compressed)) {
        succession.losses.insert(succession.losses.begin(), std::move(*lost));
    }
    return succession;
}

}  // namespace drivers::tail
