// Goal: under pressure detail goes before history, nothing that may have been sent is thinned, and
// the books balance to the reading.
// Method: a node's flushes go into the outbox in memory and into the one on disk; what is stored is
// decoded again and compared, quarter of an hour by quarter of an hour, with what was appended.

#include "delivery/outbox/sqlite_setup.hpp"
#include "delivery/records/span_fold.hpp"
#include "lib/delivery/outbox/outbox_fixture.hpp"

using namespace outbox_test;

namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kQuarterMs = 15 * kMinuteMs;
constexpr std::int64_t kBeginMs = 1'763'640'000'000 / kQuarterMs * kQuarterMs;

using Window = std::pair<std::string, std::int64_t>;  // Series, start of the quarter.

/// What readings and partials add up to, quarter by quarter.
class Tally {
  public:
    void add(const std::string& line) {
        const auto record = wire::decode_record(line);
        REQUIRE(record);
        if (const auto* gap = std::get_if<wire::Gap>(&record.value().body)) {
            if (gap->reason == wire::GapReason::evicted) evicted += gap->readings;
            if (gap->reason == wire::GapReason::thinned) ++thinned_gaps;
        }
        const auto* data = std::get_if<wire::Data>(&record.value().body);
        if (data == nullptr) return;
        readings += data->readings();
        for (const auto& column : data->columns) {
            auto& fold = folds.try_emplace(column.series, std::chrono::minutes{15}).first->second;
            if (const auto* raw = std::get_if<wire::RawColumn>(&column.points)) {
                for (std::size_t i = 0; i < raw->values.size(); ++i) {
                    fold.add(data->at + base::Duration{raw->dt_ms[i]}, raw->values[i]);
                }
                continue;
            }
            const auto& partial = std::get<wire::PartialColumn>(column.points);
            spans[partial.span.count()] += partial.summaries.size();
            fold.merge(partial, data->at);
        }
    }

    void add_all(const Outbox& outbox) {
        for (const auto& record : all(outbox)) add(record.line);
    }

    std::map<Window, delivery::Partial> windows() {
        std::map<Window, delivery::Partial> windows;
        for (auto& [series, fold] : folds) {
            for (auto& partial : fold.take_all()) {
                windows[{series, base::to_milliseconds(partial.start)}] = std::move(partial);
            }
        }
        return windows;
    }

    std::uint64_t readings = 0;
    std::uint64_t evicted = 0;
    std::uint64_t thinned_gaps = 0;
    std::map<std::int64_t, std::size_t> spans;  // Partials by the length of their span.
    std::map<std::string, delivery::SpanFold> folds;
};

void check_same_history(Tally& stored, Tally& appended) {
    const auto found = stored.windows();
    const auto wanted = appended.windows();
    REQUIRE(found.size() == wanted.size());
    for (const auto& each : wanted) {
        const auto& window = each.first;
        const auto& partial = each.second;
        CAPTURE(window.first);
        CAPTURE(window.second);
        REQUIRE(found.contains(window));
        const auto& other = found.at(window);
        auto exact = other.summary;
        CHECK(exact.sum == doctest::Approx(partial.summary.sum).epsilon(1e-12));
        CHECK(exact.sumsq == doctest::Approx(partial.summary.sumsq).epsilon(1e-12));
        exact.sum = partial.summary.sum;
        exact.sumsq = partial.summary.sumsq;
        CHECK(exact == partial.summary);
        CHECK(other.sketch == partial.sketch);
    }
}

