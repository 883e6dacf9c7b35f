#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agent/outbox.hpp"

namespace agent {

/// Adds up the records that one append() evicts, and words the gap record that declares them. What
/// an evicted gap record stood for goes over into the new one: no loss is forgotten.
class Eviction {
  public:
    /// Records in order, oldest first.
    void add(std::uint64_t seq, const Flush::Content& content, std::string_view line);

    std::uint64_t records() const { return records_; }

    /// The gap record; only when records() > 0.
    std::string line() const;

    /// The same for the outbox's own books: the readings that the gap record stands for.
    const Flush::Content& content() const { return content_; }

  private:
    std::uint64_t from_ = 0;
    std::uint64_t to_ = 0;
    std::uint64_t records_ = 0;
    Flush::Content content_;
};

}  // namespace agent
