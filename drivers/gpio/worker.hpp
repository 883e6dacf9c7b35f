#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "base/mailbox.hpp"

namespace drivers::gpio {

/// A thread that does one job at a time and leaves each outcome in a mailbox. Neither start() nor
/// take() waits for it.
template <class Job, class Outcome>
class Worker {
  public:
    /// `work` runs in the thread, and should give up soon after `stopping` becomes true.
    using Stopping = std::function<bool()>;
    using Work = std::function<Outcome(const Job&, const Stopping& stopping)>;

    Worker(Work work, std::size_t outcomes_max)
        : work_(std::move(work)), outcomes_(outcomes_max), thread_([this] { run(); }) {}
    ~Worker() {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        changed_.notify_all();
        thread_.join();
    }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// False while the last job is still running.
    bool start(Job job) {
        const std::lock_guard lock(mutex_);
        if (busy_) return false;
        busy_ = true;
        job_ = std::move(job);
        changed_.notify_all();
        return true;
    }

    std::optional<Outcome> take() { return outcomes_.take(); }

  private:
    void run() {
        const Stopping stopping = [this] {
            const std::lock_guard lock(mutex_);
            return stopping_;
        };
        while (const auto job = next()) {
            outcomes_.put(work_(*job, stopping));
            const std::lock_guard lock(mutex_);
            busy_ = false;
        }
    }

    std::optional<Job> next() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return stopping_ || job_; });
        if (stopping_) return std::nullopt;
        return std::exchange(job_, std::nullopt);
    }

    Work work_;
    base::Mailbox<Outcome> outcomes_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<Job> job_;
    bool busy_ = false;
    bool stopping_ = false;
    std::thread thread_;  // Last: it uses the others.
};

}  // namespace drivers::gpio
