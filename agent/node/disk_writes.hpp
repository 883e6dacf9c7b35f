#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace agent {

/// How much this process has caused to be written to a disk since this was made: the kernel's count
/// at the block layer, `write_bytes` of /proc/self/io. It covers the whole process, in blocks of
/// the page cache; what goes to a tmpfs is not in it. The kernel counts when it was built with
/// CONFIG_TASK_IO_ACCOUNTING, as those of Debian and Raspberry Pi OS are.
class DiskWrites {
  public:
    /// `counts` is the file to read; tests give another one.
    explicit DiskWrites(std::string counts = "/proc/self/io");

    /// Nothing when the kernel does not count.
    std::optional<std::uint64_t> bytes() const;

  private:
    std::optional<std::uint64_t> read() const;

    std::string counts_;
    std::optional<std::uint64_t> at_start_;
};

}  // namespace agent
