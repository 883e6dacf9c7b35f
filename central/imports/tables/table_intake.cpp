#include "central/imports/tables/table_intake.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <tuple>
#include <utility>

#include "drivers/core/names.hpp"

namespace imports::tables {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kTagsAtOnce = 64;
constexpr std::size_t kReadingsAtOnce = 1'000;
constexpr std::size_t kExamplesMax = 3;
constexpr base::Duration kPause = 2ms;

std::vector<Partition> partitions_of(const Step& step, const Tags& tags) {
    std::vector<Partition> partitions;
    for (const auto tag : step.tags) {
        if (partitions.empty() || partitions.back().tags.size() == kTagsAtOnce) {
            partitions.push_back(
                {.table = step.table, .layout = step.layout, .range = step.range, .tags = {}});
        }
        partitions.back().tags.push_back({.id = tags.at(tag).id, .tag = tag});
    }
    return partitions;
}

/// Under which word a row counts as failed.
const char* cause_of(const Row& row) {
    switch (row.kind) {
        case RowKind::set_aside:
            return "not good";
        case RowKind::no_number:
            return "no number";
        default:
            return "no time";
    }
}

std::string time_text(base::EventTime written) {
    return fmt::format("{:%F %T}", std::chrono::floor<std::chrono::seconds>(written));
}

}  // namespace

/// What a run has open.
struct TableIntake::Reading {
    Tags& tags;
    Memory& memory;
    Plan& plan;
    PartitionReader& reader;
    Carrier* carrier;  // None: a rehearsal.
    base::EventTime end{};
    std::uint64_t selection = 0;
    std::deque<Pending> pending{};
    bool is_planned = false;  // There are no more steps.

    bool is_over(const TableAccount& account, const TableOptions& options) const {
        return account.rows >= options.rows_max.value_or(std::numeric_limits<std::uint64_t>::max());
    }
};

TableIntake::TableIntake(const TableOptions& options, Told told, CheckSeries check_series,
                         MayWrite may_write)
    : options_(options),
      told_(std::move(told)),
      check_series_(std::move(check_series)),
      may_write_(std::move(may_write)),
      packer_(options.packer) {}

/// Every commit with readings says, too, which rows were taken. So where that is missing another
/// kind of job has made the outbox.
base::Status TableIntake::take(Carrier& carrier, base::EventTime now) {
    auto memory = Memory::load([&](const auto& key) { return carrier.position(key); });
    if (!memory) return memory.error();
    if (memory.value().is_empty() && carrier.committed() > 0) {
        return base::Error{base::Fault::misconfigured,
                           "the outbox does not say which rows were taken, but something was sent: "
                           "give the job a node of its own; or, if it had this one, see what the "
                           "log says of the outbox, and put an undamaged copy into its place"};
    }
    const auto before = untold_in(carrier);
    if (!before) return before.error();
    account_.before = before.value();
    if (auto read = read_all(std::move(memory).value(), &carrier, now); !read) return read;
    if (auto settled = carrier.settle(); !settled) return settled;
    if (auto may = may_write_(); !may) return may;
    return forget_untold(carrier);
}

base::Status TableIntake::rehearse(Memory::Load load, base::EventTime now) {
    auto memory = Memory::load(std::move(load));
    if (!memory) return memory.error();
    return read_all(std::move(memory).value(), nullptr, now);
}

base::Status TableIntake::read_all(Memory memory, Carrier* carrier, base::EventTime now) {
    auto opened = odbc::Connection::open(options_.source.server);
    if (!opened) return opened.error();
    auto connection = std::move(opened).value();
    account_.server = connection.server();
    Tags tags{options_.source};
    if (auto loaded = tags.load(connection); !loaded) return loaded;
    account_.strange = tags.strange();
    if (auto fits = check_series_(tags.series().size()); !fits) return fits;
    const auto end = std::min(options_.to.value_or(now), now - options_.settle);
    const Scope scope{.from = options_.from,
                      .end = end,
                      .look_back = std::max(options_.look_back, options_.late + 24h)};
    Plan plan{connection, options_.source, scope, tags, memory};
    if (auto begun = plan.begin(); !begun) return begun;
    PartitionReader reader{options_.source, options_.parallel};
    Reading reading{.tags = tags,
                    .memory = memory,
                    .plan = plan,
                    .reader = reader,
                    .carrier = carrier,
                    .end = options_.source.time.written_of(end),
                    .selection = tags.selection()};
    auto read = read_steps(reading);
    account_.seen = plan.seen();
    account_.series = tags.series().size();
    return read;
}

base::Status TableIntake::read_steps(Reading& reading) {
    for (;;) {
        if (auto asked = ask(reading); !asked) return asked;
        if (reading.pending.empty()) break;
        const auto pending = std::move(reading.pending.front());
        reading.pending.pop_front();
        const auto rows = collect(reading, pending);
        if (!rows) return rows.error();
        if (auto done = accept(reading, pending.step, rows.value()); !done) return done;
        const auto& seen = reading.plan.seen();
        told_(seen.days - std::min<std::uint64_t>(seen.days, reading.pending.size()),
              seen.days_total);
        if (reading.is_over(account_, options_)) break;
    }
    account_.is_limited = reading.is_over(account_, options_);
    return commit(reading);
}

/// So many steps ahead that every connection has something to read.
base::Status TableIntake::ask(Reading& reading) {
    while (!reading.is_planned && reading.pending.size() <= options_.parallel) {
        auto planned = reading.plan.next();
        if (!planned) return planned.error();
        if (!planned.value()) {
            reading.is_planned = true;
            break;
        }
        Pending pending{.step = std::move(*std::move(planned).value())};
        for (auto& partition : partitions_of(pending.step, reading.tags)) {
            reading.reader.ask(std::move(partition));
            ++pending.partitions;
        }
        reading.pending.push_back(std::move(pending));
    }
    return check_series_(reading.tags.series().size());
}

