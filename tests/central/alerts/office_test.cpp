// Goal: what the page says that a node needs is what the alerts are made of; alerts are written
// down before they are sent, survive a restart, and go out even while the database is the trouble.
#include "central/alerts/office/office.hpp"

#include <doctest/doctest.h>

#include "central/alerts/moments.hpp"
#include "central/api/scripted_query.hpp"
#include "central/views/needs.hpp"

using namespace alerts_test;
using alerts::Alert;
using alerts::State;

namespace {

/// A book in memory that the test can lock.
class MapBook final : public alerts::Book {
  public:
    base::Result<alerts::Kept> load(base::EventTime since) override {
        if (is_locked) return base::Error{base::Fault::transient, "locked"};
        alerts::Kept kept;
        for (const auto& [id, alert] : written) {
            if (!alert.closed || *alert.closed >= since) kept.alerts.push_back(alert);
        }
        for (const auto& [key, revision] : ways) {
            kept.deliveries.push_back({key.first, {key.second, revision}});
        }
        return kept;
    }
    base::Result<std::uint64_t> save(const std::vector<Alert>& alerts,
                                     const std::vector<alerts::Delivery>& deliveries) override {
        if (is_locked) return base::Error{base::Fault::transient, "locked"};
        for (const auto& alert : alerts) written.insert_or_assign(alert.id, alert);
        for (const auto& one : deliveries) {
            auto& revision = ways[{one.output, one.what.id}];
            revision = std::max(revision, one.what.revision);
        }
        return std::uint64_t{0};
    }
    base::Result<std::vector<alerts::Silence>> silences(base::EventTime /*now*/) override {
        if (is_locked) return base::Error{base::Fault::transient, "locked"};
        return all_silences;
    }

    std::map<std::string, Alert> written;
    std::map<std::pair<std::string, std::string>, std::uint64_t> ways;
    std::vector<alerts::Silence> all_silences;
    bool is_locked = false;
};

/// An output that delivers at once, and checks that what it gets is in the book.
class Mouth final : public alerts::Output {
  public:
    Mouth(MapBook& book, std::vector<Alert>& said) : book_(book), said_(said) {}
    std::string_view name() const override { return "mouth"; }
    void offer(const Alert& alert) override { offered_.push_back(alert); }
    void tick(base::Instant /*now*/) override {
        for (auto& alert : offered_) {
            if (!book_.is_locked) {
                CHECK(book_.written.at(alert.id).revision == alert.revision);
                CHECK(book_.ways.contains({"mouth", alert.id}));
            }
            delivered_.push_back({alert.id, alert.revision});
            said_.push_back(alert);
        }
        offered_.clear();
    }
    std::vector<alerts::Delivered> take_delivered() override {
        return std::exchange(delivered_, {});
    }
    std::string trouble() const override { return {}; }

  private:
    MapBook& book_;
    std::vector<Alert>& said_;
    std::vector<Alert> offered_;
    std::vector<alerts::Delivered> delivered_;
};

struct World {
    World() {
        query.node_rows = {node_row("attic", alerts_test::kNoon)};
        query.series_rows = {
            series_row("attic", "climate.temperature", alerts_test::kNoon, alerts_test::kNoon)};
        presences["attic"].state = wire::NodeState::ready;
        start();
    }
    void start() {
        alerts::Outputs outputs;
        outputs.push_back(std::make_unique<Mouth>(book, said));
        const auto note = [this](const std::string& node, const views::NodeSigns& signs) {
            presences.at(node).signs = signs;
        };
        alerts::OfficeOptions options;
        options.desk.wait_max = 0s;  // What is wrong is told at once.
        options.desk.grace = 0s;
        office = std::make_unique<alerts::Office>(
            options, book, alerts::Lookout{query, presences, note, options.lookout},
            std::move(outputs), counters);
    }
    void run(base::Duration from, base::Duration to) {
        for (auto at = from; at < to; at += 500ms) office->tick(line, after(at));
    }
    void find(const std::string& sentence, detect::Code code = detect::Code::limit) {
        detect::Finding finding;
        finding.code = code;
        finding.from = alerts_test::kNoon;
        finding.sentence = sentence;
        query.finding_rows = {
            {.id = 1, .node = "attic", .series = "climate.temperature", .finding = finding}};
    }
    std::vector<std::string> sentences() const {
        std::vector<std::string> all;
        for (const auto& alert : said) all.push_back(alert.sentence);
        return all;
    }

