#include "central/live/event_stream.hpp"

#include <fmt/format.h>

namespace live {

EventStream::EventStream(EventLog& log, const base::Clock& clock, const std::string& last_event_id,
                         std::set<std::string> series, EventStreamOptions options)
    : log_(log), clock_(clock), series_(std::move(series)), options_(options) {
    log_.add_reader();
    reached_ = log_.newest();
    if (last_event_id.empty()) return;
    const auto number = log_.parse_id(last_event_id);
    lost_ = !number;
    if (number) reached_ = *number;
}

EventStream::~EventStream() {
    log_.remove_reader(clock_.instant());
}

std::string EventStream::next() {
    const auto now = clock_.instant();
    std::string piece;
    if (!heartbeat_at_) piece = "retry: 2000\n\n";
    if (!heartbeat_at_ || now - *heartbeat_at_ >= options_.heartbeat) write_heartbeat(piece, now);
    if (lost_ || !log_.holds_after(reached_)) write_reset(piece);
    if (!events_at_ || now - *events_at_ >= options_.tick) write_events(piece, now);
    return piece;
}

void EventStream::write_heartbeat(std::string& piece, base::Instant now) {
    // A heartbeat carries an id only when everything before it has been sent.
    const bool caught_up = !lost_ && reached_ == log_.newest();
    if (caught_up) piece += fmt::format("id: {}\n", log_.id_of(reached_));
    piece += fmt::format("event: hb\ndata: {{\"now\":{}}}\n\n",
                         base::to_milliseconds(clock_.event_time()));
    heartbeat_at_ = now;
}

void EventStream::write_reset(std::string& piece) {
    lost_ = false;
    reached_ = log_.newest();
    piece += fmt::format("id: {}\nevent: reset\ndata: {{}}\n\n", log_.id_of(reached_));
}

void EventStream::write_events(std::string& piece, base::Instant now) {
    while (const auto* numbered = log_.after(reached_)) {
        if (piece.size() >= options_.piece_bytes_max)
            return;  // events_at_ stays, so that the rest follows at once.
        const auto& [number, event] = *numbered;
        reached_ = number;
        if (!wants(event)) continue;
        piece += fmt::format("id: {}\nevent: {}\ndata: {}\n\n", log_.id_of(number), event.name,
                             event.data);
    }
    reached_ = log_.newest();  // Beyond the numbers that later events have replaced.
    events_at_ = now;
}

bool EventStream::wants(const Event& event) const {
    return event.series.empty() || series_.empty() || series_.contains(event.series);
}

}  // namespace live
