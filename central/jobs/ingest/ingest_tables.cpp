#include "central/jobs/ingest/ingest_tables.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

#include "central/imports/tables/table_intake.hpp"
#include "central/jobs/ingest/origin.hpp"
#include "central/jobs/keys/database_keys.hpp"

namespace jobs {

namespace {

using namespace std::chrono_literals;
using imports::tables::TableAccount;
using imports::tables::TableIntake;
using imports::tables::TableOptions;

class IngestTables final : public Job {
  public:
    IngestTables(TableOptions options, Origin origin)
        : options_(std::move(options)), origin_(std::move(origin)) {}

    std::string explain() const override {
        return fmt::format(
            "Reads rows of the tables {} at \"{}\", in the order of their times, as series of the "
            "node {}: sends them through the broker {} as every node does, so that their windows "
            "and findings are those of live readings. Rows younger than {} wait for the next run. "
            "Each row counts once: for {} after its hour rows may come late, and count; what "
            "changes there after that is told, and not taken. Each run looks at the days since {} "
            "before the last one, --from at earlier ones. What was taken stands in {}: it must "
            "stay. It writes nothing there.",
            options_.source.tables.text(), options_.source.server.connection, origin_.carrier.node,
            origin_.carrier.broker.address, base::duration_text(options_.settle),
            base::duration_text(options_.late), base::duration_text(options_.look_back),
            origin_.carrier.outbox);
    }
    Heeds heeds() const override { return {.from = true, .to = true, .limit = true}; }
    std::string remedy() const override {
        return fmt::format("{}. Nothing counts twice: the next run goes on",
                           database_remedy(options_.source.server));
    }

    base::Result<Work> run(const Order& order, base::EventTime now, Progress& progress) override {
        auto options = options_;
        options.from = order.from;
        options.to = order.to;
        options.rows_max = order.limit;
        options.is_whole = order.is_whole();
        TableIntake intake{options, [&](auto done, auto total) { progress.report(done, total); },
                           [&](std::size_t series) { return origin_.check_series(series); },
                           [&] { return progress.may_write(); }};
        const auto done = order.is_dry ? rehearse(intake, now) : take(intake, now, progress);
        const auto& account = intake.account();
        if (!done) return failure(done.error(), account);
        return origin_.work_of(account.tally, account.before, account.series, sentence_of(account));
    }

  private:
    base::Status take(TableIntake& intake, base::EventTime now, Progress& progress) const {
        if (auto may = progress.may_write(); !may) return may;
        auto carrier = origin_.open();
        if (!carrier) return carrier.error();
        return intake.take(*carrier.value(), now);
    }

    /// What an earlier run has noted is heeded, and none is made for it.
    base::Status rehearse(TableIntake& intake, base::EventTime now) const {
        const auto noted = origin_.notes();
        if (!noted) return noted.error();
        return intake.rehearse(
            [&](const std::string& key) -> std::optional<std::string> {
                const auto found = noted.value().find(key);
                if (found == noted.value().end()) return std::nullopt;
                return found->second;
            },
            now);
    }

    /// What was taken stays taken.
    base::Error failure(const base::Error& error, const TableAccount& account) const {
        auto detail = error.detail;
        if (account.rows > 0) {
            detail += fmt::format(". It has read {}. Written are {} readings of node {}",
                                  sentence_of(account), account.committed, origin_.carrier.node);
        }
        return {error.fault, std::move(detail)};
    }

    TableOptions options_;
    Origin origin_;
};

drivers::tables::TimeZone read_zone(Keys& keys) {
    const auto zone = drivers::tables::TimeZone::find(keys.text("time_zone", "UTC"));
    if (zone) return zone.value();
    keys.refuse("time_zone", "time_zone: " + zone.error().detail);
    return {};
}

imports::tables::TimeColumn read_time(Keys& keys) {
    using imports::tables::TimeColumn;
    const auto format = keys.text("time_format", "unix_ms");
    const auto zone = read_zone(keys);
    auto time = TimeColumn::parse(format, zone);
    if (time) return std::move(time).value();
    keys.refuse("time_format", "time_format: " + time.error().detail);
    return TimeColumn::parse("unix_ms", {}).value();
}

imports::tables::MonthPattern read_pattern(Keys& keys) {
    const auto text = keys.required_text("tables");
    if (text.empty()) return {};
    auto pattern = imports::tables::MonthPattern::parse(text);
    if (pattern) return std::move(pattern).value();
    keys.refuse("tables", "tables: " + pattern.error().detail);
    return {};
}

imports::tables::TagMap read_map(Keys& keys) {
    auto table = keys.file().table("tags");
    if (table.keys().empty()) {
        keys.refuse("tags",
                    "tags: say at least of one which series it is, as in "
                    "\"line1/temp\" = \"line1.temperature:Cel\"");
    }
    return imports::tables::TagMap::read(table);
}

imports::tables::Source read_source(Keys& keys) {
    imports::tables::Source source{.server = read_database(keys),
                                   .tables = read_pattern(keys),
                                   .time_column = keys.required_text("time"),
                                   .time = read_time(keys),
                                   .tag_column = keys.required_text("tag"),
                                   .value_columns = keys.file().words("value"),
                                   .integrity_column = keys.text("integrity", {}),
                                   .good = keys.file().words("good"),
                                   .tags_table = keys.text("tags_table", {}),
                                   .tags_id = keys.text("tags_id", "id"),
                                   .tags_path = keys.text("tags_path", "tagpath"),
                                   .map = read_map(keys)};
    if (source.value_columns.empty()) {
        keys.refuse("value",
                    "value: name the column that has it, or several in a list: of a row "
                    "the first counts that is not NULL");
    }
    if (!source.good.empty() && source.integrity_column.empty()) {
        keys.refuse("good",
                    "good: it says which values of the column integrity are good; name "
                    "that, too");
    }
    return source;
}

}  // namespace

std::unique_ptr<Job> make_ingest_tables(Keys& keys, const Place& place) {
    TableOptions options{.source = read_source(keys)};
    options.packer = {.sensor = {}, .kind = "ingest-tables", .period = read_period(keys)};
    options.parallel = static_cast<std::size_t>(keys.integer("parallel", 2, 1, 8));
    options.settle = keys.duration("settle", options.settle, 0s, 24h);
    options.late = keys.duration("late", options.late, 0s, 31 * 24h);
    options.look_back = keys.duration("look_back", options.look_back, 24h, 3'660 * 24h);
    auto origin = read_origin(keys, place);
    origin.carrier.notes_max = imports::tables::Memory::kBytesMax;
    return std::make_unique<IngestTables>(std::move(options), std::move(origin));
}

}  // namespace jobs
