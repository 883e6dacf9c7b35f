#include "central/imports/parts/merge.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace imports {

namespace {

constexpr base::Duration kNext{1};

}  // namespace

Merge::Merge(std::vector<Readable> parts, Open open)
    : waiting_(std::move(parts)), open_(std::move(open)) {
    std::sort(waiting_.begin(), waiting_.end(), [](const Readable& a, const Readable& b) {
        return std::tie(a.first, a.found.name) > std::tie(b.first, b.found.name);
    });
}

base::EventTime Merge::next_unopened() const {
    const bool may_open = !waiting_.empty() && parts_.size() < kOpenMax;
    return may_open ? waiting_.back().first : base::EventTime::max();
}

void Merge::close_finished() {
    std::erase_if(parts_, [](const auto& part) { return part->is_finished(); });
}

/// Those whose first time is not after the next row of every other.
void Merge::open_due() {
    while (!waiting_.empty() && parts_.size() < kOpenMax) {
        const auto first = waiting_.back().first;
        const bool is_due = std::all_of(parts_.begin(), parts_.end(), [&](const auto& part) {
            return part->head() && first <= *part->head();
        });
        if (!is_due) break;
        auto opened = open_(waiting_.back());
        waiting_.pop_back();
        if (opened == nullptr) continue;
        parts_.push_back(std::move(opened));
        break;  // Its own first row comes first: what is due then is another question.
    }
}

void Merge::drop(const Part* part) {
    std::erase_if(parts_, [&](const auto& one) { return one.get() == part; });
}

std::vector<std::string> Merge::names() const {
    std::vector<std::string> names;
    for (const auto& part : parts_) {
        if (!part->is_finished()) names.push_back(part->name());
    }
    return names;
}

Merge::Turn Merge::next() {
    close_finished();
    open_due();
    if (parts_.empty()) return Turn{};
    // One whose next row is not known yet only comes to it.
    for (const auto& part : parts_) {
        if (!part->head()) return Turn{.part = part.get(), .until = base::EventTime::min()};
    }
    const auto least =
        std::min_element(parts_.begin(), parts_.end(),
                         [](const auto& a, const auto& b) { return *a->head() < *b->head(); });
    auto until = next_unopened();
    for (const auto& part : parts_) {
        if (part != *least) until = std::min(until, *part->head());
    }
    const auto head = *(*least)->head();
    return Turn{.part = least->get(), .until = std::max(until, head + kNext)};
}

}  // namespace imports
