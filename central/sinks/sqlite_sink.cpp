#include "central/sinks/sqlite_sink.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/log.hpp"
#include "central/sinks/access/path_check.hpp"
#include "central/sinks/access/sqlite_place.hpp"
#include "central/sinks/table_set.hpp"
#include "sqlite/database.hpp"

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

/// The place of an open file, and the connection that can put it back there.
class SqliteSink::File {
  public:
    File(const std::string& path, sql::Database& database)
        : place_(path), database_(static_cast<sqlite::Database&>(database)) {}

    bool is_lost() const { return place_.is_lost(); }
    base::Result<std::string> put_back() { return place_.put_back(database_); }

  private:
    Place place_;
    sqlite::Database& database_;
};

SqliteSink::SqliteSink(SinkOptions options) : DatabaseSink(std::move(options)) {}

SqliteSink::~SqliteSink() = default;

base::Result<std::unique_ptr<SqliteSink>> SqliteSink::open(SinkOptions options) {
    if (auto usable = check_path(options.path.text()); !usable) return usable.error();
    std::unique_ptr<SqliteSink> sink{new SqliteSink{std::move(options)}};
    if (auto locked = sink->acquire_lock(); !locked) return locked.error();
    auto tables = sink->open_file();
    if (!tables) return tables.error();
    auto identity = tables.value()->identity();
    if (!identity) return identity.error();
    sink->set(std::move(tables).value(), std::move(identity).value());
    return sink;
}

base::Status SqliteSink::acquire_lock() {
    if (lock_ && !lock_->is_lost()) return base::Done{};
    lock_.reset();
    auto lock = Lock::acquire(path());
    if (!lock) return lock.error();
    lock_ = std::move(lock).value();
    return base::Done{};
}

base::Result<std::unique_ptr<TableSet>> SqliteSink::open_file() {
    auto database = open_database(options().path, false, options().vfs);
    if (!database) return database.error();
    auto tables = TableSet::open(std::move(database).value(), options());
    if (!tables) return tables;
    file_ = std::make_unique<File>(path(), tables.value()->database());
    return tables;
}

base::Status SqliteSink::reopen() {
    std::error_code ignored;
    const bool is_new = options().vfs.empty() && !std::filesystem::exists(path(), ignored);
    if (auto locked = acquire_lock(); !locked) return locked;
    auto opened = open_file();
    if (!opened) return opened.error();
    auto tables = std::move(opened).value();
    if (is_new) {
        if (auto named = tables->set_identity(identity()); !named) return named;
        base::log_error("the database is gone; a new one begins", {{"path", path()}});
    }
    const auto found = tables->identity();
    if (!found) return found.error();
    if (found.value() != identity()) {
        return base::Error{base::Fault::misconfigured,
                           path() +
                               ": another database stands in the place of the one in "
                               "use; start leat-central again to use it"};
    }
    set(std::move(tables), found.value());
    return base::Done{};
}

base::Status SqliteSink::keep_in_place() {
    if (!file_->is_lost()) return base::Done{};
    const auto aside = file_->put_back();
    if (!aside) {
        return base::Error{aside.error().fault,
                           path() +
                               ": the database was removed or replaced while in use, "
                               "and cannot be put back: " +
                               aside.error().detail};
    }
    base::log_error("the database was removed or replaced while in use; it is put back",
                    {{"path", path()}, {"found_there_and_kept_as", aside.value()}});
    close();
    return base::Error{base::Fault::transient,
                       path() +
                           ": the database was removed or replaced while in use; it "
                           "is put back and opened again"};
}

}  // namespace sinks
