#include "central/sinks/sqlite_sink.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/log.hpp"
#include "central/sinks/path_check.hpp"
#include "central/sinks/sqlite_file.hpp"
#include "central/sinks/tables/schema.hpp"

namespace sinks {

/// Holds `<path>.lock` for as long as it lives. The kernel releases it when the process dies.
class SqliteSink::Lock {
  public:
    static base::Result<std::unique_ptr<Lock>> acquire(const std::string& path) {
        const std::string name = path + ".lock";
        const int descriptor = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
        if (descriptor < 0) return failure(base::Fault::misconfigured, name, errno);
        std::unique_ptr<Lock> lock{new Lock{name, descriptor}};
        if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return lock;
        if (errno != EWOULDBLOCK) return failure(base::Fault::transient, name, errno);
        return base::Error{base::Fault::misconfigured,
                           path + ": another central uses this database"};
    }
    ~Lock() { ::close(descriptor_); }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

    bool is_lost() const { return file_.is_lost(); }

  private:
    Lock(const std::string& name, int descriptor) : descriptor_(descriptor), file_(name) {}

    static base::Error failure(base::Fault fault, const std::string& name, int code) {
        return {fault, name + ": " + std::system_category().message(code)};
    }

    int descriptor_;
    sqlite::FileIdentity file_;
};

SqliteSink::SqliteSink(SqliteSinkOptions options, std::unique_ptr<Lock> lock,
                       std::unique_ptr<File> file, std::string identity)
    : options_(std::move(options)),
      lock_(std::move(lock)),
      file_(std::move(file)),
      identity_(std::move(identity)) {}

SqliteSink::~SqliteSink() = default;

base::Result<std::unique_ptr<SqliteSink>> SqliteSink::open(SqliteSinkOptions options) {
    if (auto usable = check_path(options.path); !usable) return usable.error();
    auto lock = Lock::acquire(options.path);
    if (!lock) return lock.error();
    auto file = File::open(options);
    if (!file) return file.error();
    auto identity = file.value()->identity();
    if (!identity) return identity.error();
    return std::unique_ptr<SqliteSink>{new SqliteSink{std::move(options), std::move(lock).value(),
                                                      std::move(file).value(),
                                                      std::move(identity).value()}};
}

template <class Value>
base::Result<Value> SqliteSink::trusted(base::Result<Value> result) {
    if (!result) file_.reset();
    return result;
}

base::Error SqliteSink::closed() const {
    return {base::Fault::transient, options_.path + ": closed after a failure"};
}

base::Status SqliteSink::reopen() {
    std::error_code ignored;
    const bool is_new = options_.vfs.empty() && !std::filesystem::exists(options_.path, ignored);
    if (!lock_ || lock_->is_lost()) {
        lock_.reset();
        auto lock = Lock::acquire(options_.path);
        if (!lock) return lock.error();
        lock_ = std::move(lock).value();
    }
    auto opened = File::open(options_);
    if (!opened) return opened.error();
    auto file = std::move(opened).value();
    if (is_new) {
        if (auto named = file->set_identity(identity_); !named) return named;
        base::log_error("the database is gone; a new one begins", {{"path", options_.path}});
    }
    const auto identity = file->identity();
    if (!identity) return identity.error();
    if (identity.value() != identity_) {
        return base::Error{base::Fault::misconfigured,
                           options_.path +
                               ": another database stands in the place of the one in "
                               "use; start leat-central again to use it"};
    }
    file_ = std::move(file);
    return base::Done{};
}

base::Status SqliteSink::keep_in_place() {
    if (!file_->is_lost()) return base::Done{};
    const auto aside = file_->put_back();
    if (!aside) {
        return base::Error{aside.error().fault,
                           options_.path +
                               ": the database was removed or replaced while in use, "
                               "and cannot be put back: " +
                               aside.error().detail};
    }
    base::log_error("the database was removed or replaced while in use; it is put back",
                    {{"path", options_.path}, {"found_there_and_kept_as", aside.value()}});
    file_.reset();
    return base::Error{base::Fault::transient,
                       options_.path +
                           ": the database was removed or replaced while in use; it "
                           "is put back and opened again"};
}

base::Result<Holdings> SqliteSink::holdings(const std::string& node) {
    if (!file_) return closed();
    return trusted(file_->holdings(node));
}

base::Result<Holdings> SqliteSink::holdings(const std::string& node, const std::string& series) {
    if (!file_) return closed();
    return trusted(file_->holdings(node, series));
}

base::Status SqliteSink::forget(const std::string& node) {
    if (!file_) return closed();
    return reopen_after(file_->forget(node));
}

base::Status SqliteSink::forget(const std::string& node, const std::string& series) {
    if (!file_) return closed();
    return reopen_after(file_->forget(node, series));
}

/// The connection remembers ids of what is gone now.
base::Status SqliteSink::reopen_after(base::Status forgotten) {
    file_.reset();
    if (!forgotten) return forgotten;
    return reopen();
}

base::Result<std::uint64_t> SqliteSink::drop_quarantined(const QuarantineSelection& which) {
    if (!file_) return closed();
    return trusted(file_->drop_quarantined(which));
}

base::Status SqliteSink::check() {
    if (!file_) return closed();
    return keep_in_place();
}

base::Result<Loaded> SqliteSink::load(std::uint32_t partition, std::uint32_t partitions) {
    if (file_) {
        const auto kept = keep_in_place();
        if (!kept && file_) return kept.error();
    }
    if (!file_) {
        if (auto opened = reopen(); !opened) return opened.error();
    }
    return trusted(file_->load(partition, partitions));
}

base::Result<TailMatch> SqliteSink::applied(const std::string& node, const wire::Origin& origin) {
    if (!file_) return closed();
    return trusted(file_->applied(node, origin));
}

/// Looks before it writes, as a failed connection could not save what it holds, and again after it:
/// what was committed into a file that is gone is not durable.
base::Result<Committed> SqliteSink::commit(const Commit& step) {
    if (auto checked = check(); !checked) return checked.error();
    auto committed = trusted(file_->commit(step));
    if (!committed) return committed;
    if (auto kept = keep_in_place(); !kept) return kept.error();
    return committed;
}

base::Result<std::vector<JudgedSeries>> SqliteSink::judged(std::int64_t after,
                                                           std::size_t series_max) {
    if (!file_) return closed();
    return trusted(file_->agenda().judged(after, series_max));
}

base::Result<std::optional<base::EventTime>> SqliteSink::find_row(const RowSearch& search) {
    if (!file_) return closed();
    return trusted(file_->agenda().find_row(search));
}

/// As commit(): looks before and after it.
base::Status SqliteSink::write(const std::vector<JudgedStep>& steps) {
    if (auto checked = check(); !checked) return checked;
    auto written = trusted(base::Status{file_->write(steps)});
    if (!written) return written;
    return keep_in_place();
}

base::Result<std::vector<KeptSeries>> SqliteSink::kept_series(std::int64_t after,
                                                              std::size_t series_max) {
    if (!file_) return closed();
    return trusted(file_->readings().kept_series(after, series_max));
}

base::Result<std::optional<base::EventTime>> SqliteSink::newest_arrival() {
    if (!file_) return closed();
    return trusted(file_->readings().newest_arrival());
}

base::Result<std::optional<base::EventTime>> SqliteSink::last_removal() {
    if (!file_) return closed();
    return trusted(file_->readings().last_removal());
}

base::Status SqliteSink::note_removal(base::EventTime time) {
    if (!file_) return closed();
    return trusted(file_->readings().note_removal(time));
}

base::Result<Removed> SqliteSink::remove(const std::vector<Outdated>& outdated,
                                         std::size_t blocks_max) {
    if (!file_) return closed();
    auto removed = trusted(file_->readings().remove(outdated, blocks_max));
    if (!removed) return removed;
    if (auto kept = keep_in_place(); !kept) return kept.error();
    return removed;
}

base::Status SqliteSink::give_up(base::Duration span, base::EventTime before) {
    if (!file_) return closed();
    if (auto given = trusted(file_->give_up(span, before)); !given) return given;
    return keep_in_place();
}

base::Result<RemovedWindows> SqliteSink::remove_windows(base::Duration span,
                                                        std::int64_t from_series,
                                                        std::size_t windows_max) {
    if (!file_) return closed();
    auto removed = trusted(file_->remove_windows(span, from_series, windows_max));
    if (!removed) return removed;
    if (auto kept = keep_in_place(); !kept) return kept.error();
    return removed;
}

base::Result<std::optional<base::EventTime>> SqliteSink::kept_from(base::Duration span) {
    if (!file_) return closed();
    return trusted(file_->kept_from(span));
}

base::Result<std::optional<engine::NodeRow>> SqliteSink::node(const std::string& node) {
    if (!file_) return closed();
    return trusted(file_->dimensions().node(node));
}

base::Result<std::vector<engine::SeriesRow>> SqliteSink::series(const std::string& node) {
    if (!file_) return closed();
    return trusted(file_->dimensions().series(node));
}

base::Result<std::optional<engine::WindowRow>> SqliteSink::window(const engine::WindowKey& key) {
    if (!file_) return closed();
    return trusted(file_->window(key));
}

base::Result<std::vector<engine::Stretch>> SqliteSink::stretches(const std::string& node,
                                                                 const std::string& series,
                                                                 base::EventTime from,
                                                                 base::EventTime to) {
    if (!file_) return closed();
    return trusted(file_->stretches().read(node, series, from, to));
}

base::Result<std::vector<engine::OpenWindow>> SqliteSink::open_windows(const std::string& node,
                                                                       base::Duration span,
                                                                       base::EventTime from,
                                                                       std::size_t starts_max) {
    if (!file_) return closed();
    return trusted(file_->findings().open_windows(node, span, from, starts_max));
}

base::Result<std::optional<detect::Saved>> SqliteSink::watch(const std::string& node,
                                                             const std::string& series) {
    if (!file_) return closed();
    return trusted(file_->findings().watch(node, series));
}

base::Result<std::optional<engine::BootRow>> SqliteSink::boot(const std::string& node,
                                                              const std::string& boot) {
    if (!file_) return closed();
    return trusted(file_->boots().boot(node, boot));
}

base::Result<std::vector<engine::UnplacedLine>> SqliteSink::placeable(std::size_t lines_max) {
    if (!file_) return closed();
    return trusted(file_->boots().placeable(lines_max));
}

base::Result<std::vector<engine::RefusedLine>> SqliteSink::refused(std::int64_t after,
                                                                   std::size_t lines_max) {
    if (!file_) return closed();
    return trusted(file_->quarantine().refused(after, lines_max));
}

base::Result<std::vector<KindState>> SqliteSink::kinds() {
    if (!file_) return closed();
    return trusted(file_->neighbours().kinds());
}

base::Result<std::optional<base::EventTime>> SqliteSink::next_hour(const Kind& kind,
                                                                   base::EventTime from) {
    if (!file_) return closed();
    return trusted(file_->neighbours().next_hour(kind, from));
}

base::Result<std::vector<Neighbour>> SqliteSink::neighbours(const Kind& kind,
                                                            base::EventTime hour) {
    if (!file_) return closed();
    return trusted(file_->neighbours().neighbours(kind, hour));
}

}  // namespace sinks
