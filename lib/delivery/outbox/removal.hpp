#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "delivery/records/flush.hpp"
#include "wire/record.hpp"

namespace delivery {

/// Adds up the records that one append() removes for one reason, and writes the gap record that
/// declares them. When a gap record is removed itself, the new one declares its loss, too: none is
/// forgotten.
class Removal {
  public:
    explicit Removal(wire::GapReason reason) : reason_(reason) {}

    /// Records, oldest first.
    void add(std::uint64_t seq, const Flush::Content& content, std::string_view line);

    std::uint64_t records() const { return records_; }

    /// The gap record; only when records() > 0.
    std::string line() const;

    /// What the outbox counts for the gap record: the readings that went with it. None when they
    /// were thinned: other records hold them.
    Flush::Content content() const;

  private:
    wire::GapReason reason_;
    std::uint64_t from_ = 0;
    std::uint64_t to_ = 0;
    std::uint64_t records_ = 0;
    Flush::Content content_;
};

}  // namespace delivery