    ScriptedQuery query;
    views::NodePresences presences;
    base::Counters counters;
    MapBook book;
    std::vector<Alert> said;
    alerts::LineStatus line;
    std::unique_ptr<alerts::Office> office;
};

}  // namespace

TEST_CASE("a finding becomes an alert with its sentence, is written down, and goes out") {
    World world;
    world.find("attic/climate.temperature: 41.0 °C");
    world.run(0s, 30s);
    REQUIRE(world.said.size() == 1);
    CHECK(world.said[0].code == "limit");
    CHECK(world.said[0].series == "climate.temperature");
    CHECK(world.said[0].sentence == "attic/climate.temperature: 41.0 °C");
    CHECK(world.office->take_news().size() == 1);
    CHECK(world.counters.value("leat_central_alerts_open") == 1);
    world.query.finding_rows.clear();
    world.run(30s, 60s);
    REQUIRE(world.said.size() == 2);
    CHECK(world.said[1].state == State::closed);
    CHECK(world.counters.value("leat_central_alerts_opened_total") == 1);
    CHECK(world.counters.value("leat_central_alerts_closed_total") == 1);
}

TEST_CASE("the needs of a node and its alerts are the same list") {
    World world;
    auto& presence = world.presences["attic"];
    presence.details = views::NodeDetails{
        .version = "1", .clock = wire::ClockState::boot, .alarms = {"the card is full"}};
    world.find("attic/climate.temperature: reads fail", detect::Code::failing);
    world.run(0s, 30s);
    views::NodeView view{.node = "attic",
                         .row = world.query.node_rows.data(),
                         .presence = &presence,
                         .series = {world.query.series_rows.data()}};
    REQUIRE(views::add_stored(view, world.query, alerts_test::kNoon));
    std::set<std::string> needed;
    for (const auto& need : views::needs_of(view)) needed.insert(need.sentence);
    std::set<std::string> told;
    for (const auto& sentence : world.sentences()) told.insert(sentence);
    CHECK(needed.size() == 3);
    CHECK(told == needed);
}

TEST_CASE("a part of the line that is away is one alert, with what it means") {
    World world;
    world.line.broker = base::Error{base::Fault::transient, "connection refused"};
    world.line.bridge = base::Error{base::Fault::transient, "silent"};
    world.run(0s, 30s);
    REQUIRE(world.said.size() == 1);
    CHECK(world.said[0].code == "broker");
    CHECK(world.said[0].severity == detect::Severity::critical);
    CHECK(world.said[0].sentence ==
          "No reading gets to the broker, and the states of the nodes are old: connection refused");
    CHECK_FALSE(world.said[0].advice.empty());
    world.line.broker = base::Done{};
    world.run(30s, 40s);
    REQUIRE(world.said.size() == 3);
    std::map<std::string, State> states;
    for (const auto& alert : world.said) states[alert.code] = alert.state;
    CHECK(states.at("broker") == State::closed);
    CHECK(states.at("bridge") == State::open);
}

TEST_CASE("a job that failed is an alert until a run of it has succeeded, and no more is one") {
    World world;
    world.line.jobs = base::Error{base::Fault::transient, "nightly (the disk is full)"};
    world.run(0s, 5min);
    REQUIRE(world.said.size() == 1);
    CHECK(world.said[0].code == "job");
    CHECK(world.said[0].state == State::open);
    CHECK(world.said[0].node.empty());
    CHECK(world.said[0].sentence == "A job failed: nightly (the disk is full)");
    world.line.jobs = base::Done{};
    world.run(5min, 6min);
    REQUIRE(world.said.size() == 2);
    CHECK(world.said[1].state == State::closed);
    CHECK(world.said[1].id == world.said[0].id);
}

