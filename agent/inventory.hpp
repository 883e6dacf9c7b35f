#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace agent {

/// How much of a record's detail is left. The numbers are on disk.
enum class Detail : std::uint8_t {
    full = 0,      // As it was taken.
    minutes = 1,   // Thinned once: partials of a minute, or finer where they would save too little.
    quarters = 2,  // Thinned twice: partials of a quarter of an hour, or likewise.
};
constexpr std::size_t kDetails = 3;

/// What is stored of the records that may be thinned: the bytes of each detail, and which
/// declaration of a series is the newest. Grows with the number of series only.
class Inventory {
  public:
    void add(std::uint64_t seq, Detail detail, std::string_view line);
    void remove(Detail detail, std::string_view line);

    std::uint64_t bytes() const;
    /// Of the lines that have more detail than that.
    std::uint64_t bytes_above(Detail detail) const;

    /// Whether a newer declaration of the same series than the one in this record is stored.
    bool is_superseded(std::uint64_t seq, std::string_view line) const;

  private:
    std::array<std::uint64_t, kDetails> bytes_{};
    std::map<std::string, std::uint64_t> declared_;  // Series → number of its newest declaration.
};

}  // namespace agent
