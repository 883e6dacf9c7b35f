#include "delivery/uplink/batch_limit.hpp"

#include <algorithm>

namespace delivery {

namespace {

constexpr base::Duration kGrowEvery = std::chrono::hours{1};

}  // namespace

void BatchLimit::begin_session(std::size_t told) {
    told = std::clamp(told, std::size_t{1}, wire::kBatchBytesMax);
    if (told == told_) return;
    told_ = told;
    bytes_ = told;
    forget_oldest();
}

void BatchLimit::tick(base::Instant now) {
    if (bytes_ == told_ || now < grows_) return;
    bytes_ = std::min(told_, bytes_ * 2);
    grows_ = now + kGrowEvery;
    forget_oldest();
}

bool BatchLimit::refuse(std::size_t too_many, base::Instant now) {
    if (too_many > bytes_) return false;
    bytes_ = std::max(too_many / 2, std::size_t{1});
    grows_ = now + kGrowEvery;
    forget_oldest();
    return true;
}

void BatchLimit::note_sent(const SentBatch& batch) {
    if (oldest_ && batch.first > oldest_->first) return;
    if (oldest_ && batch.first < oldest_->first) forget_oldest();
    oldest_ = batch;
    ++times_;
}

void BatchLimit::note_answer(std::uint64_t durable) {
    if (!oldest_ || durable >= oldest_->first) return forget_oldest();
    is_answered_ = is_answered_ || times_ > 1;
}

void BatchLimit::forget_oldest() {
    oldest_.reset();
    times_ = 0;
    is_answered_ = false;
}

}  // namespace delivery
