#include "agent/outbox/sqlite_write_meter.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <vector>

#include "base/ensure.hpp"

namespace agent {

/// The file system that SQLite sees, and the one below it.
struct WriteMeter::State {
    std::string name;
    sqlite3_vfs vfs{};
    sqlite3_vfs* below = nullptr;
    Written written;
};

namespace {

/// Blocks written since the last sync are forgotten beyond this, and counted one by one.
constexpr std::size_t kDirtyMax = 65'536;

/// What SQLite gets for a file. The file below lies behind it in the same piece of memory.
struct MeteredFile {
    sqlite3_file base;
    WriteMeter::State* meter;
    std::vector<std::uint64_t>* dirty;
};

constexpr std::size_t kFileBytes = (sizeof(MeteredFile) + alignof(std::max_align_t) - 1) /
                                   alignof(std::max_align_t) * alignof(std::max_align_t);

MeteredFile& metered(sqlite3_file* file) {
    return *static_cast<MeteredFile*>(static_cast<void*>(file));
}

sqlite3_file* below(sqlite3_file* file) {
    void* memory = static_cast<char*>(static_cast<void*>(file)) + kFileBytes;
    return static_cast<sqlite3_file*>(memory);
}

const sqlite3_io_methods& methods_below(sqlite3_file* file) {
    return *below(file)->pMethods;
}

WriteMeter::State& meter_of(sqlite3_vfs* vfs) {
    return *static_cast<WriteMeter::State*>(vfs->pAppData);
}

/// Each block that is dirty is written once, however often it was changed.
void settle(MeteredFile& file) {
    auto& dirty = *file.dirty;
    std::sort(dirty.begin(), dirty.end());
    const auto end = std::unique(dirty.begin(), dirty.end());
    file.meter->written.blocks += static_cast<std::uint64_t>(end - dirty.begin());
    dirty.clear();
}

int close_file(sqlite3_file* file) {
    settle(metered(file));
    delete metered(file).dirty;
    metered(file).dirty = nullptr;
    return methods_below(file).xClose(below(file));
}

int read_file(sqlite3_file* file, void* bytes, int amount, sqlite3_int64 offset) {
    return methods_below(file).xRead(below(file), bytes, amount, offset);
}

int write_file(sqlite3_file* file, const void* bytes, int amount, sqlite3_int64 offset) {
    auto& self = metered(file);
    const auto first = static_cast<std::uint64_t>(offset) / WriteMeter::kBlockBytes;
    const auto last = static_cast<std::uint64_t>(offset + amount - 1) / WriteMeter::kBlockBytes;
    for (auto block = first; block <= last; ++block) {
        if (self.dirty->empty() || self.dirty->back() != block) self.dirty->push_back(block);
    }
    if (self.dirty->size() > kDirtyMax) settle(self);
    self.meter->written.bytes += static_cast<std::uint64_t>(amount);
    return methods_below(file).xWrite(below(file), bytes, amount, offset);
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    return methods_below(file).xTruncate(below(file), size);
}

int sync_file(sqlite3_file* file, int flags) {
    settle(metered(file));
    ++metered(file).meter->written.syncs;
    return methods_below(file).xSync(below(file), flags);
}

int size_of_file(sqlite3_file* file, sqlite3_int64* size) {
    return methods_below(file).xFileSize(below(file), size);
}

int lock_file(sqlite3_file* file, int level) {
    return methods_below(file).xLock(below(file), level);
}

int unlock_file(sqlite3_file* file, int level) {
    return methods_below(file).xUnlock(below(file), level);
}

int check_reserved_lock(sqlite3_file* file, int* held) {
    return methods_below(file).xCheckReservedLock(below(file), held);
}

int file_control(sqlite3_file* file, int operation, void* argument) {
    return methods_below(file).xFileControl(below(file), operation, argument);
}

int sector_size(sqlite3_file* file) {
    return methods_below(file).xSectorSize(below(file));
}

int device_characteristics(sqlite3_file* file) {
    return methods_below(file).xDeviceCharacteristics(below(file));
}

/// Version 1: no shared memory and no mapping. The outbox needs neither (locking_mode=EXCLUSIVE).
sqlite3_io_methods metered_methods() {
    sqlite3_io_methods methods{};
    methods.iVersion = 1;
    methods.xClose = close_file;
    methods.xRead = read_file;
    methods.xWrite = write_file;
    methods.xTruncate = truncate_file;
    methods.xSync = sync_file;
    methods.xFileSize = size_of_file;
    methods.xLock = lock_file;
    methods.xUnlock = unlock_file;
    methods.xCheckReservedLock = check_reserved_lock;
    methods.xFileControl = file_control;
    methods.xSectorSize = sector_size;
    methods.xDeviceCharacteristics = device_characteristics;
    return methods;
}

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    static const sqlite3_io_methods kMethods = metered_methods();
    auto& meter = meter_of(vfs);
    auto& self = metered(file);
    self.base.pMethods = nullptr;
    const int code = meter.below->xOpen(meter.below, name, below(file), flags, out_flags);
    if (below(file)->pMethods == nullptr) return code;
    self.meter = &meter;
    self.dirty = new std::vector<std::uint64_t>;
    self.base.pMethods = &kMethods;
    return code;
}

int delete_file(sqlite3_vfs* vfs, const char* name, int sync_folder) {
    auto* below = meter_of(vfs).below;
    return below->xDelete(below, name, sync_folder);
}

int access_file(sqlite3_vfs* vfs, const char* name, int flags, int* answer) {
    auto* below = meter_of(vfs).below;
    return below->xAccess(below, name, flags, answer);
}

int full_path(sqlite3_vfs* vfs, const char* name, int size, char* out) {
    auto* below = meter_of(vfs).below;
    return below->xFullPathname(below, name, size, out);
}

int randomness(sqlite3_vfs* vfs, int amount, char* out) {
    auto* below = meter_of(vfs).below;
    return below->xRandomness(below, amount, out);
}

int sleep_microseconds(sqlite3_vfs* vfs, int microseconds) {
    auto* below = meter_of(vfs).below;
    return below->xSleep(below, microseconds);
}

int current_time(sqlite3_vfs* vfs, double* days) {
    auto* below = meter_of(vfs).below;
    return below->xCurrentTime(below, days);
}

}  // namespace

WriteMeter::WriteMeter(const std::string& below_name) : state_(std::make_unique<State>()) {
    static std::atomic<std::uint64_t> counter{0};
    auto& [name, vfs, below_vfs, written] = *state_;
    below_vfs = sqlite3_vfs_find(below_name.empty() ? nullptr : below_name.c_str());
    ENSURE(below_vfs != nullptr);
    name = "leat-metered-" + std::to_string(++counter);
    vfs.iVersion = 1;
    vfs.szOsFile = static_cast<int>(kFileBytes) + below_vfs->szOsFile;
    vfs.mxPathname = below_vfs->mxPathname;
    vfs.zName = name.c_str();
    vfs.pAppData = state_.get();
    vfs.xOpen = open_file;
    vfs.xDelete = delete_file;
    vfs.xAccess = access_file;
    vfs.xFullPathname = full_path;
    vfs.xRandomness = randomness;
    vfs.xSleep = sleep_microseconds;
    vfs.xCurrentTime = current_time;
    ENSURE(sqlite3_vfs_register(&vfs, 0) == SQLITE_OK);
}

WriteMeter::~WriteMeter() {
    sqlite3_vfs_unregister(&state_->vfs);
}

const std::string& WriteMeter::vfs_name() const {
    return state_->name;
}

WriteMeter::Written WriteMeter::written() const {
    return state_->written;
}

}  // namespace agent
