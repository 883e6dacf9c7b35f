#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace drivers::replay {

/// Identifies a file by what stands in it (FNV-1a, 64 bits), and grows with it.
class ContentHash {
  public:
    ContentHash() = default;
    explicit ContentHash(std::uint64_t value) : value_(value) {}

    void add(std::string_view bytes);
    std::uint64_t value() const { return value_; }

  private:
    std::uint64_t value_ = 0xcbf29ce484222325U;
};

/// The beginning of a file.
struct Prefix {
    std::uint64_t bytes = 0;
    std::uint64_t lines = 0;
    std::uint64_t hash = 0;
};

/// The beginnings of a file that are so many bytes long; those that it does not have are left out.
/// Reads the file once, up to the longest. Transient when it cannot be read.
base::Result<std::vector<Prefix>> prefixes_of(const std::string& path,
                                              std::vector<std::uint64_t> lengths);

}  // namespace drivers::replay
