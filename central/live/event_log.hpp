#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/clock.hpp"

namespace live {

struct EventLogOptions {
    /// How long a reader can still resume from an event.
    base::Duration age_max = std::chrono::minutes{5};
    std::size_t events_max = 20'000;
    std::size_t bytes_max = 16 * 1024 * 1024;
};

/// One thing that changed, in its newest form.
struct Event {
    std::string key;     // What changed. A later event of the same key replaces this one.
    std::string name;    // The event's type: "node", "window".
    std::string series;  // Of a window: "attic/climate.temperature"; else empty.
    std::string data;    // One line of JSON.
    base::Instant at;
};

/// The newest event of everything that changed lately, numbered 1, 2, 3 … A reader needs only the
/// number that it has reached; whether it was slow or away makes no difference. So a slow reader
/// finds one event for each key, however often the key changed meanwhile, and needs no memory of
/// its own. Does no I/O.
class EventLog {
  public:
    /// `epoch` names this run of the program, so that numbers of an earlier run are not mistaken
    /// for ours.
    EventLog(std::string epoch, EventLogOptions options = {});

    /// Replaces the event of the same key, if any.
    void publish(Event event);

    /// Drops all events: readers that have not seen them must ask again.
    void forget_all();

    /// The number of the newest event; 0 before the first.
    std::uint64_t newest() const { return newest_; }

    /// Whether everything after this number is still here.
    bool holds_after(std::uint64_t number) const { return number >= forgotten_; }

    /// The first event after that number, or nullptr.
    const std::pair<const std::uint64_t, Event>* after(std::uint64_t number) const;

    /// "<epoch>:<number>"
    std::string id_of(std::uint64_t number) const;

    /// The number of an id of this epoch; nothing for any other text.
    std::optional<std::uint64_t> parse_id(std::string_view id) const;

    std::size_t size() const { return events_.size(); }
    std::size_t bytes() const { return bytes_; }

    /// Whether a reader is connected or may resume; otherwise nothing needs to be published.
    std::size_t readers() const { return readers_; }
    void add_reader() { ++readers_; }
    void remove_reader(base::Instant now);
    bool anybody_may_read(base::Instant now) const;

  private:
    void erase(std::map<std::uint64_t, Event>::iterator position);
    void trim(base::Instant now);

    std::string epoch_;
    EventLogOptions options_;
    std::map<std::uint64_t, Event> events_;
    std::unordered_map<std::string, std::uint64_t> numbers_;  // Of the newest event of each key.
    std::uint64_t newest_ = 0;
    std::uint64_t forgotten_ = 0;  // The highest number dropped for age or room.
    std::size_t bytes_ = 0;
    std::size_t readers_ = 0;
    std::optional<base::Instant> last_reader_;
};

}  // namespace live
