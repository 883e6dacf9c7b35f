#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "delivery/records/detail.hpp"
#include "delivery/records/flush.hpp"

namespace delivery {

/// An account of the records that may be thinned: how many bytes of each detail are how old,
/// and which declaration of a series is the newest. Grows by an entry every six hours of history.
class Inventory {
  public:
    void add(std::uint64_t seq, Detail detail, const Flush::Content& content,
             std::string_view line);
    void remove(Detail detail, const Flush::Content& content, std::string_view line);

    std::uint64_t bytes() const;
    /// Bytes of the lines that have more detail than that.
    std::uint64_t bytes_above(Detail detail) const;

    /// Whether the record's readings are older than three fourths of what is stored of its detail,
    /// or at least as old as all of that.
    bool is_old(Detail detail, const Flush::Content& content) const;

    /// Whether a newer declaration of the same series than the one in this record is stored.
    bool is_superseded(std::uint64_t seq, std::string_view line) const;

  private:
    using Ages = std::map<std::int64_t, std::uint64_t>;  // Begin of six hours → bytes of lines.

    std::array<std::uint64_t, kDetails> bytes_{};
    std::array<Ages, kDetails> ages_;
    std::map<std::string, std::uint64_t> declared_;  // Series → number of its newest declaration.
};

}  // namespace delivery
