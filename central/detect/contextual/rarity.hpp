#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace detect::contextual {

/// Says how seldom something so large was met, in decades: 2 is once in a hundred times. Keeps a
/// histogram on a logarithmic scale of quarter octaves, 32 octaves to either side of the first
/// size, so that the unit of what is measured does not matter. Of constant size.
class Rarity {
  public:
    /// Minus log10 of the share of sizes that were at least this large; 0 before the first. Past
    /// the largest one it goes on like a Pareto tail of index 2.
    double decades(double size) const;

    void learn(double size);

  private:
    static constexpr std::size_t kBins = 256;

    /// Where a size lies on the scale, in bins; 0 for sizes of 0 and below.
    double place_of(double size) const;
    void halve();

    std::array<std::uint16_t, kBins> counts_{};
    std::uint32_t learned_ = 0;
    std::int32_t origin_ = 0;
    std::int16_t top_ = -1;  // The highest bin that was ever used.
    bool has_origin_ = false;
};

}  // namespace detect::contextual
