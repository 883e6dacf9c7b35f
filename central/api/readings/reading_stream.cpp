#include "central/api/readings/reading_stream.hpp"

#include <utility>

#include "base/log.hpp"

namespace api {

ReadingStream::ReadingStream(sinks::Query& query, sinks::ReadingRange range,
                             views::ReadingText text, std::string begin, std::string end)
    : query_(query),
      range_(std::move(range)),
      text_(std::move(text)),
      begin_(std::move(begin)),
      end_(std::move(end)) {
    range_.readings_max = kPage;
}

std::string ReadingStream::next() {
    if (state_ != State::open) return {};
    const auto readings = query_.readings(range_);
    if (!readings) {
        base::log_warn("an answer breaks off", {{"reason", readings.error().detail}});
        state_ = State::broken;
        return {};
    }
    auto piece = std::exchange(begin_, {});
    for (const auto& reading : readings.value()) text_.add(piece, reading);
    if (readings.value().size() < kPage) {
        piece += end_;
        state_ = State::over;
    } else {
        range_.after = readings.value().back().place;
    }
    return piece;
}

}  // namespace api
