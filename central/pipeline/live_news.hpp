#pragma once

#include <cstddef>
#include <utility>

#include "central/engine/changes.hpp"

namespace central {

/// What was committed and nobody has asked for yet: the newest row per key, bounded. Lines in
/// quarantine are left out.
class LiveNews {
  public:
    explicit LiveNews(std::size_t rows_max) : rows_max_(rows_max) {}

    /// Gives how many rows did not fit.
    std::size_t add(engine::Changes changes);

    engine::Changes take() { return std::exchange(news_, {}); }

  private:
    std::size_t rows_max_;
    engine::Changes news_;
};

}  // namespace central
