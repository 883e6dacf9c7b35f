#include "databases/postgres_server.hpp"

#include <pwd.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace support {

namespace {

namespace fs = std::filesystem;

constexpr const char* kUser = "postgres";
constexpr base::Duration kPatience = std::chrono::seconds{120};

std::string other_root() {
    const char* root = std::getenv("LEAT_TEST_TIMESCALE");
    return root == nullptr ? "" : root;
}

/// Debian's: a folder for each version.
std::string newest_programs(const std::string& root) {
    int newest = 0;
    std::error_code ignored;
    for (const auto& version : fs::directory_iterator(root + "/usr/lib/postgresql", ignored)) {
        newest = std::max(newest, std::atoi(version.path().filename().c_str()));
    }
    if (newest == 0) throw std::runtime_error("no PostgreSQL: install the package postgresql");
    return "/usr/lib/postgresql/" + std::to_string(newest) + "/bin/";
}

std::vector<pid_t> children_of(pid_t pid) {
    const auto id = std::to_string(pid);
    std::ifstream list("/proc/" + id + "/task/" + id + "/children");
    std::vector<pid_t> children;
    for (pid_t child = 0; list >> child;) children.push_back(child);
    return children;
}

}  // namespace

PostgresServer::PostgresServer(PostgresServerOptions options)
    : options_(std::move(options)), root_(other_root()), programs_(newest_programs(root_)) {
    make_cluster();
    start_first();
    if (!root_.empty()) make_extension();
}

/// Its processes must not write into a folder that goes.
PostgresServer::~PostgresServer() {
    if (running()) crash();
}

std::string PostgresServer::uri(const std::string& schema) const {
    const auto place = "postgresql://leat@" + address() + "/leat";
    return schema.empty() ? place : place + "?options=-csearch_path%3D" + schema;
}

/// In another root the temporary folder has the same name, and the user the same number.
std::vector<std::string> PostgresServer::as_user(std::vector<std::string> command) const {
    if (::geteuid() != 0) return command;
    const auto* user = ::getpwnam(kUser);
    if (user == nullptr) throw std::runtime_error("there is no user postgres");
    std::vector<std::string> words;
    if (!root_.empty()) {
        const auto folders = folder().path().parent_path().string();
        words = {"unshare",
                 "--mount",
                 "/bin/sh",
                 "-ec",
                 "mkdir -p \"$0$1\"; mount --rbind \"$1\" \"$0$1\"; mount --rbind /dev \"$0/dev\";"
                 " root=$0; shift; exec chroot \"$root\" \"$@\"",
                 root_,
                 folders};
    }
    for (const auto& word :
         {std::string{"setpriv"}, std::string{"--reuid"}, std::to_string(user->pw_uid),
          std::string{"--regid"}, std::to_string(user->pw_gid), std::string{"--clear-groups"},
          std::string{"--pdeathsig"}, std::string{"KILL"}}) {
        words.push_back(word);
    }
    words.insert(words.end(), command.begin(), command.end());
    return words;
}

void PostgresServer::make_cluster() {
    if (::geteuid() == 0) {
        const auto* user = ::getpwnam(kUser);
        if (user == nullptr) throw std::runtime_error("there is no user postgres");
        if (::chown(folder().path().c_str(), user->pw_uid, user->pw_gid) != 0) {
            throw std::runtime_error("cannot give a folder to postgres");
        }
    }
    auto made =
        Process::start({.argv = as_user({programs_ + "initdb", "--pgdata", folder().file("data"),
                                         "--no-sync", "--auth=trust", "--username=leat",
                                         "--no-locale", "--encoding=UTF8", "--no-instructions"}),
                        .environment = {},
                        .log_file = folder().file("log"),
                        .folder = "/"});
    if (made.wait(kPatience) != 0) throw std::runtime_error("initdb failed:\n" + made.log());
    // A database named as its user.
    std::ofstream make(folder().file("make.sql"));
    make << "CREATE DATABASE leat;\n";
    make.close();
    auto single = Process::start(
        {.argv = as_user({"/bin/sh", "-c",
                          programs_ + "postgres --single -F -D " + folder().file("data") +
                              " postgres < " + folder().file("make.sql")}),
         .environment = {},
         .log_file = folder().file("log"),
         .folder = "/"});
    if (single.wait(kPatience) != 0) throw std::runtime_error("no database:\n" + single.log());
}

void PostgresServer::make_extension() {
    auto made = Process::start(
        {.argv = as_user({programs_ + "psql", "-h", "127.0.0.1", "-p", std::to_string(port()), "-U",
                          "leat", "-q", "-c", "CREATE EXTENSION timescaledb", "leat"}),
         .environment = {},
         .log_file = folder().file("log"),
         .folder = "/"});
    if (made.wait(kPatience) != 0) throw std::runtime_error("no TimescaleDB:\n" + made.log());
}

std::vector<std::string> PostgresServer::command() {
    std::vector<std::string> words{programs_ + "postgres",
                                   "-D",
                                   folder().file("data"),
                                   "-p",
                                   std::to_string(port()),
                                   "-h",
                                   "127.0.0.1",
                                   "-k",
                                   folder().path().string(),
                                   "-c",
                                   "max_connections=50",
                                   "-c",
                                   "dynamic_shared_memory_type=mmap",
                                   "-c",
                                   "logging_collector=off"};
    if (!options_.is_durable) words.emplace_back("-F");
    if (!root_.empty()) {
        for (const auto* setting :
             {"shared_preload_libraries=timescaledb", "timescaledb.telemetry_level=off"}) {
            words.emplace_back("-c");
            words.emplace_back(setting);
        }
    }
    for (const auto& setting : options_.settings) {
        words.emplace_back("-c");
        words.push_back(setting);
    }
    return as_user(std::move(words));
}

/// What the server itself notes of how far it is.
bool PostgresServer::answers() {
    std::ifstream file(folder().file("data/postmaster.pid"));
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines.size() >= 8 && lines[0] == std::to_string(pid()) && lines[7].starts_with("ready");
}

void PostgresServer::signal_all(int signal) {
    const auto children = children_of(pid());
    ::kill(pid(), signal);
    for (const auto child : children) ::kill(child, signal);
}

void PostgresServer::crash() {
    signal_all(SIGKILL);
    kill_hard();
}

void PostgresServer::hang() {
    signal_all(SIGSTOP);
}

void PostgresServer::go_on() {
    signal_all(SIGCONT);
}

}  // namespace support
