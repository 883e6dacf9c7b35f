#include "support/process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

#include "support/eventually.hpp"

namespace support {
namespace {

/// Everything the child needs, prepared before the fork: after the fork only async-signal-safe
/// calls are allowed, because other threads may have held locks.
struct Launch {
    std::string program;
    std::vector<char*> argv;
    std::vector<std::string> variables;
    std::vector<char*> environment;
    int log = -1;
    int report = -1;  // Close-on-exec: carries errno if exec fails, else end of file.
    const char* folder = nullptr;
    pid_t parent = 0;
};

std::string_view name_of(std::string_view variable) {
    return variable.substr(0, variable.find('='));
}

std::vector<std::string> merged_environment(const std::vector<std::string>& added) {
    std::vector<std::string> all = added;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        bool replaced = false;
        for (const auto& variable : added) {
            replaced = replaced || name_of(variable) == name_of(*entry);
        }
        if (!replaced) all.emplace_back(*entry);
    }
    return all;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> result;
    for (const auto& text : texts) result.push_back(const_cast<char*>(text.c_str()));
    result.push_back(nullptr);
    return result;
}

[[noreturn]] void fail(int report) {
    const int reason = errno;
    [[maybe_unused]] const auto written = ::write(report, &reason, sizeof reason);
    ::_exit(127);
}

/// The child starts as if from a fresh shell: no blocked or ignored signals, no foreign
/// descriptors.
[[noreturn]] void become(const Launch& launch) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != launch.parent) ::_exit(127);  // The parent died before the line above.
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::signal(SIGPIPE, SIG_DFL);
    const int empty = ::open("/dev/null", O_RDONLY);
    if (::dup2(empty, 0) < 0 || ::dup2(launch.log, 1) < 0 || ::dup2(launch.log, 2) < 0) {
        fail(launch.report);
    }
    ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    if (launch.folder != nullptr && ::chdir(launch.folder) != 0) fail(launch.report);
    ::execve(launch.program.c_str(), launch.argv.data(), launch.environment.data());
    fail(launch.report);
}

Launch prepare(const ProcessOptions& options) {
    Launch launch;
    launch.program = find_program(options.argv.at(0));
    if (launch.program.empty()) throw std::runtime_error("no program " + options.argv[0]);
    launch.argv = pointers(options.argv);
    launch.variables = merged_environment(options.environment);
    launch.environment = pointers(launch.variables);
    launch.folder = options.folder.empty() ? nullptr : options.folder.c_str();
    launch.parent = ::getpid();
    const std::string log = options.log_file.empty() ? "/dev/null" : options.log_file;
    launch.log = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (launch.log < 0) throw std::system_error(errno, std::generic_category(), log);
    return launch;
}

}  // namespace

Process Process::start(const ProcessOptions& options) {
    Launch launch = prepare(options);
    std::array<int, 2> report{};
    if (::pipe2(report.data(), O_CLOEXEC) != 0) {
        throw std::system_error(errno, std::generic_category(), "pipe");
    }
    launch.report = report[1];
    const pid_t child = ::fork();
    if (child == 0) become(launch);
    ::close(report[1]);
    ::close(launch.log);
    int reason = child < 0 ? errno : 0;
    if (child > 0 && ::read(report[0], &reason, sizeof reason) != sizeof reason) reason = 0;
    ::close(report[0]);
    Process process(child, options.log_file);
    if (reason != 0) throw std::system_error(reason, std::generic_category(), launch.program);
    return process;
}

Process::~Process() {
    end();
}

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      log_file_(std::move(other.log_file_)),
      exit_(other.exit_) {}

Process& Process::operator=(Process&& other) noexcept {
    if (this == &other) return *this;
    end();
    pid_ = std::exchange(other.pid_, -1);
    log_file_ = std::move(other.log_file_);
    exit_ = other.exit_;
    return *this;
}

void Process::end() {
    kill(SIGKILL);
    reap(true);
}

void Process::reap(bool block) {
    if (pid_ <= 0 || exit_) return;
    int status = 0;
    if (::waitpid(pid_, &status, block ? 0 : WNOHANG) != pid_) return;
    exit_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

bool Process::running() {
    reap(false);
    return pid_ > 0 && !exit_;
}

void Process::kill(int signal) {
    if (running()) ::kill(pid_, signal);  // Not yet reaped, so the number is still ours.
}

std::optional<int> Process::wait(base::Duration timeout) {
    eventually([this] { return !running(); }, timeout);
    return exit_;
}

std::string Process::log() const {
    std::ifstream in(log_file_, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::string find_program(const std::string& name) {
    if (name.find('/') != std::string::npos) return name;
    const char* path = std::getenv("PATH");
    std::istringstream folders((path != nullptr ? std::string(path) : "") + ":/usr/bin:/usr/sbin");
    for (std::string folder; std::getline(folders, folder, ':');) {
        const std::string candidate = folder + "/" + name;
        if (!folder.empty() && ::access(candidate.c_str(), X_OK) == 0) return candidate;
    }
    return {};
}

}  // namespace support
