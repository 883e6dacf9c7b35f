#pragma once

#include <sqlite3.h>

#include <map>

namespace agent_test {

/// SQLite's own file system of this machine with syncs that fail on demand: while one lives it is
/// the one that is used when none is named. What was written before a failed sync stays in the
/// files, as it does in a kernel's cache.
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

    /// The next so many syncs fail.
    static void fail_syncs(int count) { state().failing = count; }
    static int failed() { return state().failed; }

  private:
    struct State {
        sqlite3_vfs* below = nullptr;
        // A database and its log have different ones.
        std::map<const sqlite3_io_methods*, sqlite3_io_methods> methods;
        int (*honest_sync)(sqlite3_file*, int) = nullptr;
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
        methods.xSync = sync_file;
        file->pMethods = &methods;
        return code;
    }

    static int sync_file(sqlite3_file* file, int flags) {
        auto& self = state();
        if (self.failing == 0) return self.honest_sync(file, flags);
        --self.failing;
        ++self.failed;
        return SQLITE_IOERR_FSYNC;
    }

    sqlite3_vfs vfs_{};
};

}  // namespace agent_test