/// A node with a fast, an ordinary and a slow sensor: a flush every ten seconds of five records.
class Node {
  public:
    Flush flush(std::uint64_t settled = 0) {
        Flush flush;
        for (int record = 0; record < 5; ++record, seconds_ += 2) {
            const auto second = seconds_ % 60;
            const auto start = kBeginMs + seconds_ * 1000;
            wire::Data data{.at = base::from_milliseconds(start),
                            .clock = wire::ClockState::synced,
                            .boot = {},
                            .columns = {}};
            wire::RawColumn fast;
            for (std::int64_t i = 0; i < 20; ++i) {
                fast.dt_ms.push_back(i * 100);
                fast.values.push_back(value(i) / 7);
            }
            data.columns.push_back({.series = "sonar.distance", .points = fast});
            data.columns.push_back({.series = "climate.temperature",
                                    .points = wire::RawColumn{{15}, {20 + value(second) / 10}}});
            if (second == 30) {
                data.columns.push_back(
                    {.series = "door.battery", .points = wire::RawColumn{{16}, {3.0 + value(1)}}});
            }
            flush.contents.push_back(
                {.readings = data.readings(), .first_ms = start, .last_ms = start + 1900});
            flush.lines.push_back(wire::encode_record({.body = data, .origin = {}}));
            appended.add(flush.lines.back());
        }
        flush.settled = settled;
        return flush;
    }

    Tally appended;

  private:
    double value(std::int64_t salt) {
        noise_ = noise_ * 6364136223846793005U + 1442695040888963407U;
        return static_cast<double>((noise_ >> 40U) % 50) + static_cast<double>(salt % 5);
    }

    std::int64_t seconds_ = 0;
    std::uint64_t noise_ = 7;
};

template <class Kind>
std::unique_ptr<Outbox> open_thinning(Fixture<Kind>& fixture) {
    fixture.thin = true;
    return fixture.open();
}

void fill(Outbox& outbox, Node& node, int minutes) {
    for (int i = 0; i < 6 * minutes; ++i) REQUIRE(outbox.append(node.flush()));
}

}  // namespace

TEST_CASE_TEMPLATE("near the quota the oldest are thinned, and every reading is in one record",
                   Kind, BOTH) {
    Fixture<Kind> fixture;
    auto outbox = open_thinning(fixture);
    Node node;
    fill(*outbox, node, 400);  // Several times the quota.
    const auto extent = outbox->extent();
    CHECK(extent.thinned > 0);
    CHECK(extent.evicted == 0);
    CHECK(extent.bytes <= extent.quota);
    CHECK_FALSE(extent.hole);
    check_chain(*outbox);
    Tally stored;
    stored.add_all(*outbox);
    CHECK(stored.readings == node.appended.readings);
    CHECK(stored.evicted == 0);
    CHECK(stored.thinned_gaps > 0);
    CHECK(stored.spans[kMinuteMs] > 0);
    CHECK(stored.spans[kQuarterMs] == 0);  // There is still room for minutes.
    check_same_history(stored, node.appended);
}

TEST_CASE_TEMPLATE("minutes become quarters, and only when all is coarse the oldest go", Kind,
                   BOTH) {
    Fixture<Kind> fixture;
    auto outbox = open_thinning(fixture);
    Node node;
    for (int round = 0; outbox->extent().evicted == 0; ++round) {
        REQUIRE(round < 30);
        fill(*outbox, node, 100);
    }
    const auto extent = outbox->extent();
    CHECK(extent.bytes <= extent.quota);
    check_chain(*outbox);
    Tally stored;
    stored.add_all(*outbox);
    CHECK(stored.readings + stored.evicted == node.appended.readings);
    CHECK(stored.spans[kQuarterMs] > stored.spans[kMinuteMs]);
    // What is missing is missing at the beginning.
    const auto found = stored.windows();
    const auto wanted = node.appended.windows();
    CHECK(found.rbegin()->first == wanted.rbegin()->first);
    CHECK(found.size() * 10 > wanted.size() * 5);
}

