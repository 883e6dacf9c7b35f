#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/reminder.hpp"
#include "drivers/mqtt/formats/decoder.hpp"

namespace drivers::mqtt {

/// Tells the operator in the log, once, what the configuration passes over: numbers that nobody
/// asked for, and devices that share a series. Bounded, whatever arrives.
class Remarks {
  public:
    /// `by` is what the configuration has there already.
    explicit Remarks(std::vector<std::string> by = {}) : by_(std::move(by)) {}

    void accept(std::string_view topic, const Decoded& decoded);

    /// That several devices share a series, for the node's status: at once, and again after an hour
    /// while they do. Nothing when all is well, or it was said.
    std::optional<std::string> take_trouble(base::Instant now);

  private:
    void tell_passed_over(std::string_view topic, const std::vector<PassedOver>& numbers);
    void tell_note(std::string_view topic, const Note& note);
    std::vector<const Identity*> changed(std::string_view topic,
                                         const std::vector<Identity>& identities);
    void propose(const std::vector<const Identity*>& changes);
    void watch(std::string_view topic, const std::vector<Identity>& identities);

    std::vector<std::string> by_;                      // As it should be, after all that was told.
    std::set<std::uint64_t> told_;                     // Hashes of the keys of numbers.
    std::set<std::string, std::less<>> noted_;         // Events of notes.
    std::set<std::string, std::less<>> varying_;       // Lines of members.
    std::map<std::uint64_t, std::string> identities_;  // The first text, by a place's hash.
    std::string trouble_;
    base::Reminder reminder_{std::chrono::hours{1}};
    bool told_all_ = false;
};

}  // namespace drivers::mqtt
