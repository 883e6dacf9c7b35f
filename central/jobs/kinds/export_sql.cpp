#include "central/jobs/kinds/export_sql.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/settings.hpp"
#include "central/engine/window.hpp"
#include "central/jobs/keys/database_keys.hpp"
#include "central/jobs/kinds/chosen_series.hpp"
#include "central/jobs/sql/exporter.hpp"
#include "central/jobs/sql/run_log.hpp"
#include "central/sinks/database_query.hpp"

namespace jobs {

namespace {

struct SqlOptions {
    std::string job;
    Place place;
    odbc::Options server;
    RowKind rows = RowKind::windows;
    base::Duration window{};
    Layout layout;
    std::string log_table;
    std::vector<std::string> match;
    std::vector<ValueRange> ranges;
    base::Duration look_back{};
    std::size_t batch = 0;
    bool may_create = false;
};

class ExportSql final : public Job {
  public:
    explicit ExportSql(SqlOptions options)
        : options_(std::move(options)), check_(options_.ranges) {}

    std::string explain() const override {
        return fmt::format(
            "Brings {} of {} into the table {} of \"{}\": each row that is not there, or not as it "
            "is here. Looks at everything since {} before the last run that succeeded, or before "
            "the newest row of a series there when that is older; the first time at "
            "everything. --from and --to name another time. {} rows go in one transaction, so it "
            "may die at any point and goes on where it was. It removes no row. Rows that are "
            "refused are counted, by reason; the table {} there says what each run did.",
            what(), options_.place.database.text(), options_.layout.table.name,
            options_.server.connection, base::duration_text(options_.look_back), options_.batch,
            options_.log_table);
    }
    Heeds heeds() const override { return {.from = true, .to = true, .limit = true}; }
    std::string remedy() const override { return database_remedy(options_.server); }

    base::Result<Work> run(const Order& order, base::EventTime now, Progress& progress) override {
        auto opened = sinks::DatabaseQuery::open(options_.place.database);
        if (!opened) return opened.error();
        const auto series = chosen_series(*opened.value(), options_.match);
        if (!series) return series.error();
        auto connected = odbc::Connection::open(options_.server);
        if (!connected) return connected.error();
        auto connection = std::move(connected).value();
        const auto exported =
            bring(*opened.value(), series.value(), connection, order, now, progress);
        if (!exported) return exported.error();
        return work_of(exported.value(), series.value().size(), connection);
    }

  private:
    base::Result<Exported> bring(sinks::Query& query, const std::vector<engine::SeriesRow>& series,
                                 odbc::Connection& connection, const Order& order,
                                 base::EventTime now, Progress& progress) const {
        if (!order.is_dry) {
            if (auto may = progress.may_write(); !may) return may.error();
        }
        RunLog log{connection, options_.log_table};
        const auto has_log = prepare(connection, log.table(), order);
        if (!has_log) return has_log.error();
        const auto has_table = prepare(connection, options_.layout.table, order);
        if (!has_table) return has_table.error();
        LoggedRun run{.job = options_.job,
                      .target = options_.layout.table.name,
                      .started = now,
                      .selection = selection(),
                      .is_whole = order.is_whole()};
        auto range = range_of(order, now);
        if (has_log.value()) {
            const auto covered = log.covered(run);
            if (!covered) return covered.error();
            if (covered.value()) range.covered = *covered.value();
        }
        const auto source = make_source(query);
        SqlTarget target{connection, options_.layout, options_.batch};
        Exporter exporter{*source, target, check_, progress, has_table.value(), order.is_dry};
        if (order.is_dry) {
            const auto done = exporter.run(series, range);
            if (!done) return done.error();
            return exporter.exported();
        }
        if (auto begun = log.begin(run); !begun) return begun.error();
        const auto done = exporter.run(series, range);
        const auto& exported = exporter.exported();
        // What the server did not take is tried again: another run may not begin behind it.
        run.is_whole = run.is_whole && exported.refused_there.empty();
        const auto ended =
            log.end(run, {.is_ok = static_cast<bool>(done),
                          .records = exported.rows,
                          .outdated = exported.outdated,
                          .refusals = exported.refusals,
                          .error = done ? exported.refused_there : done.error().detail});
        if (!done) return done.error();
        if (!ended) return ended.error();
        return exported;
    }

    base::Result<bool> prepare(odbc::Connection& connection, const odbc::TableShape& table,
                               const Order& order) const {
        return prepare_table(connection, table, options_.may_create, order.is_dry);
    }

