#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "central/dimensions/statement.hpp"

namespace sinks {

/// What an import changes of what was imported before.
struct Difference {
    std::uint64_t added = 0;
    std::uint64_t changed = 0;
    std::uint64_t removed = 0;

    /// Each in a sentence, the first kSentencesMax.
    std::vector<std::string> sentences{};

    std::uint64_t count() const { return added + changed + removed; }
    bool empty() const { return count() == 0; }
};

constexpr std::size_t kSentencesMax = 20;

/// Adds what is new, other or gone in `after`. Both are about the same nodes or tags.
void add_difference(Difference& difference, const std::vector<dimensions::Statement>& before,
                    const std::vector<dimensions::Statement>& after);
void add_difference(Difference& difference, const std::vector<dimensions::TagMeaning>& before,
                    const std::vector<dimensions::TagMeaning>& after);

}  // namespace sinks
