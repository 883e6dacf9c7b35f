#include "central/sinks/sqlite_sink.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "central/sinks/sqlite_file.hpp"
#include "central/sinks/sqlite_schema.hpp"

namespace sinks {

/// Holds `<path>.lock` for as long as it lives. The kernel releases it when the process dies.
class SqliteSink::Lock {
  public:
    static base::Result<std::unique_ptr<Lock>> acquire(const std::string& path) {
        const std::string name = path + ".lock";
        const int descriptor = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
        if (descriptor < 0) return failure(base::Fault::misconfigured, name, errno);
        std::unique_ptr<Lock> lock{new Lock{descriptor}};
        if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return lock;
        if (errno != EWOULDBLOCK) return failure(base::Fault::transient, name, errno);
        return base::Error{base::Fault::misconfigured,
                           path + ": another central uses this database"};
    }
    ~Lock() { ::close(descriptor_); }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

  private:
    explicit Lock(int descriptor) : descriptor_(descriptor) {}

    static base::Error failure(base::Fault fault, const std::string& name, int code) {
        return {fault, name + ": " + std::system_category().message(code)};
    }

    int descriptor_;
};

SqliteSink::SqliteSink(SqliteSinkOptions options, std::unique_ptr<Lock> lock,
                       std::unique_ptr<File> file)
    : options_(std::move(options)), lock_(std::move(lock)), file_(std::move(file)) {}

SqliteSink::~SqliteSink() = default;

base::Result<std::unique_ptr<SqliteSink>> SqliteSink::open(SqliteSinkOptions options) {
    auto lock = Lock::acquire(options.path);
    if (!lock) return lock.error();
    auto file = File::open(options);
    if (!file) return file.error();
    return std::unique_ptr<SqliteSink>{
        new SqliteSink{std::move(options), std::move(lock).value(), std::move(file).value()}};
}

template <class Value>
base::Result<Value> SqliteSink::trusted(base::Result<Value> result) {
    if (!result) file_.reset();
    return result;
}

base::Error SqliteSink::closed() const {
    return {base::Fault::transient, options_.path + ": closed after a failure"};
}

base::Result<std::string> SqliteSink::identity() const {
    auto database = open_database(options_.path, true);
    if (!database) return database.error();
    auto reader = std::move(database).value();
    return read_identity(reader);
}

base::Result<Loaded> SqliteSink::load(std::uint32_t partition, std::uint32_t partitions) {
    if (!file_) {
        auto file = File::open(options_);
        if (!file) return file.error();
        file_ = std::move(file).value();
    }
    return trusted(file_->load(partition, partitions));
}

base::Result<TailMatch> SqliteSink::applied(const std::string& node, const wire::Origin& origin) {
    if (!file_) return closed();
    return trusted(file_->applied(node, origin));
}

base::Result<Committed> SqliteSink::commit(const Commit& step) {
    if (!file_) return closed();
    return trusted(file_->commit(step));
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

base::Result<std::optional<engine::BootRow>> SqliteSink::boot(const std::string& node,
                                                              const std::string& boot) {
    if (!file_) return closed();
    return trusted(file_->boots().boot(node, boot));
}

base::Result<std::vector<engine::UnplacedLine>> SqliteSink::placeable(std::size_t lines_max) {
    if (!file_) return closed();
    return trusted(file_->boots().placeable(lines_max));
}

}  // namespace sinks
