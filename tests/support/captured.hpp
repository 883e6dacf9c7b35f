#pragma once

#include <cstdio>
#include <string>

namespace support {

/// Sends a file descriptor (1 or 2) to a temporary file for as long as it lives.
class Captured {
  public:
    explicit Captured(int descriptor);
    ~Captured();
    Captured(const Captured&) = delete;
    Captured& operator=(const Captured&) = delete;

    /// What has been written so far.
    std::string text() const;

  private:
    int descriptor_;
    int original_;
    std::FILE* file_;
};

}  // namespace support
