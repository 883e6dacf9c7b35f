#include "drivers/serial/complaints.hpp"

#include <fmt/format.h>

#include <utility>

#include "drivers/core/names.hpp"

namespace drivers::serial {

namespace {

constexpr base::Duration kReportEvery = std::chrono::minutes{1};

Failure failure(std::string reason, base::Instant now) {
    return {.reason = std::move(reason), .taken = now, .readings = 0};
}

}  // namespace

void Complaints::add(std::string_view kind, std::string_view example, base::Instant now,
                     std::size_t count) {
    auto found = kinds_.find(kind);
    if (found == kinds_.end() && kinds_.size() >= kKindsMax) {
        kind = "other";
        found = kinds_.find(kind);
    }
    if (found != kinds_.end()) {
        found->second.again += count;
        return;
    }
    kinds_.emplace(kind, Kind{.reported = now, .again = count - 1});
    failures_.push_back(failure(
        example.empty() ? std::string{kind} : fmt::format("{}: \"{}\"", kind, shown(example)),
        now));
}

std::vector<Failure> Complaints::take(base::Instant now) {
    for (auto kind = kinds_.begin(); kind != kinds_.end();) {
        if (now - kind->second.reported < kReportEvery) {
            ++kind;
        } else if (kind->second.again == 0) {
            kind = kinds_.erase(kind);
        } else {
            failures_.push_back(
                failure(fmt::format("{} ({} more)", kind->first, kind->second.again), now));
            kind++->second = {.reported = now, .again = 0};
        }
    }
    return std::exchange(failures_, {});
}

}  // namespace drivers::serial
