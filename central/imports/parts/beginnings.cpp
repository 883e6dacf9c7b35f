#include "central/imports/parts/beginnings.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "drivers/replay/content_hash.hpp"

namespace imports {

namespace {

/// How long a content is, and its hash.
using Content = std::pair<std::uint64_t, std::uint64_t>;

}  // namespace

std::vector<std::vector<std::size_t>> beginnings_of(const std::vector<Found>& files,
                                                    const Inbox& inbox, const Failed& failed) {
    std::vector<std::uint64_t> sizes;
    for (const auto& file : files) sizes.push_back(file.bytes);
    std::sort(sizes.begin(), sizes.end());
    sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
    std::vector<std::vector<Content>> prefixes;
    std::map<Content, std::size_t> firsts;  // The first file of each content.
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto last = std::upper_bound(sizes.begin(), sizes.end(), files[i].bytes);
        const auto found =
            drivers::replay::prefixes_of(inbox.path(files[i].name), {sizes.begin(), last});
        auto& own = prefixes.emplace_back();
        if (!found) {
            failed(i, found.error());
            continue;
        }
        for (const auto& prefix : found.value()) own.emplace_back(prefix.bytes, prefix.hash);
        if (!own.empty()) firsts.emplace(own.back(), i);
    }
    std::vector<std::vector<std::size_t>> beginnings(files.size());
    for (std::size_t i = 0; i < files.size(); ++i) {
        for (const auto& prefix : prefixes[i]) {
            const auto first = firsts.find(prefix);
            if (first != firsts.end() && first->second != i) beginnings[i].push_back(first->second);
        }
    }
    return beginnings;
}

}  // namespace imports
