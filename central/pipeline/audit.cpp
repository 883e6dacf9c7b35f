#include "central/pipeline/audit.hpp"

namespace central {

base::Result<std::vector<ingest::AppliedMark>> Audit::next(base::Instant now) {
    if (due_at_ && now < *due_at_) return std::vector<ingest::AppliedMark>{};
    auto page = source_.survey(from_);
    if (!page) {
        from_.clear();
        due_at_ = now + every_;
        return page.error();
    }
    from_ = page.value().next;
    if (from_.empty()) due_at_ = now + every_;
    return std::move(page).value().applied;
}

void Audit::start_again() {
    from_.clear();
    due_at_.reset();
}

}  // namespace central
