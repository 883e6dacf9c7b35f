#include "support/captured.hpp"

#include <unistd.h>

#include <array>
#include <iostream>
#include <stdexcept>

namespace support {

namespace {

void flush_all() {
    std::cout.flush();
    std::cerr.flush();
    std::fflush(nullptr);
}

}  // namespace

Captured::Captured(int descriptor)
    : descriptor_(descriptor), original_(dup(descriptor)), file_(std::tmpfile()) {
    if (original_ < 0 || file_ == nullptr) throw std::runtime_error("no temporary file");
    flush_all();
    dup2(fileno(file_), descriptor_);
}

Captured::~Captured() {
    flush_all();
    dup2(original_, descriptor_);
    close(original_);
    std::fclose(file_);
}

std::string Captured::text() const {
    flush_all();
    std::string text;
    std::array<char, 4096> part{};
    for (;;) {
        const auto got =
            pread(fileno(file_), part.data(), part.size(), static_cast<off_t>(text.size()));
        if (got <= 0) return text;
        text.append(part.data(), static_cast<std::size_t>(got));
    }
}

}  // namespace support
