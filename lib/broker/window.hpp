#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>

namespace broker {

/// Counts the publishes on their way, bounded. Each connection is an epoch of its own: a publish
/// that settles late, for a connection that is gone, changes nothing, so the count cannot leak.
class Window {
  public:
    explicit Window(std::size_t size_max) : size_max_(size_max) {}

    /// Occupies a place; false if there is none left.
    bool enter() {
        const std::lock_guard lock(mutex_);
        if (size_ >= size_max_) return false;
        ++size_;
        return true;
    }

    /// Frees a place that was occupied in that epoch.
    void leave(std::uintptr_t epoch) {
        const std::lock_guard lock(mutex_);
        if (epoch != epoch_ || size_ == 0) return;
        --size_;
        if (size_ == 0) empty_.notify_all();
    }

    /// The connection is gone, and with it everything that was on its way.
    void abandon() {
        const std::lock_guard lock(mutex_);
        ++epoch_;
        size_ = 0;
        empty_.notify_all();
    }

    std::uintptr_t epoch() const {
        const std::lock_guard lock(mutex_);
        return epoch_;
    }

    std::size_t size() const {
        const std::lock_guard lock(mutex_);
        return size_;
    }

    void wait_empty(std::chrono::milliseconds patience) {
        std::unique_lock lock(mutex_);
        empty_.wait_for(lock, patience, [this] { return size_ == 0; });
    }

  private:
    mutable std::mutex mutex_;
    std::condition_variable empty_;
    std::size_t size_max_;
    std::size_t size_ = 0;
    std::uintptr_t epoch_ = 1;
};

}  // namespace broker
