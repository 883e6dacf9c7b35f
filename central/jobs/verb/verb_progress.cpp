#include "central/jobs/verb/verb_progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <string>

namespace jobs {

namespace {

constexpr int kWidth = 40;

}  // namespace

VerbProgress::VerbProgress() : is_terminal_(::isatty(STDERR_FILENO) == 1) {}

VerbProgress::~VerbProgress() {
    if (shown_ >= 0) fmt::print(stderr, "\r{:{}}\r", "", kWidth + 8);
}

void VerbProgress::report(std::uint64_t done, std::uint64_t total) {
    if (!is_terminal_ || total == 0) return;
    const auto percent = static_cast<int>(100 * done / total);
    if (percent == shown_) return;
    shown_ = percent;
    const auto full = static_cast<std::size_t>(percent * kWidth / 100);
    fmt::print(stderr, "\r[{:{}}] {:3} %", std::string(full, '#'), kWidth, percent);
    std::fflush(stderr);
}

}  // namespace jobs
