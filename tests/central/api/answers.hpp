#pragma once

#include <memory>
#include <string>
#include <utility>

#include "base/ensure.hpp"
#include "central/api/router.hpp"
#include "central/sinks/alerts/alert_book.hpp"
#include "central/sinks/database_query.hpp"
#include "central/sinks/jobs/job_journal.hpp"
#include "support/manual_clock.hpp"

namespace api_test {

/// Central's answers from a database that is there, put together as its service does it, at a time
/// that stands still.
class Answers {
  public:
    Answers(const sinks::Address& address, base::EventTime now)
        : clock_{now}, query_{open(address)}, book_{address}, journal_{address} {}

    http::Response get(const std::string& target) {
        return router_.answer({.method = "GET",
                               .target = target,
                               .host = "localhost",
                               .local_address = "127.0.0.1",
                               .if_none_match = {},
                               .last_event_id = {}});
    }

  private:
    static std::unique_ptr<sinks::DatabaseQuery> open(const sinks::Address& address) {
        auto opened = sinks::DatabaseQuery::open(address);
        ENSURE(opened);
        return std::move(opened).value();
    }

    support::ManualClock clock_;
    std::unique_ptr<sinks::DatabaseQuery> query_;
    sinks::AlertBook book_;
    sinks::JobJournal journal_;
    views::NodePresences presences_;
    api::Health health_;
    base::Counters counters_;
    live::EventLog events_{"e1"};
    api::Router router_{{.query = *query_,
                         .presences = presences_,
                         .health = health_,
                         .counters = counters_,
                         .clock = clock_,
                         .events = events_,
                         .assets = {},
                         .alerts = &book_,
                         .jobs = {.journal = &journal_, .plans = {}}},
                        {}};
};

}  // namespace api_test
