// Goal: thirty days without the centre cost detail, not history: what the quota holds is complete
// at the promised resolution, every reading is counted once or declared as evicted, and the node
// needs no more memory on the last day than on the third.
// Method: a node's sensors in simulated time, the real outbox on a file, at three quotas; then the
// link comes back and everything goes through the real uplink, bridge, engine and sink. More or
// fewer days: DAYS=n.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <malloc.h>

#include <cmath>
#include <cstdlib>
#include <iostream>
#include <limits>

#include "central/database/place.hpp"
#include "central/sinks/database_query.hpp"
#include "delivery/outbox/sqlite_outbox.hpp"
#include "delivery/records/failed_lines.hpp"
#include "delivery/records/record_lines.hpp"
#include "delivery/uplink/uplink.hpp"
#include "simulation/centre.hpp"
#include "simulation/lossy_broker.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace std::chrono_literals;

constexpr base::Duration kFlush = 30s;
constexpr std::int64_t kDayMs = 86'400'000;

const std::vector<std::string> kSeries{"sonar.distance", "climate.temperature", "climate.humidity",
                                       "host.cpu",       "host.memory",         "door.motion"};

std::int64_t days() {
    const char* text = std::getenv("DAYS");
    return text != nullptr ? std::stoll(text) : 30;
}

/// The truth in bounded memory: the readings of every series, hour by hour.
struct Hour {
    std::uint64_t count = 0;
    double least = std::numeric_limits<double>::max();
    double most = std::numeric_limits<double>::lowest();
    double first = 0;
    double last = 0;

    void add(double value) {
        if (count++ == 0) first = value;
        least = std::min(least, value);
        most = std::max(most, value);
        last = value;
    }
};

/// The node's sensors: a sonar every second, a DHT every ten seconds, the host every minute, a door
/// that opens now and then, and one fault an hour.
class Sensors {
  public:
    explicit Sensors(std::int64_t begin_ms) : begin_ms_(begin_ms) {
        hours.resize(kSeries.size());
        for (auto& list : hours) list.resize(static_cast<std::size_t>(24 * (days() + 2)));
    }

    /// The readings of the next thirty seconds.
    delivery::Flush flush(std::int64_t from_ms) {
        std::vector<delivery::PendingReading> readings;
        for (std::int64_t second = 0; second < kFlush / 1s; ++second) {
            const auto at = from_ms + 1000 * second;
            const auto day = static_cast<double>(at - begin_ms_) / static_cast<double>(kDayMs);
            take(readings, 0, at, std::round(1200 + 300 * std::sin(9 * day) + noise(20)) / 1000);
            if (second % 10 == 0) {
                take(readings, 1, at + 3, std::round(200 + 50 * std::sin(6.28 * day)) / 10);
                take(readings, 2, at + 3, std::round(450 + 90 * std::cos(6.28 * day)) / 10);
            }
            if (at / 1000 % 60 == 0) {
                take(readings, 3, at + 5, std::round(noise(900)) / 10);
                take(readings, 4, at + 5, std::round(400 + noise(50)) / 10);
            }
            if (random_.chance(1, 200)) take(readings, 5, at + 7, noise(1) < 0.5 ? 0 : 1);
        }
        delivery::Flush flush;
        delivery::add_data_lines(readings, kSeries, {}, flush);
        if (from_ms % 3'600'000 == 0) add_fault(from_ms, flush);
        if (random_.chance(1, 10)) add_failures(from_ms, flush);
        return flush;
    }

    static void declare(delivery::Flush& flush, base::EventTime at) {
        for (const auto& series : kSeries) {
            delivery::add_line({.body = wire::SeriesDeclaration{.series = series,
                                                                .quantity = "x",
                                                                .unit = "/",
                                                                .driver = "simulated",
                                                                .least = {},
                                                                .most = {},
                                                                .resolution = {},
                                                                .period = {}},
                                .origin = {}},
                               at, flush);
        }
    }

    std::uint64_t taken = 0;
    std::uint64_t failed = 0;
    std::vector<std::vector<Hour>> hours;  // By series, then by hour since the beginning.

  private:
    double noise(double most) { return most * static_cast<double>(random_.below(1000)) / 1000; }

    void take(std::vector<delivery::PendingReading>& readings, std::size_t series, std::int64_t at,
              double value) {
        readings.push_back({.series = series, .at_ms = at, .value = value});
        hours[series][static_cast<std::size_t>((at - begin_ms_) / 3'600'000)].add(value);
        ++taken;
    }

