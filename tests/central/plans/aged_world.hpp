#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "central/ingest/made_source.hpp"
#include "central/sinks/database_sink.hpp"

namespace plans_test {

/// A database of twelve series in four nodes that has grown for so long: as many windows of each
/// length, single readings, stretches and failures of each series, up to a midnight; findings,
/// alerts and gaps, too. The last node was away for nearly all of that time. What is done to it is
/// about the newest hours, or about as much that is old as in a younger one. Each opens connections
/// of its own, and ends them.
class AgedWorld {
  public:
    AgedWorld(sinks::Address address, std::int64_t windows);

    /// What people and the page ask, each question often enough for plans that are made once for
    /// all values.
    void ask();

    /// Retention: an hour of each series goes.
    void remove();

    /// And again, often.
    void find_nothing_to_remove();

    /// The newest hour of each series is judged, and an earlier one again.
    void judge();

    /// Ten minutes of new records, by a central that has just started; the last node comes back.
    void count();

    const sinks::Address& address() const { return address_; }

  private:
    void add_lines(std::int64_t from_minute, std::int64_t minutes);
    std::uint64_t remove_windows(sinks::DatabaseSink& sink) const;
    std::uint64_t remove_readings(sinks::DatabaseSink& sink) const;
    void count_all();
    void grow();
    void settle();

    sinks::Address address_;
    std::int64_t windows_;
    ingest_test::MadeSource source_;
    std::map<std::string, std::uint64_t> records_;
};

}  // namespace plans_test
