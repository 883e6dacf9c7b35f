#pragma once

#include <cstddef>
#include <cstdint>

namespace delivery {

/// How much of a record's detail is left. The numbers are on disk.
enum class Detail : std::uint8_t {
    full = 0,      // As it was measured.
    minutes = 1,   // Thinned once: partials of a minute, or finer where they would save too little.
    quarters = 2,  // Thinned twice: partials of a quarter of an hour, or finer.
};
constexpr std::size_t kDetails = 3;

}  // namespace delivery
