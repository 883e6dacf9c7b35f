#pragma once

#include <array>
#include <cstdint>

namespace base {

/// Seeded random numbers: xoshiro256** (Blackman and Vigna, 2018), seeded through splitmix64. The
/// same seed gives the same numbers with every compiler and library, which std distributions do
/// not.
class Random {
  public:
    explicit Random(std::uint64_t seed);

    std::uint64_t next();

    /// Uniform in 0 .. bound-1; bound > 0.
    std::uint64_t below(std::uint64_t bound);

    /// True `times` times out of `of`.
    bool chance(std::uint64_t times, std::uint64_t of) { return below(of) < times; }

    /// Uniform in [0, 1).
    double unit();

    /// Normal with mean 0 and deviation 1 (Box and Muller).
    double normal();

  private:
    std::array<std::uint64_t, 4> state_{};
};

/// 64 unpredictable bits from the kernel. For identities and seeds.
std::uint64_t entropy();

}  // namespace base
