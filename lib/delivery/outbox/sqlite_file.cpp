#include "delivery/outbox/sqlite_file.hpp"

#include "base/log.hpp"
#include "delivery/outbox/damaged_file.hpp"
#include "delivery/outbox/sqlite_setup.hpp"
#include "disk/files.hpp"
#include "sqlite/copy.hpp"

namespace delivery {

using base::Done;
using base::Error;
using base::Fault;
using base::Status;

Status SqliteFile::open() {
    if (auto succeeded = let_successor_in(); !succeeded) return succeeded;
    auto opened = open_file();
    if (!opened && opened.error().fault == Fault::malformed) return begin_anew(opened.error());
    return opened;
}

Status SqliteFile::open_file() {
    open_.reset();
    auto database = open_database(options_.path, options_.vfs);
    if (!database) return database.error();
    open_ = std::make_unique<Opened>(std::move(database).value());
    return begin();
}

Status SqliteFile::begin() {
    const auto pages_max = options_.quota / kPageBytes;
    if (auto prepared = prepare_database(database(), pages_max); !prepared) return prepared;
    open_->file.emplace(options_.path);
    open_->log.emplace(options_.path + "-wal");
    const wire::Incarnation fresh{options_.new_incarnation()};
    const auto start = wire::Chain{}.start(options_.node, fresh);
    if (auto ready = records().prepare(options_.node, fresh, start); !ready) return ready;
    if (auto synced = sync_database(database()); !synced) return synced;
    if (auto loaded = chain().load(); !loaded) return loaded;
    const auto pages = records().pages_used();
    if (!pages) return pages.error();
    remember(pages.value());
    is_broken_ = false;
    positions_saved_.clear();
    return Done{};
}

void SqliteFile::remember(std::uint64_t pages_used) {
    ends_ = chain().ends();
    pages_used_ = pages_used;
}

/// Without its position a source would be read from the beginning again and counted twice. So the
/// new file has all positions that can still be read before the damaged one makes room for it.
Status SqliteFile::begin_anew(const Error& damage) {
    save_positions();
    open_.reset();
    // A simulated disk has no names to rename; there, damage is a finding.
    if (!options_.vfs.empty()) return damage;
    if (auto made = make_outbox(options_, successor(), positions_saved_); !made) return made;
    const auto aside = put_aside(options_.path, options_.damaged_kept);
    if (!aside) return aside.error();
    base::log_error("outbox damaged: records in it that were not applied yet are lost here",
                    {{"reason", damage.detail},
                     {"kept_as", aside.value()},
                     {"positions_saved", positions_saved_.size()}});
    if (auto adopted = adopt_successor(); !adopted) return adopted;
    return open_file();
}

/// The new file may have to wait, for a disk that is full, and meanwhile the damage spreads: what
/// was read first counts.
void SqliteFile::save_positions() {
    if (open_) positions_saved_.merge(records().positions());
}

/// When the program ended after the damaged file had been put aside.
Status SqliteFile::let_successor_in() {
    if (!options_.vfs.empty()) return Done{};
    const auto there = disk::is_there(options_.path);
    if (!there) return there.error();
    if (there.value()) return Done{};
    const auto waits = disk::is_there(successor());
    if (!waits) return waits.error();
    if (!waits.value()) return Done{};
    if (auto adopted = adopt_successor(); !adopted) return adopted;
    base::log_error(
        "outbox damaged: the program ended while a new one was begun, which is used from now on",
        {{"path", options_.path},
         {"hint", "records in the damaged file that were not applied yet are lost here"}});
    return Done{};
}

Status SqliteFile::adopt_successor() {
    disk::DurableFiles files;
    // That of the damaged file.
    if (auto removed = files.remove(options_.path + "-wal"); !removed) return removed;
    if (auto renamed = files.rename(successor(), options_.path); !renamed) return renamed;
    ++damaged_;
    return Done{};
}

Status SqliteFile::recover() {
    if (!is_broken_) return Done{};
    if (auto opened = open(); !opened) return opened;
    ++reopened_;
    base::log_warn("outbox opened again after an error of the disk", {{"path", options_.path}});
    return Done{};
}

Status SqliteFile::keep_in_place() {
    return open_->file->is_lost() || open_->log->is_lost() ? put_back() : Done{};
}

/// The file was removed, renamed or replaced, but the open connection still has all of it. Writes a
/// copy in its place, and puts aside whatever stands there.
Status SqliteFile::put_back() {
    disk::DurableFiles files;
    const auto copy = options_.path + ".rescued";
    if (auto removed = files.remove(copy); !removed) return removed;
    if (auto copied = sqlite::copy_database(database(), copy); !copied) return copied;
    std::string aside;
    const auto there = disk::is_there(options_.path);
    if (!there) return there.error();
    if (open_->file->is_lost() && there.value()) {
        auto put = put_aside(options_.path, options_.damaged_kept);
        if (!put) return put.error();
        aside = std::move(put).value();
    }
    if (auto removed = files.remove(options_.path + "-wal"); !removed) return removed;
    if (auto renamed = files.rename(copy, options_.path); !renamed) return renamed;
    distrust();
    base::log_error("the outbox file was removed or replaced while in use: it is put back",
                    {{"path", options_.path}, {"found_there_and_kept_as", aside}});
    return recover();
}

}  // namespace delivery