TEST_CASE_TEMPLATE("what may have been sent is never thinned, and a hole is above it", Kind, BOTH) {
    Fixture<Kind> fixture;
    auto outbox = open_thinning(fixture);
    Node node;
    fill(*outbox, node, 10);
    const auto sent = all(*outbox);
    const auto last = outbox->extent().head;
    REQUIRE(outbox->reserve(last));
    fill(*outbox, node, 400);
    const auto extent = outbox->extent();
    REQUIRE(extent.hole);
    CHECK(extent.lowest == 1);
    CHECK(extent.hole->after == last);
    CHECK(extent.evicted == 0);
    const auto pinned = outbox->read(0, 100'000, 100'000'000).value();
    REQUIRE(pinned.size() == sent.size());  // Reading stops before the hole.
    for (std::size_t i = 0; i < sent.size(); ++i) CHECK(pinned[i].line == sent[i].line);
    CHECK(outbox->read(last, 1, 1).value().front().seq == extent.hole->upto + 1);
    CHECK(outbox->read(last + 1, 1, 1).value().front().seq == extent.hole->upto + 1);
    CHECK_FALSE(outbox->hash_at(last + 1).value());
    CHECK_FALSE(outbox->hash_at(extent.hole->upto - 1).value());
    check_chain(*outbox);
    Tally stored;
    stored.add_all(*outbox);
    CHECK(stored.readings == node.appended.readings);

    std::uint64_t bytes = 0;
    for (const auto& record : all(*outbox)) bytes += record.line.size();
    CHECK(outbox->bytes_after(0) == bytes);
    for (const auto& record : pinned) bytes -= record.line.size();
    for (const auto seq : {last, last + 1, extent.hole->upto}) {
        CHECK(outbox->bytes_after(seq) == bytes);
    }
}

TEST_CASE_TEMPLATE("when what was sent is settled the hole is gone", Kind, BOTH) {
    Fixture<Kind> fixture;
    auto outbox = open_thinning(fixture);
    Node node;
    fill(*outbox, node, 10);
    const auto last = outbox->extent().head;
    REQUIRE(outbox->reserve(last));
    fill(*outbox, node, 400);
    const auto hole = outbox->extent().hole;
    REQUIRE(hole);
    const auto hash = outbox->hash_at(hole->upto).value();
    const auto settled = last;
    for (int i = 0; i < 3; ++i) REQUIRE(outbox->append(node.flush(settled)));
    const auto extent = outbox->extent();
    CHECK_FALSE(extent.hole);
    CHECK(extent.lowest > hole->upto);
    if (extent.lowest == hole->upto + 1) CHECK(outbox->hash_at(hole->upto).value() == hash);
    check_chain(*outbox);
}

TEST_CASE_TEMPLATE("numbers in the hole are passed over when all around it is settled", Kind,
                   BOTH) {
    Fixture<Kind> fixture;
    auto outbox = open_thinning(fixture);
    Node node;
    fill(*outbox, node, 10);
    REQUIRE(outbox->reserve(outbox->extent().head));
    fill(*outbox, node, 400);
    const auto hole = outbox->extent().hole;
    REQUIRE(hole);
    for (int i = 0; i < 5; ++i) REQUIRE(outbox->append(node.flush(hole->upto + 10)));
    CHECK_FALSE(outbox->extent().hole);
    CHECK(outbox->extent().lowest > hole->upto);
    check_chain(*outbox);
}

TEST_CASE_TEMPLATE("there is never a second hole: what lies before the first one goes", Kind,
                   BOTH) {
    Fixture<Kind> fixture;
    auto outbox = open_thinning(fixture);
    Node node;
    fill(*outbox, node, 10);
    REQUIRE(outbox->reserve(outbox->extent().head));
    fill(*outbox, node, 400);
    REQUIRE(outbox->extent().hole);
    const auto beyond = outbox->extent().hole->upto + 40;
    REQUIRE(outbox->reserve(beyond));
    const auto resumed = outbox->read(outbox->extent().hole->upto, 40, 1'000'000).value();
    fill(*outbox, node, 400);
    const auto extent = outbox->extent();
    CHECK(extent.lowest > 1);
    CHECK(extent.evicted > 0);
    check_chain(*outbox);
    Tally stored;
    stored.add_all(*outbox);
    CHECK(stored.readings + stored.evicted == node.appended.readings);
    // What may have been sent was evicted or is still what it was.
    for (const auto& record : resumed) {
        const auto now = outbox->read(record.seq - 1, 1, 1).value();
        if (record.seq >= extent.lowest) CHECK(now.front().line == record.line);
    }
}

TEST_CASE_TEMPLATE("after a fork the numbers have no hole, and nothing of before is thinned", Kind,
                   BOTH) {
    Fixture<Kind> fixture;
    auto outbox = open_thinning(fixture);
    Node node;
    fill(*outbox, node, 10);
    REQUIRE(outbox->reserve(outbox->extent().head));
    fill(*outbox, node, 300);
    const auto before = outbox->extent();
    REQUIRE(before.hole);
    REQUIRE(outbox->fork(20));
    CHECK_FALSE(outbox->extent().hole);
    CHECK(outbox->extent().head == before.records_after(20));
    check_chain(*outbox);
    const auto rekeyed = all(*outbox);
    fill(*outbox, node, 5);
    std::size_t kept = 0;
    for (const auto& record : all(*outbox)) {
        if (record.seq > rekeyed.size()) break;
        CHECK(record.line == rekeyed[record.seq - 1].line);
        ++kept;
    }
    CHECK(kept > 0);
    check_chain(*outbox);
}

TEST_CASE("what was reserved, thinned and left out is known after a restart") {
    Fixture<SqliteOutbox> fixture;
    auto outbox = open_thinning(fixture);
    Node node;
    fill(*outbox, node, 10);
    const auto last = outbox->extent().head;
    REQUIRE(outbox->reserve(last - 5));
    outbox.reset();
    outbox = fixture.open();
    fill(*outbox, node, 400);  // What was reserved ahead counts as sent now.
    const auto before = outbox->extent();
    REQUIRE(before.hole);
    CHECK(before.hole->after == last);
    const auto hash = outbox->hash_at(before.hole->upto).value();
    outbox.reset();
    outbox = fixture.open();
    CHECK(outbox->extent().hole == before.hole);
    CHECK(outbox->hash_at(before.hole->upto).value() == hash);
    check_chain(*outbox);
    fill(*outbox, node, 100);
    CHECK(outbox->extent().hole->after == last);
    CHECK(outbox->extent().hole->upto > before.hole->upto);
    Tally stored;
    stored.add_all(*outbox);
    CHECK(stored.readings == node.appended.readings);
    check_same_history(stored, node.appended);
}

namespace {

sqlite::Database open_database(const Fixture<SqliteOutbox>& fixture) {
    auto opened = delivery::open_database(fixture.folder.file("outbox.db"), {});
    REQUIRE(opened);
    return std::move(opened).value();
}

}  // namespace

TEST_CASE("a file of the first version is brought up to date, and all of it counts as sent") {
    Fixture<SqliteOutbox> fixture;
    auto outbox = open_thinning(fixture);
    Node node;
    fill(*outbox, node, 10);
    const auto before = all(*outbox);
    outbox.reset();
    {
        auto file = open_database(fixture);
        REQUIRE(
            file.execute("ALTER TABLE records DROP COLUMN detail;"
                         "DELETE FROM meta WHERE key IN ('hole', 'reserved');"
                         "PRAGMA user_version = 1;PRAGMA journal_mode=DELETE;"
                         "PRAGMA page_size=4096;VACUUM"));
        CHECK(file.number("PRAGMA page_size").value() == 4096);
    }
    outbox = fixture.open();
    CHECK(all(*outbox).size() == before.size());
    check_chain(*outbox);
    fill(*outbox, node, 300);
    REQUIRE(outbox->extent().hole);
    CHECK(outbox->extent().hole->after == before.size());
    outbox.reset();
    outbox = fixture.open();
    check_chain(*outbox);
    Tally stored;
    stored.add_all(*outbox);
    CHECK(stored.readings == node.appended.readings);
}

TEST_CASE("a hole that does not fit the numbers is damage") {
    Fixture<SqliteOutbox> fixture;
    auto outbox = open_thinning(fixture);
    Node node;
    fill(*outbox, node, 10);
    REQUIRE(outbox->reserve(outbox->extent().head));
    fill(*outbox, node, 300);
    const auto hole = outbox->extent().hole;
    REQUIRE(hole);
    outbox.reset();
    {
        auto file = open_database(fixture);
        const auto lost = fmt::format("DELETE FROM records WHERE seq = {}", hole->upto + 2);
        REQUIRE(file.execute(lost));
    }
    outbox = fixture.open();
    CHECK(outbox->extent().damaged == 1);
}
