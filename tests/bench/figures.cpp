#include "bench/figures.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace bench {

namespace {

/// The number after `key` in a file of "key: number" lines; 0 when there is none.
std::uint64_t number_after(const std::string& file, const std::string& key) {
    std::ifstream in(file);
    for (std::string word; in >> word;) {
        std::uint64_t number = 0;
        if (word == key && in >> number) return number;
    }
    return 0;
}

}  // namespace

namespace {

double seconds_in(const std::string& stat) {
    std::ifstream in(stat);
    std::ostringstream content;
    content << in.rdbuf();
    // The name in brackets may hold blanks; the numbers begin after it, with field 3.
    std::istringstream fields(content.str().substr(content.str().rfind(')') + 1));
    std::string skipped;
    for (int field = 3; field < 14; ++field) fields >> skipped;
    double user = 0;
    double system = 0;
    fields >> user >> system;
    return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

std::string line_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::string line;
    std::getline(in, line);
    return line;
}

}  // namespace

double processor_seconds(pid_t pid) {
    return seconds_in(fmt::format("/proc/{}/stat", pid));
}

double processor_seconds_of_threads(pid_t pid, const std::string& name) {
    double seconds = 0;
    const std::filesystem::path tasks{fmt::format("/proc/{}/task", pid)};
    for (const auto& task : std::filesystem::directory_iterator(tasks)) {
        if (line_of(task.path() / "comm") == name) seconds += seconds_in(task.path() / "stat");
    }
    return seconds;
}

std::uint64_t resident_kib(pid_t pid) {
    return number_after(fmt::format("/proc/{}/status", pid), "VmRSS:");
}

std::uint64_t anonymous_kib(pid_t pid) {
    return number_after(fmt::format("/proc/{}/status", pid), "RssAnon:");
}

std::uint64_t written_bytes(pid_t pid) {
    return number_after(fmt::format("/proc/{}/io", pid), "write_bytes:");
}

double percentile(std::vector<double> values, double share) {
    std::sort(values.begin(), values.end());
    return values.at(static_cast<std::size_t>(share * static_cast<double>(values.size() - 1)));
}

void report(const std::string& what, double figure, const std::string& unit) {
    fmt::print("| {:<58} | {:>14.{}f} | {:<12} |\n", what, figure, figure < 100 ? 2 : 0, unit);
}

}  // namespace bench
