#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "base/log.hpp"
#include "support/captured.hpp"

namespace support {

/// Warnings of other tests would be counted among the repetitions that the log holds back.
inline void silence_log() {
    base::set_log_level(base::LogLevel::error);
}

/// What is logged while it lives.
class CapturedLog {
  public:
    CapturedLog() { base::set_log_level(base::LogLevel::info); }
    ~CapturedLog() { silence_log(); }
    CapturedLog(const CapturedLog&) = delete;
    CapturedLog& operator=(const CapturedLog&) = delete;

    std::string text() const { return captured_.text(); }
    std::size_t lines() const {
        const auto written = text();
        return static_cast<std::size_t>(std::count(written.begin(), written.end(), '\n'));
    }

    /// The lines that have these words in them.
    std::size_t lines(std::string_view words) const {
        std::size_t count = 0;
        const auto written = text();
        for (auto at = written.find(words); at != std::string::npos;) {
            at = written.find(words, written.find('\n', at));
            ++count;
        }
        return count;
    }

  private:
    support::Captured captured_{2};
};

}  // namespace support
