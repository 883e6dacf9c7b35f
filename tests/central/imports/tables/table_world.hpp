#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>

#include "central/imports/tables/sent.hpp"
#include "central/imports/tables/table_intake.hpp"
#include "lib/odbc/worlds.hpp"

namespace tables_test {

using namespace std::chrono_literals;
using namespace imports::tables;

constexpr base::EventTime kNow = base::from_milliseconds(1'782'043'200'000);  // 21 Jun 2026, noon.
constexpr base::EventTime kMidnight = kNow - 12h;
constexpr auto kFine = [](auto...) { return base::Done{}; };

/// Another database, and runs whose readings go into a real outbox that nobody empties.
template <class Server>
struct TableWorld {
    TableWorld() {
        options.source = source("unix_ms");
        make_tags();
    }

    Source source(const std::string& format, const std::string& zone = "UTC") const {
        auto settings = base::Settings::parse(
                            "[tags]\n\"line 1/temp\" = \"line1.temperature:Cel\"\n"
                            "\"line 2/{quantity}\" = \"line2.{quantity}\"\n",
                            "test")
                            .value();
        auto table = settings.table("tags");
        return {
            .server = other.options,
            .tables = MonthPattern::parse("sqlt_data_1_{YYYY}_{MM}").value(),
            .time_column = "t_stamp",
            .time =
                TimeColumn::parse(format, drivers::tables::TimeZone::find(zone).value()).value(),
            .tag_column = "tagid",
            .value_columns = {"floatvalue", "intvalue"},
            .integrity_column = "dataintegrity",
            .good = {"192"},
            .tags_table = "sqlth_te",
            .tags_id = "id",
            .tags_path = "tagpath",
            .map = TagMap::read(table)};
    }
    /// As Ignition has them.
    void make_tags() {
        execute("CREATE TABLE sqlth_te (id INTEGER PRIMARY KEY, tagpath VARCHAR(255))");
        execute(
            "INSERT INTO sqlth_te VALUES (1, 'line 1/temp'), (2, 'line 2/humidity'), (3, 'line "
            "3/other'), (4, 'line 2/humidity')");
    }
    void make_month(const std::string& month) {
        execute("CREATE TABLE sqlt_data_1_" + month +
                " (tagid INTEGER NOT NULL, intvalue BIGINT, floatvalue DOUBLE PRECISION, "
                "stringvalue VARCHAR(255), datesvalue TIMESTAMP NULL, dataintegrity INTEGER, "
                "t_stamp BIGINT NOT NULL, PRIMARY KEY (tagid, t_stamp))");
    }
    void execute(const std::string& sql) { other.execute(sql); }
    void put(const std::string& month, int tag, base::EventTime at, const std::string& value,
             int integrity = 192) {
        execute(
            fmt::format("INSERT INTO sqlt_data_1_{} (tagid, floatvalue, dataintegrity, "
                        "t_stamp) VALUES ({}, {}, {}, {})",
                        month, tag, value, integrity, base::to_milliseconds(at)));
    }
    /// A row a minute of [from, to), of tag 1.
    void fill(const std::string& month, base::EventTime from, base::EventTime to) {
        std::string rows;
        for (auto at = from; at < to; at += 1min) {
            rows += fmt::format("{}(1, {}, 192, {})", rows.empty() ? "" : ", ",
                                (at - from) / 1min % 50, base::to_milliseconds(at));
        }
        execute("INSERT INTO sqlt_data_1_" + month +
                " (tagid, floatvalue, dataintegrity, t_stamp) VALUES " + rows);
    }

    imports::CarrierOptions carrier_options() const {
        imports::CarrierOptions carrier{.outbox = folder.file("outbox"),
                                        .like = folder.path(),
                                        .node = "history",
                                        .notes_max = Memory::kBytesMax,
                                        .patience = 1ms};
        carrier.broker.address = "tcp://127.0.0.1:1";
        return carrier;
    }
    /// A run that is killed once all is committed. Gives the rows that it has taken.
    std::uint64_t run() {
        error.clear();
        TableIntake intake{options, [](auto...) {}, kFine, kFine};
        const auto carrier = imports::Carrier::open(carrier_options(), clock);
        REQUIRE_MESSAGE(carrier, carrier.error().detail);
        const auto committed = carrier.value()->committed();
        const auto done = intake.take(*carrier.value(), now);
        account = intake.account();
        said = sentence_of(account);
        const bool is_kept = !done && done.error().detail.find("kept in") != std::string::npos;
        if (!done && !is_kept) error = done.error().detail;
        if (carrier.value()->committed() == committed) CHECK(account.tally.readings == 0);
        return account.rows;
    }
    base::Status rehearse() {
        TableIntake intake{options, [](auto...) {}, kFine, kFine};
        const auto notes = imports::notes_in(carrier_options()).value();
        const auto done = intake.rehearse(
            [&](const std::string& key) {
                const auto found = notes.find(key);
                return found == notes.end() ? std::nullopt : std::optional{found->second};
            },
            now);
        account = intake.account();
        said = sentence_of(account);
        return done;
    }
    delivery::SqliteOutboxOptions outbox_options() const {
        delivery::SqliteOutboxOptions outbox;
        outbox.path = folder.file("outbox");
        outbox.node = "history";
        outbox.quota = std::uint64_t{160} << 20U;
        return outbox;
    }
    Sent sent() const { return Sent::read(outbox_options()); }
    bool has_said(const std::string& text) const {
        CAPTURE(said);
        CAPTURE(error);
        return said.find(text) != std::string::npos;
    }

    Server other;
    support::TemporaryFolder folder;
    base::SystemClock clock;
    base::EventTime now = kNow;
    TableOptions options{.source = source("unix_ms"),
                         .packer = {.sensor = {}, .kind = "ingest-tables", .period = 1min}};
    TableAccount account;
    std::string said;
    std::string error;
};

}  // namespace tables_test

#define TABLES TableWorld<odbc_test::MariaDbWorld>, TableWorld<odbc_test::PostgreSqlWorld>
