#include "simulation/power_cut_vfs.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <limits>
#include <map>
#include <vector>

#include "base/ensure.hpp"

namespace simulation {

namespace {

constexpr std::size_t kSector = 512;

/// A write or a truncation that the disk has not yet promised to keep.
struct Pending {
    std::size_t offset = 0;
    std::string bytes;
    bool truncates = false;  // To `offset`.
};

void put(std::string& content, const Pending& pending) {
    if (pending.truncates) {
        content.resize(pending.offset, '\0');
        return;
    }
    content.resize(std::max(content.size(), pending.offset + pending.bytes.size()), '\0');
    std::copy(pending.bytes.begin(), pending.bytes.end(),
              content.begin() + static_cast<std::ptrdiff_t>(pending.offset));
}

struct File {
    std::string current;  // What the running system reads.
    std::string synced;   // What survives for certain.
    std::vector<Pending> pending;
    std::vector<std::unique_ptr<std::string>> shared;  // Memory for the log's index, never on disk.
};

}  // namespace

struct PowerCutDisk::State {
    explicit State(base::Random& source) : random(source) {}

    /// Counts one operation towards the cut; false when the power is off.
    bool powered_operation() {
        if (off) return false;
        if (operations_left == 0) {
            off = true;
            return false;
        }
        --operations_left;
        return true;
    }

