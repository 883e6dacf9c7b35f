#include "base/reminder.hpp"

namespace base {

bool Reminder::is_due(std::string_view text, Instant now) {
    const bool is_news = text != said_;
    const bool is_old = !text.empty() && every_ && now - said_at_ >= *every_;
    if (!is_news && !is_old) return false;
    said_ = text;
    said_at_ = now;
    return true;
}

}  // namespace base
