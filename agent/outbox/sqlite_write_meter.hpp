#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace agent {

/// Counts what SQLite hands to the disk: a file system (VFS) of its own that passes everything on
/// to another one. Changes nothing, keeps nothing.
class WriteMeter {
  public:
    /// Over the file system of that name; empty: the machine's. Registers itself with SQLite under
    /// a name of its own for as long as it lives.
    explicit WriteMeter(const std::string& below = {});
    ~WriteMeter();
    WriteMeter(const WriteMeter&) = delete;
    WriteMeter& operator=(const WriteMeter&) = delete;

    /// The name to open a database with.
    const std::string& vfs_name() const;

    /// What was written since the start.
    struct Written {
        std::uint64_t bytes = 0;  // As handed over.

        /// Whole blocks of kBlockBytes that a sync sends to the card, a block once a sync: what the
        /// flash has to bear, as far as that can be known above the file system.
        std::uint64_t blocks = 0;
        std::uint64_t syncs = 0;
    };
    Written written() const;

    /// The page of the kernel's cache, and the usual block of a file system.
    static constexpr std::uint64_t kBlockBytes = 4096;

    struct State;

  private:
    std::unique_ptr<State> state_;
};

}  // namespace agent
