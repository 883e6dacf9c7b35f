#include "drivers/tail/found_file.hpp"

#include <algorithm>

namespace drivers::tail {

namespace {

/// Where the file of a position may be: under its present name, else a copy of it, which is most
/// likely the current file or a young one.
std::vector<Sibling> places_of(const Position& position, const std::string& path) {
    auto siblings = siblings_of(path);
    std::reverse(siblings.begin(), siblings.end());
    std::stable_partition(siblings.begin(), siblings.end(),
                          [&](const Sibling& one) { return is_file_of(one.facts, position); });
    return siblings;
}

bool may_hold(const Sibling& place, const Position& position) {
    if (place.is_compressed || place.facts.size < position.offset) return false;
    return !position.is_fresh() || is_file_of(place.facts, position);
}

}  // namespace

bool is_file_of(const FileFacts& facts, const Position& position) {
    return facts.inode == position.inode && facts.device == position.device;
}

base::Result<std::optional<FoundFile>> find_file_of(const Position& position,
                                                    const std::string& path) {
    for (const auto& place : places_of(position, path)) {
        if (!may_hold(place, position)) continue;
        auto file = DataFile::open(place.path);
        const auto held = file ? holds(file.value(), position) : base::Result<bool>{file.error()};
        // A copy that cannot be read proves nothing.
        if (!held && is_file_of(place.facts, position)) return held.error();
        if (!held || !held.value()) continue;
        auto mark = Mark::of(file.value(), position.offset);
        if (!mark) return mark.error();
        return std::optional<FoundFile>{FoundFile{.file = std::move(file).value(),
                                                  .facts = place.facts,
                                                  .mark = std::move(mark).value()}};
    }
    return std::optional<FoundFile>{};
}

std::optional<Sibling> find_unread_copy(const Position& position, const std::string& path) {
    const auto siblings = siblings_of(path);
    const auto own = std::find_if(siblings.begin(), siblings.end(), [&](const Sibling& one) {
        return is_file_of(one.facts, position);
    });
    const auto copy = std::find_if(siblings.begin(), own, [&](const Sibling& one) {
        return one.is_rotated && !one.is_compressed && one.facts.modified_us > position.modified_us;
    });
    if (own == siblings.end() || copy == own) return std::nullopt;
    return *copy;
}

}  // namespace drivers::tail
