#include "agent/node/disk_writes.hpp"

#include <fstream>
#include <utility>

namespace agent {

DiskWrites::DiskWrites(std::string counts) : counts_(std::move(counts)), at_start_(read()) {}

std::optional<std::uint64_t> DiskWrites::bytes() const {
    const auto now = read();
    if (!at_start_ || !now || *now < *at_start_) return std::nullopt;
    return *now - *at_start_;
}

std::optional<std::uint64_t> DiskWrites::read() const {
    std::ifstream counts(counts_);
    std::string name;
    std::uint64_t value = 0;
    while (counts >> name >> value) {
        if (name == "write_bytes:") return value;
    }
    return std::nullopt;
}

}  // namespace agent