    base::Random& random;
    std::string name;
    sqlite3_vfs vfs{};
    std::map<std::string, std::shared_ptr<File>> files;
    bool off = false;
    bool lying = false;
    std::uint64_t operations_left = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t writes = 0;
    std::uint64_t syncs = 0;
    std::uint64_t sectors_lost = 0;
};

namespace {

struct Handle {
    sqlite3_file base;
    PowerCutDisk::State* disk;
    std::shared_ptr<File>* file;
};

Handle& handle_of(sqlite3_file* file) {
    return *static_cast<Handle*>(static_cast<void*>(file));
}

PowerCutDisk::State& disk_of(sqlite3_vfs* vfs) {
    return *static_cast<PowerCutDisk::State*>(vfs->pAppData);
}

int close_file(sqlite3_file* file) {
    delete handle_of(file).file;
    handle_of(file).file = nullptr;
    return SQLITE_OK;
}

int read_file(sqlite3_file* file, void* buffer, int amount, sqlite3_int64 offset) {
    auto& handle = handle_of(file);
    if (handle.disk->off) return SQLITE_IOERR_READ;
    const auto& content = (*handle.file)->current;
    const auto wanted = static_cast<std::size_t>(amount);
    const auto at = static_cast<std::size_t>(offset);
    const auto there = at >= content.size() ? 0 : std::min(wanted, content.size() - at);
    if (there > 0) std::memcpy(buffer, content.data() + at, there);
    if (there == wanted) return SQLITE_OK;
    std::memset(static_cast<char*>(buffer) + there, 0, wanted - there);
    return SQLITE_IOERR_SHORT_READ;
}

void write_pending(Handle& handle, Pending pending) {
    put((*handle.file)->current, pending);
    (*handle.file)->pending.push_back(std::move(pending));
    ++handle.disk->writes;
}

int write_file(sqlite3_file* file, const void* bytes, int amount, sqlite3_int64 offset) {
    auto& handle = handle_of(file);
    if (!handle.disk->powered_operation()) return SQLITE_IOERR_WRITE;
    write_pending(handle, {.offset = static_cast<std::size_t>(offset),
                           .bytes = std::string(static_cast<const char*>(bytes),
                                                static_cast<std::size_t>(amount)),
                           .truncates = false});
    return SQLITE_OK;
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    auto& handle = handle_of(file);
    if (!handle.disk->powered_operation()) return SQLITE_IOERR_TRUNCATE;
    write_pending(handle,
                  {.offset = static_cast<std::size_t>(size), .bytes = {}, .truncates = true});
    return SQLITE_OK;
}

int sync_file(sqlite3_file* file, int /*flags*/) {
    auto& handle = handle_of(file);
    if (!handle.disk->powered_operation()) return SQLITE_IOERR_FSYNC;
    ++handle.disk->syncs;
    if (handle.disk->lying) return SQLITE_OK;
    (*handle.file)->synced = (*handle.file)->current;
    (*handle.file)->pending.clear();
    return SQLITE_OK;
}

int size_of_file(sqlite3_file* file, sqlite3_int64* size) {
    auto& handle = handle_of(file);
    if (handle.disk->off) return SQLITE_IOERR_FSTAT;
    *size = static_cast<sqlite3_int64>((*handle.file)->current.size());
    return SQLITE_OK;
}

int lock_file(sqlite3_file* /*file*/, int /*level*/) {
    return SQLITE_OK;
}

int check_reserved_lock(sqlite3_file* /*file*/, int* held) {
    *held = 0;
    return SQLITE_OK;
}

int file_control(sqlite3_file* /*file*/, int /*operation*/, void* /*argument*/) {
    return SQLITE_NOTFOUND;
}

int sector_size(sqlite3_file* /*file*/) {
    return static_cast<int>(kSector);
}

int device_characteristics(sqlite3_file* /*file*/) {
    return 0;
}

int map_shared(sqlite3_file* file, int region, int size, int extend, volatile void** address) {
    auto& shared = (*handle_of(file).file)->shared;
    *address = nullptr;
    const auto index = static_cast<std::size_t>(region);
    while (extend != 0 && shared.size() <= index) {
        shared.push_back(std::make_unique<std::string>(static_cast<std::size_t>(size), '\0'));
    }
    if (index < shared.size()) *address = shared[index]->data();
    return SQLITE_OK;
}

/// One connection at a time uses a file of this disk.
int lock_shared(sqlite3_file* /*file*/, int /*offset*/, int /*count*/, int /*flags*/) {
    return SQLITE_OK;
}

void barrier_shared(sqlite3_file* /*file*/) {}

int unmap_shared(sqlite3_file* file, int /*is_deleted*/) {
    (*handle_of(file).file)->shared.clear();
    return SQLITE_OK;
}

const sqlite3_io_methods kMethods{.iVersion = 2,
                                  .xClose = close_file,
                                  .xRead = read_file,
                                  .xWrite = write_file,
                                  .xTruncate = truncate_file,
                                  .xSync = sync_file,
                                  .xFileSize = size_of_file,
                                  .xLock = lock_file,
                                  .xUnlock = lock_file,
                                  .xCheckReservedLock = check_reserved_lock,
                                  .xFileControl = file_control,
                                  .xSectorSize = sector_size,
                                  .xDeviceCharacteristics = device_characteristics,
                                  .xShmMap = map_shared,
                                  .xShmLock = lock_shared,
                                  .xShmBarrier = barrier_shared,
                                  .xShmUnmap = unmap_shared,
                                  .xFetch = nullptr,
                                  .xUnfetch = nullptr};

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    auto& disk = disk_of(vfs);
    auto& handle = handle_of(file);
    handle.base.pMethods = nullptr;
    if (disk.off) return SQLITE_CANTOPEN;
    const std::string path = name == nullptr ? "temporary" : name;
    if (!disk.files.contains(path) && (flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
    auto& content = disk.files[path];
    if (!content) content = std::make_shared<File>();
    handle.disk = &disk;
    handle.file = new std::shared_ptr<File>(content);
    handle.base.pMethods = &kMethods;
    if (out_flags != nullptr) *out_flags = flags;
    return SQLITE_OK;
}

int delete_file(sqlite3_vfs* vfs, const char* name, int /*sync_directory*/) {
    auto& disk = disk_of(vfs);
    if (!disk.powered_operation()) return SQLITE_IOERR_DELETE;
    disk.files.erase(name);
    return SQLITE_OK;
}

int access_file(sqlite3_vfs* vfs, const char* name, int /*flags*/, int* exists) {
    *exists = disk_of(vfs).files.contains(name) ? 1 : 0;
    return SQLITE_OK;
}

int full_path(sqlite3_vfs* /*vfs*/, const char* name, int size, char* out) {
    sqlite3_snprintf(size, out, "%s", name);
    return SQLITE_OK;
}

int randomness(sqlite3_vfs* vfs, int amount, char* out) {
    for (int i = 0; i < amount; ++i) out[i] = static_cast<char>(disk_of(vfs).random.below(256));
    return amount;
}

int sleep_microseconds(sqlite3_vfs* /*vfs*/, int microseconds) {
    return microseconds;
}

int current_time(sqlite3_vfs* /*vfs*/, double* days) {
    *days = 2461000.5;  // A fixed Julian day: the time must not bring in chance.
    return SQLITE_OK;
}

/// One sector of a pending write reaches the platter whole, torn or not at all.
void settle_sector(PowerCutDisk::State& disk, std::string& content, Pending sector) {
    const auto fate = disk.random.below(20);
    if (fate < 9) {
        ++disk.sectors_lost;
        return;
    }
    if (fate == 9) sector.bytes.resize(disk.random.below(sector.bytes.size() + 1));
    put(content, sector);
}

void settle(PowerCutDisk::State& disk, std::string& content, const Pending& pending) {
    if (pending.truncates) {
        if (disk.random.chance(1, 2)) put(content, pending);
        return;
    }
    for (std::size_t at = 0; at < pending.bytes.size();) {
        const auto length =
            std::min(kSector - (pending.offset + at) % kSector, pending.bytes.size() - at);
        settle_sector(disk, content,
                      {.offset = pending.offset + at,
                       .bytes = pending.bytes.substr(at, length),
                       .truncates = false});
        at += length;
    }
}

}  // namespace

PowerCutDisk::PowerCutDisk(base::Random& random) : state_(std::make_unique<State>(random)) {
    static std::atomic<std::uint64_t> counter{0};
    state_->name = "power-cut-" + std::to_string(++counter);
    auto& vfs = state_->vfs;
    vfs.iVersion = 1;
    vfs.szOsFile = sizeof(Handle);
    vfs.mxPathname = 256;
    vfs.zName = state_->name.c_str();
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

PowerCutDisk::~PowerCutDisk() {
    sqlite3_vfs_unregister(&state_->vfs);
}

const std::string& PowerCutDisk::vfs_name() const {
    return state_->name;
}

void PowerCutDisk::cut_after(std::uint64_t operations) {
    state_->operations_left = operations;
}

void PowerCutDisk::cut() {
    state_->off = true;
}

bool PowerCutDisk::is_cut() const {
    return state_->off;
}

void PowerCutDisk::restore() {
    for (auto& [name, file] : state_->files) {
        std::string survived = file->synced;
        for (const auto& pending : file->pending) settle(*state_, survived, pending);
        file->current = survived;
        file->synced = std::move(survived);
        file->pending.clear();
    }
    state_->off = false;
    state_->operations_left = std::numeric_limits<std::uint64_t>::max();
}

void PowerCutDisk::lie_about_syncs(bool lie) {
    state_->lying = lie;
}

std::uint64_t PowerCutDisk::writes() const {
    return state_->writes;
}
std::uint64_t PowerCutDisk::syncs() const {
    return state_->syncs;
}
std::uint64_t PowerCutDisk::sectors_lost() const {
    return state_->sectors_lost;
}

}  // namespace simulation
