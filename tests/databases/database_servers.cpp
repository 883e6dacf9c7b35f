#include "databases/database_servers.hpp"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "odbc/connection.hpp"

namespace databases {

namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

constexpr base::Duration kPatience = std::chrono::minutes{1};

/// The last path that has `file` in `below`/<any>/`folder`: of several versions the newest.
fs::path find_below(const fs::path& below, const fs::path& folder, const std::string& file) {
    std::vector<fs::path> found;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator{below, error}) {
        auto path = entry.path() / folder / file;
        if (fs::exists(path, error)) found.push_back(std::move(path));
    }
    if (found.empty()) throw std::runtime_error(file + " is not installed: ./dev setup");
    return *std::max_element(found.begin(), found.end());
}

bool is_root() {
    return ::geteuid() == 0;
}

/// The folder, and all that the server makes in it, is then nobody's.
void give_away(const fs::path& folder) {
    const auto* const nobody = is_root() ? ::getpwnam("nobody") : nullptr;
    if (nobody == nullptr) return;
    if (::chown(folder.c_str(), nobody->pw_uid, nobody->pw_gid) != 0) {
        throw std::runtime_error("cannot give away " + folder.string());
    }
}

/// These servers refuse to run as root. What changes its user no longer ends with its parent by
/// itself: setpriv asks for that again.
Words as_nobody(Words command) {
    if (!is_root()) return command;
    Words words{"setpriv",        "--reuid=nobody",   "--regid=nogroup",
                "--clear-groups", "--pdeathsig=KILL", "--"};
    words.insert(words.end(), command.begin(), command.end());
    return words;
}

void run(const Words& command, const std::string& log) {
    auto process = support::Process::start(
        {.argv = as_nobody(command), .environment = {}, .log_file = log, .folder = {}});
    if (process.wait(kPatience) != 0) {
        throw std::runtime_error(command.front() + " failed:\n" + process.log());
    }
}

bool can_connect(const odbc::Options& options) {
    return static_cast<bool>(odbc::Connection::open(options));
}

std::string postgres_program(const std::string& name) {
    return find_below("/usr/lib/postgresql", "bin", name).string();
}

}  // namespace

std::string driver_path(const std::string& file) {
    return find_below("/usr/lib", "odbc", file).string();
}

MariaDb::MariaDb() {
    give_away(folder().path());
    run({"mariadb-install-db", "--no-defaults", "--datadir=" + folder().file("data"),
         "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve",
         "--innodb-log-file-size=8M"},
        folder().file("install.log"));
    folder().write("init.sql",
                   "CREATE DATABASE IF NOT EXISTS leat;\n"
                   "CREATE USER IF NOT EXISTS 'leat'@'127.0.0.1';\n"
                   "GRANT ALL ON *.* TO 'leat'@'127.0.0.1' WITH GRANT OPTION;\n");
    fs::permissions(folder().file("init.sql"), fs::perms::others_read, fs::perm_options::add);
    start_first();
}

std::vector<std::string> MariaDb::command() {
    return as_nobody({"mariadbd", "--no-defaults", "--datadir=" + folder().file("data"),
                      "--socket=" + folder().file("socket"), "--pid-file=" + folder().file("pid"),
                      "--port=" + std::to_string(port()), "--bind-address=127.0.0.1",
                      "--skip-name-resolve", "--init-file=" + folder().file("init.sql"),
                      "--innodb-flush-log-at-trx-commit=2", "--innodb-buffer-pool-size=64M",
                      "--innodb-log-file-size=8M", "--sql-mode=STRICT_ALL_TABLES"});
}

bool MariaDb::answers() {
    return can_connect(options());
}

odbc::Options MariaDb::options() const {
    return {.connection = "Driver=" + driver_path("libmaodbc.so") +
                          ";Server=127.0.0.1;Port=" + std::to_string(port()) + ";Database=leat",
            .user = "leat",
            .password_file = {}};
}

PostgreSql::PostgreSql() {
    give_away(folder().path());
    run({postgres_program("initdb"), "-D", folder().file("data"), "--no-sync", "-A", "trust", "-U",
         "leat", "--encoding=UTF8", "--locale=C"},
        folder().file("install.log"));
    std::ofstream{folder().file("data") + "/pg_hba.conf"}
        << "host all guarded 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n";
    start_first();
    auto options = this->options();
    options.connection += ";Database=postgres";
    auto opened = odbc::Connection::open(options);
    if (!opened) throw std::runtime_error(opened.error().detail);
    auto made = std::move(opened).value().execute("CREATE DATABASE leat");
    if (!made) throw std::runtime_error(made.error().detail);
}

std::vector<std::string> PostgreSql::command() {
    return as_nobody({postgres_program("postgres"), "-D", folder().file("data"), "-p",
                      std::to_string(port()), "-h", "127.0.0.1", "-k", folder().path().string(),
                      "-F"});
}

/// Its own database is there from the beginning.
bool PostgreSql::answers() {
    auto options = this->options();
    options.connection += ";Database=postgres";
    return can_connect(options);
}

odbc::Options PostgreSql::options() const {
    return {.connection = "Driver=" + driver_path("psqlodbcw.so") +
                          ";Server=127.0.0.1;Database=leat;Port=" + std::to_string(port()),
            .user = "leat",
            .password_file = {}};
}

}  // namespace databases
