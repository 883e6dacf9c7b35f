#pragma once

#include <sqlite3.h>

#include <map>

namespace agent_test {

/// SQLite's own file system of this machine, with syncs that fail and no room to write, on demand:
/// while one lives it is the one that is used when none is named. What was written before a failed
/// sync stays in the files, as it does in a kernel's cache.
class FaultyDisk {
  public:
    FaultyDisk() {
        state() = {};
        state().below = sqlite3_vfs_find(nullptr);
        vfs_ = *state().below;
        vfs_.zName = "leat-faulty";
        vfs_.xOpen = open_file;
        sqlite3_vfs_register(&vfs_, 1);
    }
    ~FaultyDisk() {
        sqlite3_vfs_unregister(&vfs_);
        sqlite3_vfs_register(state().below, 1);
    }
    FaultyDisk(const FaultyDisk&) = delete;
    FaultyDisk& operator=(const FaultyDisk&) = delete;

    /// After so many syncs that succeed, so many fail.
    static void fail_syncs(int count, int after = 0) {
        state().failing = count;
        state().honest = after;
    }
    static int failed() { return state().failed; }

    /// Whether every write fails, as on a full disk.
    static void fill(bool is_full) { state().is_full = is_full; }

  private:
    struct State {
        sqlite3_vfs* below = nullptr;
        // A database and its log have different ones.
        std::map<const sqlite3_io_methods*, sqlite3_io_methods> methods;
        int (*honest_sync)(sqlite3_file*, int) = nullptr;
        int (*honest_write)(sqlite3_file*, const void*, int, sqlite3_int64) = nullptr;
        bool is_full = false;
        int honest = 0;
        int failing = 0;
        int failed = 0;
    };

    static State& state() {
        static State state;
        return state;
    }

    static int open_file(sqlite3_vfs* /*vfs*/, const char* name, sqlite3_file* file, int flags,
                         int* out_flags) {
        auto& self = state();
        const int code = self.below->xOpen(self.below, name, file, flags, out_flags);
        if (file->pMethods == nullptr) return code;
        self.honest_sync = file->pMethods->xSync;
        auto& methods = self.methods.try_emplace(file->pMethods, *file->pMethods).first->second;
        self.honest_write = file->pMethods->xWrite;
        methods.xSync = sync_file;
        methods.xWrite = write_file;
        file->pMethods = &methods;
        return code;
    }

    static int sync_file(sqlite3_file* file, int flags) {
        auto& self = state();
        if (self.failing == 0) return self.honest_sync(file, flags);
        if (self.honest > 0) {
            --self.honest;
            return self.honest_sync(file, flags);
        }
        --self.failing;
        ++self.failed;
        return SQLITE_IOERR_FSYNC;
    }

    static int write_file(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 at) {
        auto& self = state();
        return self.is_full ? SQLITE_FULL : self.honest_write(file, bytes, size, at);
    }

    sqlite3_vfs vfs_{};
};

}  // namespace agent_test
