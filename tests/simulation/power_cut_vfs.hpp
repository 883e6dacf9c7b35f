#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/random.hpp"

namespace simulation {

/// A disk in memory, offered to SQLite as a VFS, that forgets like a real one when the power fails.
/// What was synced stays. Of the 512-byte sectors written since, any subset survives, in any order,
/// and one of them may be torn. Files of one disk share its fate. A file is for one connection at a
/// time.
class PowerCutDisk {
  public:
    /// Registers the VFS. `random` decides what survives a cut.
    explicit PowerCutDisk(base::Random& random);
    ~PowerCutDisk();
    PowerCutDisk(const PowerCutDisk&) = delete;
    PowerCutDisk& operator=(const PowerCutDisk&) = delete;

    /// The name to open a database with.
    const std::string& vfs_name() const;

    /// The power fails after this many more writes and syncs; every later call fails.
    void cut_after(std::uint64_t operations);

    /// The power fails now.
    void cut();

    bool is_cut() const;

    /// The power is back: unsynced writes are lost or kept, by chance, and files can be opened
    /// again. Earlier handles must have been closed.
    void restore();

    /// A disk that lies about syncs keeps nothing until the next honest one: for testing the test.
    void lie_about_syncs(bool lie);

    std::uint64_t writes() const;
    std::uint64_t syncs() const;
    std::uint64_t sectors_lost() const;

    struct State;

  private:
    std::unique_ptr<State> state_;
};

}  // namespace simulation
