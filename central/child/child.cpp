#include "central/child/child.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

namespace child {

namespace {

constexpr std::size_t kWordsMax = 1024;
constexpr int kReadsMax = 16;  // In one step; a program may write without end.
constexpr int kFirstForeign = 3;

/// A descriptor of ours that is closed at the end.
class Descriptor {
  public:
    explicit Descriptor(int number = -1) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int number() const { return number_; }
    int release() { return std::exchange(number_, -1); }

  private:
    int number_;
};

base::Error system_error(int number, const std::string& what) {
    return {base::Fault::transient, what + ": " + std::strerror(number)};
}

/// A file in memory, at its beginning: the child reads it whenever it likes, and nobody has to
/// write while it does.
bool fill(int file, const std::string& content) {
    std::size_t written = 0;
    while (written < content.size()) {
        const auto count = ::write(file, content.data() + written, content.size() - written);
        if (count <= 0) return false;
        written += static_cast<std::size_t>(count);
    }
    return ::lseek(file, 0, SEEK_SET) == 0;
}

/// Each name once: which of two counts is up to the program that reads them.
std::vector<std::string> environment_with(const std::vector<std::string>& added) {
    std::vector<std::string> all = added;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string ours = *entry;
        const auto name = ours.substr(0, ours.find('=') + 1);
        const bool is_replaced = std::any_of(
            added.begin(), added.end(), [&](const auto& other) { return other.starts_with(name); });
        if (!is_replaced) all.push_back(ours);
    }
    return all;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
    std::vector<char*> result;
    for (const auto& text : texts) result.push_back(const_cast<char*>(text.c_str()));
    result.push_back(nullptr);
    return result;
}

/// How the child begins: in a group of its own, with the signals of a fresh shell, and with none of
/// our descriptors.
class Beginning {
  public:
    Beginning(int input, int words) {
        posix_spawn_file_actions_init(&actions_);
        posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
        posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_adddup2(&actions_, words, STDERR_FILENO);
        posix_spawn_file_actions_addclosefrom_np(&actions_, kFirstForeign);
        posix_spawnattr_init(&attributes_);
        posix_spawnattr_setflags(
            &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
        posix_spawnattr_setpgroup(&attributes_, 0);
        sigset_t none;
        sigemptyset(&none);
        posix_spawnattr_setsigmask(&attributes_, &none);
        sigset_t all;
        sigfillset(&all);
        posix_spawnattr_setsigdefault(&attributes_, &all);
    }
    ~Beginning() {
        posix_spawn_file_actions_destroy(&actions_);
        posix_spawnattr_destroy(&attributes_);
    }
    Beginning(const Beginning&) = delete;
    Beginning& operator=(const Beginning&) = delete;

    const posix_spawn_file_actions_t* actions() const { return &actions_; }
    const posix_spawnattr_t* attributes() const { return &attributes_; }

  private:
    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
};

}  // namespace

base::Result<Child> Child::start(const ChildOptions& options) {
    ENSURE(!options.argv.empty());
    const Descriptor input{::memfd_create("alert", MFD_CLOEXEC)};
    // For us alone: libpq reads no password that others may read.
    if (input.number() < 0 || ::fchmod(input.number(), S_IRUSR | S_IWUSR) != 0 ||
        !fill(input.number(), options.input)) {
        return system_error(errno, "its input cannot be kept");
    }
    std::array<int, 2> pipe{};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return system_error(errno, "no pipe");
    Descriptor ours{pipe[0]};
    const Descriptor theirs{pipe[1]};
    if (::fcntl(ours.number(), F_SETFL, O_NONBLOCK) != 0) return system_error(errno, "no pipe");
    const Beginning beginning(input.number(), theirs.number());
    const auto variables = environment_with(options.environment);
    auto argv = pointers(options.argv);
    auto environment = pointers(variables);
    pid_t pid = -1;
    const int failed = ::posix_spawnp(&pid, argv[0], beginning.actions(), beginning.attributes(),
                                      argv.data(), environment.data());
    if (failed != 0) return system_error(failed, options.argv[0] + " cannot be started");
    return Child{pid, ours.release()};
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      words_fd_(std::exchange(other.words_fd_, -1)),
      words_(std::move(other.words_)),
      exit_(other.exit_) {}

Child::~Child() {
    if (pid_ > 0 && !exit_) {
        kill_group();
        int status = 0;
        while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
    }
    if (words_fd_ >= 0) ::close(words_fd_);
}

std::optional<int> Child::exit_code() {
    if (exit_) return exit_;
    read_words();
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) != pid_) return std::nullopt;
    constexpr int kSignalled = 128;
    exit_ = WIFSIGNALED(status) ? kSignalled + WTERMSIG(status) : WEXITSTATUS(status);
    read_words();
    return exit_;
}

/// Only before it is reaped: afterwards the number may be another's.
void Child::kill_group() {
    if (pid_ > 0 && !exit_) ::kill(-pid_, SIGKILL);
}

void Child::read_words() {
    std::array<char, 4096> buffer{};
    for (int i = 0; i < kReadsMax; ++i) {
        const auto count = ::read(words_fd_, buffer.data(), buffer.size());
        if (count <= 0) return;
        words_.append(buffer.data(), static_cast<std::size_t>(count));
        if (words_.size() > kWordsMax) words_.erase(0, words_.size() - kWordsMax);
    }
}

std::string Child::last_words() const {
    constexpr std::size_t kShown = 200;
    const auto end = words_.find_last_not_of(" \r\n\t");
    if (end == std::string::npos) return {};
    const auto begin = words_.find_last_of('\n', end);
    auto line = words_.substr(begin + 1, end - begin).substr(0, kShown);
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c < ' ' || c > '~'; }, ' ');
    return line;
}

}  // namespace child