TEST_CASE("a restart changes nothing: no alert is told again, none is forgotten") {
    World world;
    world.find("attic/climate.temperature: 41.0 °C");
    world.run(0s, 30s);
    const auto id = world.said.at(0).id;
    world.start();
    world.run(30s, 60s);
    CHECK(world.said.size() == 1);
    world.query.finding_rows.clear();
    world.start();
    world.run(60s, 90s);
    REQUIRE(world.said.size() == 2);
    CHECK(world.said[1].id == id);
    CHECK(world.said[1].state == State::closed);
}

TEST_CASE("while the database cannot be written alerts go out, and are written later") {
    World world;
    world.run(0s, 10s);
    world.book.is_locked = true;
    world.query.failure = base::Error{base::Fault::transient, "locked"};
    world.line.database = base::Error{base::Fault::exhausted, "the disk is full"};
    world.run(10s, 40s);
    REQUIRE(world.said.size() == 1);
    CHECK(world.said[0].code == "database");
    CHECK(world.book.written.empty());
    CHECK(world.counters.value("leat_central_alert_errors_total") > 1);
    world.book.is_locked = false;
    world.run(40s, 60s);
    CHECK(world.book.written.size() == 1);
    CHECK(world.book.ways.size() == 1);
}

TEST_CASE("nothing is told before it is known what there was") {
    World world;
    world.book.is_locked = true;
    world.find("attic/climate.temperature: 41.0 °C");
    world.run(0s, 30s);
    CHECK(world.said.empty());
    world.book.is_locked = false;
    world.run(30s, 40s);
    CHECK(world.said.size() == 1);
}

TEST_CASE("what is silenced is written down and shown, and not sent until the silence ends") {
    World world;
    world.book.all_silences = {
        {.id = 1, .node = "attic", .from = alerts_test::kNoon, .to = alerts_test::kNoon + 1min}};
    world.find("attic/climate.temperature: 41.0 °C");
    world.run(0s, 59s);
    CHECK(world.said.empty());
    REQUIRE(world.book.written.size() == 1);
    CHECK(world.book.written.begin()->second.is_silenced);
    world.run(60s, 63s);
    REQUIRE(world.said.size() == 1);
    CHECK_FALSE(world.said[0].is_silenced);
}

TEST_CASE("a step that a person forbade is told although it has ended when it is found") {
    World world;
    detect::Finding finding;
    finding.code = detect::Code::step;
    finding.from = alerts_test::kNoon;
    finding.ended = alerts_test::kNoon;
    finding.sentence = "attic/climate.temperature: from 20 to 40";
    engine::Changes changes;
    changes.findings[{"attic", "climate.temperature", finding.code, finding.from}] = finding;
    world.office->accept(changes, after(0s).instant);
    world.run(0s, 9min);
    REQUIRE(world.said.size() == 1);
    CHECK(world.said[0].code == "step");
    world.run(9min, 11min);
    CHECK(world.said.size() == 2);
}

TEST_CASE("the alerts of a node that nobody knows any more are closed") {
    World world;
    world.presences["attic"].state = wire::NodeState::lost;
    world.run(0s, 10s);
    CHECK(world.said.size() == 1);
    world.presences.clear();
    world.query.node_rows.clear();
    world.query.series_rows.clear();
    world.run(10s, 2min);
    REQUIRE(world.said.size() == 2);
    CHECK(world.said[1].state == State::closed);
}

TEST_CASE("a large fleet is looked at in bounded steps, and wholly") {
    World world;
    world.query.node_rows.clear();
    for (int i = 1'000; i < 1'350; ++i) {
        const auto name = std::to_string(i);
        world.presences[name].state = wire::NodeState::lost;
    }
    world.office->tick(world.line, after(0s));
    CHECK(world.book.written.size() == 100);
    world.run(1s, 5s);
    CHECK(world.book.written.size() == 350);
    CHECK(world.said.size() == 350);
}
