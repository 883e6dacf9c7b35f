#include "central/detect/failing/failing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <type_traits>

#include "base/text.hpp"
#include "central/detect/core/phrase.hpp"

namespace detect::failing {

static_assert(std::is_trivially_copyable_v<Failing>);

namespace {

using namespace std::chrono_literals;

constexpr base::Duration kMemory = 10min;
constexpr int kMemoryPeriods = 20;
constexpr double kLeastReads = 5;  // A sensor that is read seldom may fail a few times.
constexpr double kOpens = 0.5;     // Share of failed reads,
constexpr double kCloses = 0.2;

}  // namespace

void Failing::see(const Subject& subject, const Glimpse& window, std::vector<Finding>& findings) {
    fade(subject, window.start);
    good_ += static_cast<double>(window.count);
    if (!episode_.is_open() || share() > kCloses) return;
    episode_.close(window.first_at);
    findings.push_back(finding(subject));
}

void Failing::fail(const Subject& subject, base::EventTime at, std::uint64_t reads,
                   const std::string& reason, std::vector<Finding>& findings) {
    fade(subject, at);
    bad_ += static_cast<double>(reads);
    note_reason(reason);
    if (!episode_.is_open()) {
        if (bad_ < kLeastReads || share() < kOpens) return;
        episode_.open(at, at, share());
    }
    episode_.go_on(at);
    episode_.note(at, share());
    findings.push_back(finding(subject));
}

void Failing::fade(const Subject& subject, base::EventTime at) {
    if (at <= seen_at_) return;
    const auto memory =
        std::max(kMemory, kMemoryPeriods * subject.period.value_or(base::Duration{0}));
    const double rest = std::exp(-static_cast<double>((at - seen_at_).count()) /
                                 static_cast<double>(memory.count()));
    good_ *= rest;
    bad_ *= rest;
    seen_at_ = at;
}

void Failing::note_reason(const std::string& reason) {
    reason_.fill('\0');
    const auto text = base::shortened(reason, reason_.size() - 1);
    std::copy_n(text.begin(), std::min(text.size(), reason_.size() - 1), reason_.begin());
}

Finding Failing::finding(const Subject& subject) const {
    auto finding = episode_.finding(Code::failing);
    finding.sentence = fmt::format("{}: {:.0f} % of the reads failed at {}, since {}; mostly: {}",
                                   subject.name, 100 * finding.value, time_text(finding.at),
                                   time_text(finding.from), reason_.data());
    if (finding.ended) {
        finding.sentence +=
            fmt::format("; well again after {}", length_text(*finding.ended - finding.from));
    }
    finding.parameters = {{"failed_share", finding.value}};
    return finding;
}

}  // namespace detect::failing
