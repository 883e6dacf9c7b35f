#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "central/detect/watch/watch.hpp"

namespace detect_test {

using namespace std::chrono_literals;

constexpr base::EventTime kStart{std::chrono::sys_days{std::chrono::year{2026} / 11 / 2}};

/// A series whose every minute is one window, judged as the engine does.
class Minutes {
  public:
    explicit Minutes(detect::Subject subject, detect::limits::Rule rule = {})
        : subject_(std::move(subject)), rule_(rule) {}

    void read(double value, double spread = 0) {
        detect::Glimpse window{.start = now_, .end = now_ + 1min};
        window.count = 1;
        window.mean = window.first = window.last = value;
        window.least = value - spread;
        window.most = value + spread;
        window.first_at = window.last_at = now_ + 5s;
        see(window);
    }
    void fail(std::uint64_t reads, const std::string& why) {
        watch_.fail(subject_, now_, reads, why, found_);
        pass();
    }
    /// The node goes on without the series.
    void skip() { pass(); }
    /// The node is off.
    void sleep(base::Duration length) { now_ += length; }

    void save_and_load() {
        const auto saved = watch_.save();
        state_ = saved.state;
        if (saved.habits) habits_ = *saved.habits;
        watch_ = detect::Watch{state_, habits_};
    }

    /// The same, when one part of what was saved has a form that nobody knows.
    void save_and_load_without(std::size_t part) {
        save_and_load();
        std::size_t at = 0;
        for (std::size_t i = 0; i < part; ++i) {
            std::uint32_t size = 0;
            std::memcpy(&size, state_.data() + at + 1, sizeof size);
            at += 1 + sizeof size + size;
        }
        REQUIRE(at < state_.size());
        state_[at] = 99;
        watch_ = detect::Watch{state_, habits_};
    }

    void declare(detect::Subject subject) { subject_ = std::move(subject); }
    void set(const detect::limits::Rule& rule) { rule_ = rule; }

    const detect::Finding* find(detect::Code code) const {
        const detect::Finding* newest = nullptr;
        for (const auto& [key, finding] : events) {
            if (key.first == code) newest = &finding;
        }
        return newest;
    }

    base::EventTime now() const { return now_; }

    std::map<std::pair<detect::Code, base::EventTime>, detect::Finding> events;
    int changes = 0;  // By the passing of time alone.

  private:
    void see(const detect::Glimpse& window) {
        watch_.see(subject_, rule_, window, found_);
        pass();
    }
    void pass() {
        if (watch_.pass(subject_, before_, now_ + 1min, found_)) ++changes;
        for (auto& finding : found_) events[{finding.code, finding.from}] = finding;
        found_.clear();
        now_ += 1min;
        before_ = now_;
    }

    detect::Subject subject_;
    detect::limits::Rule rule_;
    detect::Watch watch_;
    std::string state_;
    std::string habits_;
    base::EventTime now_ = kStart;
    base::EventTime before_ = kStart;
    std::vector<detect::Finding> found_;
};

}  // namespace detect_test