    static void add_fault(std::int64_t at_ms, delivery::Flush& flush) {
        const auto at = base::from_milliseconds(at_ms);
        delivery::add_line({.body = wire::SensorFault{.at = at,
                                                      .clock = wire::ClockState::synced,
                                                      .boot = {},
                                                      .sensor = "climate",
                                                      .reason = "checksum",
                                                      .edges_us = {1, 2, 3}},
                            .origin = {}},
                           at, flush);
    }

    void add_failures(std::int64_t at_ms, delivery::Flush& flush) {
        delivery::FailedCounts counts;
        for (const auto* reason : {"checksum", "no response"}) {
            const auto at = base::from_milliseconds(at_ms + 10'000);
            counts[{.start = at, .series = kSeries[1], .reason = reason}] = 1 + random_.below(5);
            failed += counts[{.start = at, .series = kSeries[1], .reason = reason}];
        }
        delivery::add_failed_lines(
            counts,
            [](base::EventTime start) {
                return wire::Failed{.at = start,
                                    .clock = wire::ClockState::synced,
                                    .boot = {},
                                    .span = 10s,
                                    .columns = {}};
            },
            flush);
    }

    std::int64_t begin_ms_;
    base::Random random_{3};
};

/// One node and the centre, with a link that can be cut.
class Line {
  public:
    Line(const std::string& folder, std::uint64_t quota)
        : begin_ms_(base::to_milliseconds(clock_.event_time())),
          sensors(begin_ms_),
          database(folder + "/centre.db"),
          relay_(random_),
          centre_(relay_, clock_, database, random_),
          connection_(relay_, {wire::Topics{}.ack("node")}) {
        delivery::SqliteOutboxOptions options;
        options.path = folder + "/outbox.db";
        options.node = "node";
        options.quota = quota;
        auto opened = delivery::SqliteOutbox::open(options);
        REQUIRE(opened);
        outbox = std::move(opened).value();
        delivery::UplinkOptions uplink;
        uplink.node = "node";
        uplink.data_topic = wire::Topics{}.data("node");
        uplink_.emplace(uplink, *outbox, connection_, clock_, counters_, 5);
    }

    void measure() {
        auto flush = sensors.flush(base::to_milliseconds(clock_.event_time()));
        if (!declared_) Sensors::declare(flush, clock_.event_time());
        declared_ = true;
        flush.settled = uplink_->settled();
        REQUIRE(outbox->append(flush));
    }

    void tick(base::Duration step) {
        clock_.advance(step);
        connection_.tick(clock_.instant());
        while (const auto message = connection_.take()) {
            uplink_->on_ack(message->payload, clock_.instant());
        }
        uplink_->tick(clock_.instant());
        relay_.deliver(64);
        centre_.tick();
        relay_.deliver(64);
    }

    void lose_link() { relay_.crash(); }
    void restore_link() { relay_.start(); }
    void wait(base::Duration step) { clock_.advance(step); }
    bool is_delivered() const { return uplink_->applied() == outbox->extent().head; }
    std::int64_t begin_ms() const { return begin_ms_; }

  private:
    support::ManualClock clock_{base::from_milliseconds(1'763'640'000'000 / kDayMs * kDayMs)};
    std::int64_t begin_ms_;
    base::Random random_{1};

  public:
    Sensors sensors;
    std::string database;
    std::unique_ptr<delivery::SqliteOutbox> outbox;

