#pragma once

#include <optional>
#include <string>
#include <vector>

#include "delivery/outbox/outbox.hpp"

namespace agent_test {

/// An outbox that keeps nothing but what was appended, refuses when it should, and whose extent is
/// what the test says.
struct StatedOutbox final : delivery::Outbox {
    base::Status append(const delivery::Flush& flush) override {
        ++attempts;
        if (refuses) return base::Error{base::Fault::transient, "no disk"};
        appended.push_back(flush);
        return base::Done{};
    }
    base::Result<std::vector<delivery::StoredRecord>> read(std::uint64_t, std::size_t,
                                                           std::size_t) const override {
        return std::vector<delivery::StoredRecord>{};
    }
    base::Result<std::optional<wire::ChainHash>> hash_at(std::uint64_t) const override {
        return std::optional<wire::ChainHash>{};
    }
    base::Status reserve(std::uint64_t) override { return base::Done{}; }
    base::Status fork(std::uint64_t) override { return base::Done{}; }
    delivery::Extent extent() const override { return stated; }
    std::uint64_t bytes_after(std::uint64_t) const override { return 0; }
    std::optional<std::string> position(const std::string&) const override { return {}; }

    delivery::Extent stated{};
    bool refuses = false;
    int attempts = 0;
    std::vector<delivery::Flush> appended;
};

}  // namespace agent_test
