#include "central/detect/watch/watch.hpp"

#include <cstring>

#include "central/detect/watch/saving.hpp"

namespace detect {

namespace {

// One for each form that a state ever had; never used again.
enum Part : std::uint8_t {
    kLimits = 1,
    kSilence = 3,
    kFailing = 5,
    kLessons = 7,
    kHabits = 8,
    kFlat = 9,
    kStuck = 10,
    kOdd = 11,
};

/// Lessons saved on another kind of machine, or half of one, are none.
std::vector<odd::Lesson> read_lessons(const SavedParts& parts) {
    std::vector<odd::Lesson> lessons;
    const auto bytes = parts.find(kLessons);
    if (!bytes || bytes->size() % sizeof(odd::Lesson) != 0) return lessons;
    lessons.resize(bytes->size() / sizeof(odd::Lesson));
    if (!lessons.empty()) std::memcpy(lessons.data(), bytes->data(), bytes->size());
    return lessons;
}

}  // namespace

Watch::Watch(std::string_view state, std::string_view habits) {
    const SavedParts parts{state};
    parts.read(kLimits, limits_);
    parts.read(kFlat, flat_);
    parts.read(kSilence, silence_);
    parts.read(kStuck, stuck_);
    parts.read(kFailing, failing_);
    parts.read(kOdd, odd_);
    lessons_ = read_lessons(parts);
    auto learned = std::make_unique<odd::Habits>();
    const bool has_habits = SavedParts{habits}.read(kHabits, *learned);
    if (!has_habits && lessons_.empty()) return;
    habits_ = std::move(learned);
    for (const auto& lesson : lessons_) habits_->learn(lesson);
}

void Watch::see(const Subject& subject, const limits::Rule& rule, const Glimpse& window,
                std::vector<Finding>& findings) {
    limits_.see(subject, rule, window, findings);
    flat_.see(subject, window, findings);
    silence_.see(subject, window, findings);
    stuck_.see(subject, window, findings);
    failing_.see(subject, window, findings);
    if (subject.is_state) return odd_.leave(subject, window, findings);
    learn(subject, window, findings);
}

void Watch::fail(const Subject& subject, base::EventTime at, std::uint64_t reads,
                 const std::string& reason, std::vector<Finding>& findings) {
    failing_.fail(subject, at, reads, reason, findings);
}

void Watch::learn(const Subject& subject, const Glimpse& window, std::vector<Finding>& findings) {
    if (!habits_) habits_ = std::make_unique<odd::Habits>();
    lessons_.push_back(odd::lesson_of(window));
    odd_.see(subject, window, *habits_, findings);
}

bool Watch::pass(const Subject& subject, base::EventTime before, base::EventTime now,
                 std::vector<Finding>& findings) {
    const bool is_silence_changed = silence_.pass(subject, before, now, findings);
    const bool is_stuck_changed = stuck_.pass(subject, now, findings);
    return is_silence_changed || is_stuck_changed;
}

Saved Watch::save() {
    Saved saved;
    if (habits_ && lessons_.size() >= kLessonsMax) {
        SavedParts::add(saved.habits.emplace(), kHabits, *habits_);
        lessons_.clear();
    }
    SavedParts::add(saved.state, kLimits, limits_);
    SavedParts::add(saved.state, kFlat, flat_);
    SavedParts::add(saved.state, kSilence, silence_);
    SavedParts::add(saved.state, kStuck, stuck_);
    SavedParts::add(saved.state, kFailing, failing_);
    SavedParts::add(saved.state, kOdd, odd_);
    SavedParts::add_bytes(
        saved.state, kLessons,
        {reinterpret_cast<const char*>(lessons_.data()), lessons_.size() * sizeof(odd::Lesson)});
    return saved;
}

}  // namespace detect
