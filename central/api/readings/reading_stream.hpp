#pragma once

#include <cstddef>
#include <string>

#include "central/http/message.hpp"
#include "central/sinks/query.hpp"
#include "central/views/readings/reading_text.hpp"

namespace api {

/// Single readings of a range as they are read from the store, page by page: it holds one page at a
/// time, whatever the range is. What is committed meanwhile is among them if its time is still to
/// come.
class ReadingStream final : public http::Stream {
  public:
    /// Readings read at once. So long does nothing else happen.
    static constexpr std::size_t kPage = 2'000;

    /// `begin` and `end` stand around the readings.
    ReadingStream(sinks::Query& query, sinks::ReadingRange range, views::ReadingText text,
                  std::string begin, std::string end);

    std::string next() override;
    State state() const override { return state_; }

  private:
    sinks::Query& query_;
    sinks::ReadingRange range_;
    views::ReadingText text_;
    std::string begin_;
    std::string end_;
    State state_ = State::open;
};

}  // namespace api
