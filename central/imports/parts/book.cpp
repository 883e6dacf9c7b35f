#include "central/imports/parts/book.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <string_view>

#include "drivers/replay/content_hash.hpp"

namespace imports {

namespace {

namespace replay = drivers::replay;

constexpr const char* kBegun = "parts";
constexpr std::string_view kWhole = "whole";

std::string key_of(std::size_t place) {
    return fmt::format("part/{}", place);
}

/// All of the text is the number.
bool read_number(std::string_view text, std::uint64_t& number) {
    const auto* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    return parsed.ec == std::errc{} && parsed.ptr == end;
}

base::Error malformed() {
    return {base::Fault::misconfigured,
            "the outbox has something else where the parts should stand, or it cannot be read: "
            "see what the log says of it, and put an undamaged copy into its place"};
}

}  // namespace

/// As to_text() has written it.
base::Result<Book::Entry> Book::parse(const std::string& text) {
    const auto first = text.find('\n');
    const auto second = text.find('\n', first + 1);
    if (first == std::string::npos || second == std::string::npos) return malformed();
    const auto position = replay::parse_position(std::string_view{text}.substr(0, first));
    if (!position || !position.value().read_hash) return malformed();
    const auto state = std::string_view{text}.substr(first + 1, second - first - 1);
    const auto space = state.find(' ');
    Entry entry{.taken = {.name = text.substr(second + 1),
                          .is_whole = state.substr(0, space) == kWhole,
                          .position = position.value()}};
    if (space == std::string_view::npos) return malformed();
    if (!read_number(state.substr(space + 1), entry.number)) return malformed();
    return entry;
}

Book::Content Book::content_of(const Taken& taken, Place place) {
    return {taken.position.offset, taken.position.read_hash.value_or(0), place};
}

base::Result<Book> Book::load(const Load& load) {
    Book book;
    const auto begun = load(kBegun);
    if (!begun) return book;
    if (!read_number(*begun, book.begun_)) return malformed();
    for (Place place = 0; place < std::min(book.begun_, kTakenMax); ++place) {
        auto entry = parse(load(key_of(place)).value_or(""));
        if (!entry) return entry.error();
        book.contents_.insert(content_of(entry.value().taken, place));
        book.entries_.push_back(std::move(entry).value());
    }
    return book;
}

base::Result<std::vector<Book::Place>> Book::find(const std::string& path,
                                                  std::uint64_t bytes) const {
    std::vector<std::uint64_t> lengths;
    for (const auto& content : contents_) {
        const auto length = std::get<0>(content);
        if (length <= bytes && (lengths.empty() || lengths.back() != length)) {
            lengths.push_back(length);
        }
    }
    std::vector<Place> places;
    if (lengths.empty()) return places;
    const auto prefixes = replay::prefixes_of(path, std::move(lengths));
    if (!prefixes) return prefixes.error();
    for (const auto& prefix : prefixes.value()) {
        for (auto known = contents_.lower_bound({prefix.bytes, prefix.hash, 0});
             known != contents_.end() && std::get<0>(*known) == prefix.bytes &&
             std::get<1>(*known) == prefix.hash;
             ++known) {
            const auto& taken = at(std::get<2>(*known));
            if (taken.is_whole || taken.position.row > 0) places.push_back(std::get<2>(*known));
        }
    }
    std::reverse(places.begin(), places.end());
    return places;
}

bool Book::has_begun(const std::string& name) const {
    return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
        const auto& taken = entry.taken;
        return taken.name == name && !taken.is_whole && taken.position.row > 0;
    });
}

void Book::end(const std::string& name) {
    for (Place place = 0; place < entries_.size(); ++place) {
        auto& taken = entries_[place].taken;
        if (taken.name != name || taken.is_whole) continue;
        taken.is_whole = true;
        changed_.insert(place);
    }
}

void Book::keep_newest(const std::vector<std::string>& names) {
    std::map<std::string, Place> newest;
    for (Place place = 0; place < entries_.size(); ++place) {
        const auto& name = entries_[place].taken.name;
        if (!std::binary_search(names.begin(), names.end(), name)) continue;
        const auto [known, is_first] = newest.emplace(name, place);
        if (is_first || entries_[known->second].number > entries_[place].number) continue;
        known->second = place;
    }
    for (const auto& one : newest) keep(one.second);
}

base::Result<Book::Place> Book::begin(Taken taken) {
    Place place = entries_.size();
    if (place < kTakenMax) {
        entries_.emplace_back();
    } else {
        for (Place other = 0; other < entries_.size(); ++other) {
            const auto& entry = entries_[other];
            if (entry.is_kept) continue;
            const bool is_first = place == entries_.size();
            if (is_first || entry.number < entries_[place].number) place = other;
        }
    }
    if (place == entries_.size()) {
        return base::Error{
            base::Fault::exhausted,
            fmt::format("it knows {} contents at once, and files with as many still lie in the "
                        "folder: nothing more is read, as it could count twice. See why they do "
                        "not move away; or take some of them away",
                        kTakenMax)};
    }
    entries_[place].number = begun_++;
    keep(place);
    note(place, std::move(taken));
    return place;
}

void Book::note(Place place, Taken taken) {
    auto& entry = entries_.at(place);
    contents_.erase(content_of(entry.taken, place));
    entry.taken = std::move(taken);
    contents_.insert(content_of(entry.taken, place));
    changed_.insert(place);
}

/// The position, which is one line; whether it is whole, and its number; the name, which may be
/// anything.
std::string Book::to_text(const Entry& entry) {
    return fmt::format("{}\n{} {}\n{}", replay::to_text(entry.taken.position),
                       entry.taken.is_whole ? kWhole : std::string_view{"begun"}, entry.number,
                       entry.taken.name);
}

void Book::add_to(delivery::Flush& flush) {
    for (const auto place : changed_) flush.positions[key_of(place)] = to_text(entries_[place]);
    if (!changed_.empty()) flush.positions[kBegun] = fmt::to_string(begun_);
    changed_.clear();
}

}  // namespace imports