    /// A digest of all that decides which rows go.
    std::int64_t selection() const {
        std::vector<odbc::Value> values{static_cast<std::int64_t>(options_.rows),
                                        std::int64_t{options_.window.count()},
                                        static_cast<std::int64_t>(options_.layout.form),
                                        static_cast<std::int64_t>(options_.match.size())};
        for (const auto& pattern : options_.match) values.emplace_back(pattern);
        for (const auto& [match, low, high] : options_.ranges) {
            values.insert(values.end(), {match, low, high});
        }
        append_mark(values);
        return std::get<std::int64_t>(values.back());
    }

    std::string what() const {
        if (options_.rows == RowKind::readings) return "single readings";
        return "windows of " + base::duration_text(options_.window);
    }

    std::unique_ptr<RowSource> make_source(sinks::Query& query) const {
        if (options_.rows == RowKind::readings) {
            return make_reading_source(query, options_.layout.form);
        }
        return make_window_source(query, options_.window, options_.layout.form,
                                  options_.place.watermark_bound);
    }

    ExportRange range_of(const Order& order, base::EventTime now) const {
        ExportRange range{.from = order.from,
                          .to = order.to.value_or(now),
                          .covered = std::nullopt,
                          .look_back = options_.look_back};
        if (order.limit) range.rows_max = *order.limit;
        return range;
    }

    Work work_of(const Exported& exported, std::size_t series,
                 const odbc::Connection& connection) const {
        Work work{.records = exported.rows,
                  .read = fmt::format("{} of {} series of {}", what(), series,
                                      options_.place.database.text())};
        work.wrote = fmt::format("{} rows into {} at {}; {} were there already", exported.rows,
                                 options_.layout.table.name, connection.server(), exported.same);
        if (!exported.refusals.empty()) {
            work.wrote += "; refused: " + text_of(exported.refusals);
        }
        if (exported.outdated > 0) {
            work.wrote +=
                fmt::format("; {} rows there are of before, and no longer true", exported.outdated);
        }
        if (!exported.refused_there.empty()) {
            work.wrote += "; the server refused " + exported.refused_there;
        }
        return work;
    }

    SqlOptions options_;
    RowCheck check_;
};

/// One of the words; else the first of them, and the key is refused.
std::string read_word(Keys& keys, const std::string& key, const std::vector<std::string>& words) {
    auto word = keys.text(key, words.front());
    if (std::find(words.begin(), words.end(), word) != words.end()) return word;
    const auto near = base::nearest_word(word, words);
    keys.refuse(key, fmt::format("{}: \"{}\" is none of {}{}", key, word, fmt::join(words, ", "),
                                 near ? "; did you mean " + *near + "?" : ""));
    return words.front();
}

base::Duration read_window(Keys& keys, const std::vector<base::Duration>& spans) {
    using namespace std::chrono_literals;
    const auto window = keys.duration("window", 1h, 1s, 24h * 366);
    if (std::find(spans.begin(), spans.end(), window) != spans.end()) return window;
    std::vector<std::string> words;
    for (const auto span : spans) words.push_back(base::duration_text(span));
    keys.refuse("window", fmt::format("window: no windows of {} are kept; there are {}",
                                      base::duration_text(window), fmt::join(words, ", ")));
    return window;
}

std::vector<ValueRange> read_ranges(Keys& keys) {
    std::vector<ValueRange> ranges;
    for (const auto& text : keys.texts("ranges", {})) {
        auto range = parse_value_range(text);
        if (range) {
            ranges.push_back(std::move(range).value());
        } else {
            keys.refuse("ranges", "ranges: " + range.error().detail);
        }
    }
    return ranges;
}

}  // namespace

std::unique_ptr<Job> make_export_sql(Keys& keys, const Place& place) {
    using namespace std::chrono_literals;
    SqlOptions options{.job = keys.job(),
                       .place = place,
                       .server = read_database(keys),
                       .layout = {},
                       .log_table = keys.text("log_table", "etl_log"),
                       .match = keys.texts("match", {"*"}),
                       .ranges = read_ranges(keys)};
    if (read_word(keys, "rows", {"windows", "readings"}) == "readings") {
        options.rows = RowKind::readings;
    }
    options.window = read_window(keys, place.spans);
    const auto form = parse_time_form(read_word(keys, "time", time_forms()));
    const char* const table = options.rows == RowKind::windows ? "leat_windows" : "leat_readings";
    options.layout = layout_of(options.rows, keys.text("table", table), *form);
    options.look_back = keys.duration("look_back", 24h * 7, 0s, 24h * 3'660);
    options.batch = static_cast<std::size_t>(keys.integer("batch", 1'000, 1, 100'000));
    options.may_create = keys.boolean("create", false);
    return std::make_unique<ExportSql>(std::move(options));
}

}  // namespace jobs