  private:
    simulation::LossyBroker relay_;
    simulation::Centre centre_;
    simulation::SimulatedConnection connection_;
    base::Counters counters_;
    std::optional<delivery::Uplink> uplink_;
    bool declared_ = false;
};

/// Hours with readings, summed over the series, from that one on.
std::uint64_t hours_taken(const Sensors& sensors, std::size_t from = 0) {
    std::uint64_t taken = 0;
    for (const auto& list : sensors.hours) {
        for (auto i = from; i < list.size(); ++i) taken += list[i].count > 0 ? 1U : 0U;
    }
    return taken;
}

/// Where the last two days begin.
std::size_t recent_from(const Sensors& sensors) {
    auto hours = sensors.hours.front().size();
    while (hours > 0 && sensors.hours.front()[hours - 1].count == 0) --hours;
    return hours - std::min<std::size_t>(hours, 48);
}

/// How much the centre has of an hour: all of it, or less.
struct Found {
    std::uint64_t counted = 0;
    std::uint64_t whole = 0;   // Hours.
    std::uint64_t recent = 0;  // Those of the last two days.
    std::uint64_t partly = 0;
    std::uint64_t minutes = 0;  // Windows of a minute.
    std::uint64_t evicted = 0;  // Readings, by the gap records.
    std::uint64_t failed = 0;   // Readings, in windows of an hour.
};

Found found_at_centre(const Line& line) {
    Found found;
    auto query = sinks::DatabaseQuery::open(central_test::place(line.database));
    REQUIRE(query);
    const auto windows = [&](const std::string& series, base::Duration span) {
        auto rows = query.value()->windows({.node = "node",
                                            .series = series,
                                            .span = span,
                                            .from = base::from_milliseconds(0),
                                            .to = base::from_milliseconds(8'000'000'000'000),
                                            .rows_max = 1'000'000});
        REQUIRE(rows);
        return std::move(rows).value();
    };
    for (std::size_t series = 0; series < kSeries.size(); ++series) {
        found.minutes += windows(kSeries[series], 1min).size();
        for (const auto& [start, row] : windows(kSeries[series], 1h)) {
            const auto hour = (base::to_milliseconds(start) - line.begin_ms()) / 3'600'000;
            const auto& wanted = line.sensors.hours[series].at(static_cast<std::size_t>(hour));
            CAPTURE(kSeries[series]);
            CAPTURE(hour);
            found.counted += row.summary.count;
            found.failed += row.failed;
            REQUIRE(row.summary.count <= wanted.count);
            if (row.summary.count < wanted.count) {
                ++found.partly;
                continue;
            }
            ++found.whole;
            found.recent += static_cast<std::size_t>(hour) >= recent_from(line.sensors) ? 1U : 0U;
            CHECK(row.summary.min == wanted.least);
            CHECK(row.summary.max == wanted.most);
            CHECK(row.summary.first == wanted.first);
            CHECK(row.summary.last == wanted.last);
        }
    }
    const auto gaps = query.value()->gaps("node", base::EventTime::min(), base::EventTime::max());
    REQUIRE(gaps);
    for (const auto& gap : gaps.value()) {
        if (gap.reason == "evicted") found.evicted += gap.readings.value_or(0);
    }
    return found;
}

}  // namespace

TEST_SUITE("simulation/outage") {
    TEST_CASE("thirty days without the centre cost detail, not history") {
        for (const std::uint64_t mebibytes : {1U, 4U, 16U}) {
            CAPTURE(mebibytes);
            const support::TemporaryFolder folder;
            Line line{folder.path().string(), mebibytes << 20U};
            for (int i = 0; i < 60; ++i) {  // Half an hour with a centre.
                line.measure();
                line.tick(kFlush / 2);
                line.tick(kFlush / 2);
            }
            line.measure();
            line.tick(kFlush);  // Sent, and never answered.
            line.lose_link();
            std::size_t early = 0;
            std::size_t late = 0;
            const auto flushes = days() * kDayMs / kFlush.count();
            for (std::int64_t i = 0; i < flushes; ++i) {
                line.measure();
                line.wait(kFlush);
                if (i == flushes / 10) early = mallinfo2().uordblks;
                if (i == flushes - 1) late = mallinfo2().uordblks;
            }
            const auto extent = line.outbox->extent();
            CHECK(extent.bytes <= extent.quota);
            line.restore_link();
            int ticks = 0;
            while (!line.is_delivered() && ++ticks < 200'000) line.tick(250ms);
            REQUIRE(line.is_delivered());

            const auto found = found_at_centre(line);
            const auto hours = hours_taken(line.sensors);
            std::cout << fmt::format(
                "{} MiB: {} readings taken, {} at the centre, {} evicted; hours whole {} of {}, "
                "partly "
                "{}; windows of a minute {}; thinned {} records, {} stored; memory {} KiB on day "
                "{}, "
                "{} KiB at the end; {} ticks to deliver\n",
                mebibytes, line.sensors.taken, found.counted, found.evicted, found.whole, hours,
                found.partly, found.minutes, extent.thinned, extent.records_after(0), early / 1024,
                days() / 10, late / 1024, ticks);
            CHECK(line.sensors.taken == found.counted + found.evicted);
            CHECK(extent.thinned > 0);
            CHECK(found.recent == hours_taken(line.sensors, recent_from(line.sensors)));
            CHECK(late < early + (std::size_t{1} << 20U));
            if (mebibytes > 1) {
                CHECK(found.evicted == 0);
                CHECK(found.failed == line.sensors.failed);
                CHECK(found.whole == hours);
            } else {
                CHECK(found.whole * 10 > hours);
                CHECK(found.partly < found.whole);  // The oldest hours went first.
            }
        }
    }
}