base::Result<std::vector<Row>> TableIntake::collect(Reading& reading,
                                                    const Pending& pending) const {
    std::vector<Row> all;
    for (std::size_t i = 0; i < pending.partitions; ++i) {
        auto rows = reading.reader.take(kPause);
        while (!rows) {
            if (reading.carrier != nullptr) reading.carrier->tick();
            rows = reading.reader.take(kPause);
        }
        if (!*rows) return rows->error();
        auto part = std::move(*rows).value();
        all.insert(all.end(), std::make_move_iterator(part.begin()),
                   std::make_move_iterator(part.end()));
    }
    if (pending.partitions > 1) {
        std::sort(all.begin(), all.end(), [](const Row& a, const Row& b) {
            return std::tie(a.time.written, a.tag, a.mark) <
                   std::tie(b.time.written, b.tag, b.mark);
        });
    }
    return all;
}

base::Status TableIntake::accept(Reading& reading, const Step& step, const std::vector<Row>& rows) {
    for (const auto& row : rows) {
        if (reading.is_over(account_, options_)) {
            pack(reading, step.table);
            return base::Done{};
        }
        if (auto accepted = accept(reading, step, row); !accepted) return accepted;
    }
    pack(reading, step.table);
    if (auto finished = finish_hours(reading, step); !finished) return finished;
    if (step.ends_table && options_.is_whole) {
        reading.memory.set_through(step.table,
                                   {.end = reading.end, .selection = reading.selection});
    }
    if (!packer_.is_full()) return base::Done{};
    return commit(reading);
}

base::Status TableIntake::accept(Reading& reading, const Step& step, const Row& row) {
    const auto verdict = reading.memory.accept(step.table, reading.tags.at(row.tag).id, row);
    if (!verdict) return verdict.error();
    switch (verdict.value()) {
        case Memory::Verdict::fresh:
            break;
        case Memory::Verdict::conflict:
            note_conflict(reading, step, row);
            return base::Done{};
        case Memory::Verdict::known:
            ++account_.known;
            return base::Done{};
        case Memory::Verdict::closed:
            return base::Done{};
    }
    add(reading, row);
    const bool is_failure = !harvest_.failures.empty();  // Before the readings of later minutes.
    if (!is_failure && harvest_.measurements.size() < kReadingsAtOnce) return base::Done{};
    pack(reading, step.table);
    return packer_.is_full() ? commit(reading) : base::Done{};
}

void TableIntake::add(const Reading& reading, const Row& row) {
    ++account_.rows;
    if (row.kind == RowKind::nothing) {
        ++account_.nothing;
        return;
    }
    const auto& tag = reading.tags.at(row.tag);
    const auto series = *tag.series;
    if (row.kind == RowKind::value) {
        const auto value = reading.tags.series().at(series).scale.apply(row.value);
        harvest_.measurements.push_back(
            {.quantity = series, .value = value, .taken = {}, .source_time = row.time.at});
        return;
    }
    const auto reason = fmt::format("{} at {}: {} ({})", drivers::shown(tag.path),
                                    time_text(row.time.written), row.what, cause_of(row));
    harvest_.failures.push_back({.reason = reason,
                                 .taken = {},
                                 .source_time = row.time.at,
                                 .quantities = {series},
                                 .cause = cause_of(row)});
}

void TableIntake::note_conflict(const Reading& reading, const Step& step, const Row& row) {
    ++account_.conflicts;
    if (account_.conflict_examples.size() >= kExamplesMax) return;
    account_.conflict_examples.push_back(fmt::format("{} at {} in {}",
                                                     drivers::shown(reading.tags.at(row.tag).path),
                                                     time_text(row.time.written), step.table));
}

/// Hands over what was collected.
void TableIntake::pack(const Reading& reading, const std::string& table) {
    const auto& series = reading.tags.series();
    for (auto i = quantities_.size(); i < series.size(); ++i) {
        quantities_.push_back({.name = series[i].name,
                               .kind = series[i].quantity,
                               .unit = series[i].unit,
                               .least = {},
                               .most = {},
                               .resolution = {}});
    }
    packer_.add(table, quantities_, harvest_, index_);
    harvest_ = {};
    account_.tally = packer_.tally();
}

/// An hour is closed when no late row of it is waited for; or when too much is remembered.
base::Status TableIntake::finish_hours(Reading& reading, const Step& step) const {
    std::vector<std::string> ids;
    for (const auto tag : step.tags) ids.push_back(reading.tags.at(tag).id);
    for (auto hour = hour_of(step.range.begin); hour + 1h <= step.range.end; hour += 1h) {
        if (hour < step.whole_from) continue;
        const bool is_over = hour + 1h + options_.late <= reading.end;
        auto finished =
            reading.memory.finish(step.table, hour, ids, is_over || reading.memory.is_full());
        if (!finished) return finished;
    }
    return base::Done{};
}

base::Status TableIntake::commit(Reading& reading) {
    auto flush = packer_.take_flush();
    if (auto added = reading.memory.add_to(flush); !added) return added;
    if (reading.carrier == nullptr) return base::Done{};
    if (flush.lines.empty() && flush.positions.empty()) return base::Done{};
    note_untold(account_.before, packer_.tally(), flush);
    if (auto may = may_write_(); !may) return may;
    auto committed = reading.carrier->commit(std::move(flush));
    if (committed) account_.committed = packer_.tally().readings;
    return committed;
}

}  // namespace imports::tables
