#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <string>

namespace broker {

/// The topics on which the broker refused the last message that it answered. Bounded. May be called
/// from any thread.
class Refusals {
  public:
    static constexpr std::size_t kTopicsMax = 64;

    /// `code` is the broker's reason code.
    void note_refused(const std::string& topic, int code) {
        const std::lock_guard lock(mutex_);
        if (codes_.size() < kTopicsMax || codes_.contains(topic)) codes_[topic] = code;
    }
    void note_taken(const std::string& topic) {
        const std::lock_guard lock(mutex_);
        codes_.erase(topic);
    }
    void clear() {
        const std::lock_guard lock(mutex_);
        codes_.clear();
    }

    /// 0 for a topic that is not refused.
    int code(const std::string& topic) const {
        const std::lock_guard lock(mutex_);
        const auto found = codes_.find(topic);
        return found == codes_.end() ? 0 : found->second;
    }

  private:
    mutable std::mutex mutex_;
    std::map<std::string, int> codes_;
};

}  // namespace broker
