#include "central/imports/parts/book.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "drivers/replay/content_hash.hpp"

namespace imports {

namespace {

namespace replay = drivers::replay;

constexpr const char* kBegun = "parts";

std::string key_of(std::size_t place) {
    return fmt::format("part/{}", place);
}

/// The position, which is one line; whether it is whole; the name, which may be anything.
std::string to_text(const Taken& taken) {
    return fmt::format("{}\n{}\n{}", replay::to_text(taken.position),
                       taken.is_whole ? "whole" : "begun", taken.name);
}

base::Result<Taken> parse(const std::string& text) {
    const base::Error malformed{base::Fault::misconfigured,
                                "the outbox has something else where the parts should stand"};
    const auto first = text.find('\n');
    const auto second = text.find('\n', first + 1);
    if (first == std::string::npos || second == std::string::npos) return malformed;
    auto position = replay::parse_position(std::string_view{text}.substr(0, first));
    if (!position || !position.value().read_hash) return malformed;
    return Taken{.name = text.substr(second + 1),
                 .is_whole = text.substr(first + 1, second - first - 1) == "whole",
                 .position = std::move(position).value()};
}

}  // namespace

base::Result<Book> Book::load(const Load& load) {
    Book book;
    const auto begun = load(kBegun);
    if (!begun) return book;
    std::from_chars(begun->data(), begun->data() + begun->size(), book.begun_);
    for (std::size_t place = 0; place < std::min(book.begun_, kTakenMax); ++place) {
        auto taken = parse(load(key_of(place)).value_or(""));
        if (!taken) return taken.error();
        book.taken_.push_back(std::move(taken).value());
    }
    return book;
}

base::Result<std::optional<Book::Place>> Book::find(const std::string& path) const {
    if (taken_.empty()) return std::optional<Place>{};
    std::vector<std::uint64_t> lengths;
    for (const auto& taken : taken_) lengths.push_back(taken.position.offset);
    const auto prefixes = replay::prefixes_of(path, std::move(lengths));
    if (!prefixes) return prefixes.error();
    std::optional<Place> longest;
    for (const auto& prefix : prefixes.value()) {
        const auto known = std::find_if(taken_.begin(), taken_.end(), [&](const Taken& taken) {
            return taken.position.offset == prefix.bytes && taken.position.read_hash == prefix.hash;
        });
        if (known == taken_.end()) continue;
        const auto place = static_cast<Place>(known - taken_.begin());
        if (!longest || prefix.bytes > taken_[*longest].position.offset) longest = place;
    }
    return longest;
}

bool Book::has_begun(const std::string& name) const {
    return std::any_of(taken_.begin(), taken_.end(), [&](const Taken& taken) {
        return taken.name == name && !taken.is_whole && taken.position.row > 0;
    });
}

Book::Place Book::begin(Taken taken) {
    const Place place = begun_ % kTakenMax;
    ++begun_;
    if (place == taken_.size()) taken_.emplace_back();
    note(place, std::move(taken));
    return place;
}

void Book::note(Place place, Taken taken) {
    taken_.at(place) = std::move(taken);
    changed_.insert(place);
}

void Book::add_to(delivery::Flush& flush) {
    for (const auto place : changed_) flush.positions[key_of(place)] = to_text(taken_[place]);
    if (!changed_.empty()) flush.positions[kBegun] = fmt::to_string(begun_);
    changed_.clear();
}

}  // namespace imports
