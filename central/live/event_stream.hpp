#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "base/clock.hpp"
#include "central/http/message.hpp"
#include "central/live/event_log.hpp"

namespace live {

struct EventStreamOptions {
    base::Duration tick = std::chrono::seconds{1};  // Between two pieces with events.
    base::Duration heartbeat = std::chrono::seconds{3};
    std::size_t piece_bytes_max = 256 * 1024;  // A longer piece is cut; the rest follows at once.
};

/// The event stream of one reader (text/event-stream, HTML Standard §9.2): a heartbeat at once and
/// every three seconds, and what has changed since the number that this reader has reached. The log
/// must outlive it.
class EventStream final : public http::Stream {
  public:
    /// `last_event_id` is what the browser sends; empty for a new reader. `series` limits the
    /// window events; empty for all of them.
    EventStream(EventLog& log, const base::Clock& clock, const std::string& last_event_id,
                std::set<std::string> series, EventStreamOptions options = {});
    ~EventStream() override;
    EventStream(const EventStream&) = delete;
    EventStream& operator=(const EventStream&) = delete;

    std::string next() override;

  private:
    void write_heartbeat(std::string& piece, base::Instant now);
    void write_reset(std::string& piece);
    void write_events(std::string& piece, base::Instant now);
    bool wants(const Event& event) const;

    EventLog& log_;
    const base::Clock& clock_;
    std::set<std::string> series_;
    EventStreamOptions options_;
    std::uint64_t reached_ = 0;
    bool lost_ = false;  // The reader's id is none that we can resume from.
    std::optional<base::Instant> heartbeat_at_;
    std::optional<base::Instant> events_at_;
};

}  // namespace live
