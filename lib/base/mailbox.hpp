#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "base/ensure.hpp"

namespace base {

/// A bounded queue from a library's thread to our tick. Never blocks: what does not fit is refused
/// and counted, and the sender's protocol makes up for it.
template <class T>
class Mailbox {
  public:
    explicit Mailbox(std::size_t size_max) : size_max_(size_max) { ENSURE(size_max > 0); }

    bool put(T letter) {
        const std::lock_guard lock(mutex_);
        if (letters_.size() >= size_max_) {
            ++refused_;
            return false;
        }
        letters_.push_back(std::move(letter));
        return true;
    }

    std::optional<T> take() {
        const std::lock_guard lock(mutex_);
        if (letters_.empty()) return std::nullopt;
        std::optional<T> letter{std::move(letters_.front())};
        letters_.pop_front();
        return letter;
    }

    std::size_t size() const {
        const std::lock_guard lock(mutex_);
        return letters_.size();
    }

    std::uint64_t refused() const {
        const std::lock_guard lock(mutex_);
        return refused_;
    }

  private:
    mutable std::mutex mutex_;
    std::deque<T> letters_;
    std::size_t size_max_;
    std::uint64_t refused_ = 0;
};

}  // namespace base
