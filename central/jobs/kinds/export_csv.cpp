#include "central/jobs/kinds/export_csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "central/files/whole_file.hpp"
#include "central/jobs/core/folder.hpp"
#include "central/jobs/kinds/chosen_series.hpp"
#include "central/sinks/database_query.hpp"
#include "central/text/day.hpp"
#include "central/text/rfc3339.hpp"
#include "central/views/readings/reading_text.hpp"
#include "drivers/tables/time_zone.hpp"

namespace jobs {

namespace {

namespace fs = std::filesystem;
using drivers::tables::TimeZone;

constexpr const char* kAfter = ".csv";
constexpr std::size_t kPage = 10'000;
constexpr std::size_t kDayBytes = 10;  // 2026-11-28

/// Of more days nobody waits for a file.
constexpr std::chrono::days kCaughtUpMax{31};
constexpr std::size_t kCompareBytes = 1 << 16;

struct CsvOptions {
    sinks::Address database;
    std::string folder;
    std::string prefix;
    std::vector<std::string> match;
    TimeZone zone;
    std::size_t keep = 30;
};

/// Whether both files hold the same.
bool are_same(const fs::path& a, const fs::path& b) {
    std::error_code error;
    if (fs::file_size(a, error) != fs::file_size(b, error) || error) return false;
    std::ifstream one{a, std::ios::binary};
    std::ifstream other{b, std::ios::binary};
    std::string first(kCompareBytes, '\0');
    std::string second(kCompareBytes, '\0');
    while (one && other) {
        one.read(first.data(), kCompareBytes);
        other.read(second.data(), kCompareBytes);
        if (one.gcount() != other.gcount() || first != second) return false;
    }
    return one.eof() && other.eof();  // Else one of them could not be read.
}

class ExportCsv final : public Job {
  public:
    explicit ExportCsv(CsvOptions options) : options_(std::move(options)) {}

    std::string explain() const override {
        return fmt::format(
            "Writes the single readings of yesterday, and of each day since the newest file that "
            "is there, up to 31 (--from and --to name another time), by the clocks of {}, from {} "
            "into {} as {}-<day>.csv: a header, then series by series in order of time. It has its "
            "name only when it is whole, and another with --limit. A file of that name that holds "
            "something else goes into the folder `backup` there, "
            "which keeps the newest {}.",
            options_.zone.name(), options_.database.text(), options_.folder, options_.prefix,
            options_.keep);
    }
    Heeds heeds() const override { return {.from = true, .to = true, .limit = true}; }
    std::string remedy() const override {
        return fmt::format(
            "look whether {} is there, writable and large enough, then run it again; for days of "
            "long ago with --from, --to and --zone {}",
            options_.folder, options_.zone.name());
    }

    base::Result<Work> run(const Order& order, base::EventTime now, Progress& progress) override {
        auto opened = sinks::DatabaseQuery::open(options_.database);
        if (!opened) return opened.error();
        const auto spans = spans_of(order, now);
        if (spans.front().first >= spans.front().second) {
            return base::Error{base::Fault::malformed, "--from must be before --to"};
        }
        const auto series = chosen_series(*opened.value(), options_.match);
        if (!series) return series.error();
        if (!order.is_dry) {
            if (auto there = make_folder(options_.folder); !there) return there.error();
            auto cleared = clear_partial(options_.folder, stem(), kAfter);
            if (!cleared) return cleared.error();
        }
        Work all{.read = fmt::format("{} series of {}", series.value().size(),
                                     options_.database.text())};
        for (const auto& span : spans) {
            auto one = export_span(*opened.value(), series.value(), span, order, now, progress);
            if (!one) return one;
            all.records += one.value().records;
            if (!all.wrote.empty()) all.wrote += "; ";
            all.wrote += one.value().wrote;
        }
        return all;
    }

  private:
    using Span = std::pair<base::EventTime, base::EventTime>;

    std::string stem() const { return options_.prefix + "-"; }

    /// What the order says; else each whole day since the newest file, as far as days are caught
    /// up, and yesterday.
    std::vector<Span> spans_of(const Order& order, base::EventTime now) const {
        const base::EventTime today =
            std::chrono::floor<std::chrono::days>(options_.zone.local_of(now));
        const auto yesterday = today - std::chrono::days{1};
        const auto span_of = [&](base::EventTime day) -> Span {
            return {options_.zone.instant_of(day),
                    options_.zone.instant_of(day + std::chrono::days{1})};
        };
        if (order.from || order.to) {
            return {{order.from.value_or(span_of(yesterday).first),
                     order.to.value_or(span_of(yesterday).second)}};
        }
        auto day = yesterday;
        if (const auto newest = newest_day(); newest && !order.limit) {
            day = std::clamp(*newest + std::chrono::days{1}, yesterday - kCaughtUpMax, yesterday);
        }
        std::vector<Span> spans;
        for (; day <= yesterday; day += std::chrono::days{1}) spans.push_back(span_of(day));
        return spans;
    }

    /// Of the files that are there, as a local time.
    std::optional<base::EventTime> newest_day() const {
        std::optional<base::EventTime> newest;
        std::error_code error;
        fs::directory_iterator entries{options_.folder, error};
        for (; !error && entries != fs::directory_iterator{}; entries.increment(error)) {
            const auto name = entries->path().filename().string();
            const auto day = day_in(name);
            if (day && (!newest || *day > *newest)) newest = day;
        }
        return newest;
    }

    /// The day that a file of ours is for.
    std::optional<base::EventTime> day_in(const std::string& name) const {
        const auto prefix = stem();
        if (!name.starts_with(prefix) || !name.ends_with(kAfter)) return std::nullopt;
        const std::string day = name.substr(prefix.size(), kDayBytes);
        if (name != prefix + day + kAfter) return std::nullopt;
        return text::parse_day(day);
    }

    base::Result<Work> export_span(sinks::Query& query,
                                   const std::vector<engine::SeriesRow>& series, const Span& span,
                                   const Order& order, base::EventTime now,
                                   Progress& progress) const {
        const auto path = fs::path{options_.folder} / name_of(span.first, span.second, order.limit);
        if (order.is_dry) return Work{.wrote = path.string()};
        files::WholeFile file{path.string()};
        if (auto begun = file.begin(); !begun) return begun.error();
        const auto written = write(query, series, span, order, file, progress);
        if (!written) return written.error();
        if (auto may = progress.may_write(); !may) return may.error();
        return publish(file, path, now, written.value());
    }

    /// The day when it is one, else from when to when. A trial is no whole file.
    std::string name_of(base::EventTime from, base::EventTime to,
                        const std::optional<std::uint64_t>& limit) const {
        const base::EventTime day =
            std::chrono::floor<std::chrono::days>(options_.zone.local_of(from));
        const bool is_day = from == options_.zone.instant_of(day) &&
                            to == options_.zone.instant_of(day + std::chrono::days{1});
        const auto what =
            is_day ? text::day_text(day) : text::file_stamp(from) + "-" + text::file_stamp(to);
        return stem() + what + (limit ? fmt::format("-first-{}", *limit) : "") + kAfter;
    }

    struct Written {
        std::uint64_t readings = 0;
        std::uint64_t summarised = 0;  // That are in windows only.
        std::uint64_t cut = 0;         // Series of which a part of the time is in windows only.
    };

    base::Result<Written> write(sinks::Query& query, const std::vector<engine::SeriesRow>& series,
                                const Span& span, const Order& order, files::WholeFile& file,
                                Progress& progress) const {
        const views::ReadingStyle style{.format = views::ReadingFormat::csv, .zone = options_.zone};
        if (auto added = file.add(views::ReadingText{{}, style}.header()); !added) {
            return added.error();
        }
        auto left = order.limit.value_or(std::numeric_limits<std::uint64_t>::max());
        Written written;
        std::uint64_t done = 0;
        for (const auto& row : series) {
            views::ReadingText text{row, style};
            sinks::ReadingRange range{.node = row.node,
                                      .series = row.declared.series,
                                      .from = span.first,
                                      .to = span.second};
            if (auto noted = note_holes(query, row, range, written); !noted) return noted.error();
            for (bool has_more = true; has_more && left > 0;) {
                range.readings_max = std::min<std::uint64_t>(kPage, left);
                const auto page = query.readings(range);
                if (!page) return page.error();
                std::string lines;
                for (const auto& reading : page.value()) text.add(lines, reading);
                if (auto added = file.add(lines); !added) return added.error();
                written.readings += page.value().size();
                left -= page.value().size();
                has_more = page.value().size() == range.readings_max;
                if (has_more) range.after = page.value().back().place;
            }
            progress.report(++done, series.size());
        }
        return written;
    }

    /// What the file cannot have.
    static base::Status note_holes(sinks::Query& query, const engine::SeriesRow& row,
                                   const sinks::ReadingRange& range, Written& written) {
        const auto extent = query.reading_extent(range);
        if (!extent) return extent.error();
        written.summarised += extent.value().summarised;
        const auto kept = extent.value().first_at.value_or(range.to);
        if (row.first_at && *row.first_at < kept && range.from < kept) ++written.cut;
        return base::Done{};
    }

    /// The same file again changes nothing.
    base::Result<Work> publish(files::WholeFile& file, const fs::path& path, base::EventTime now,
                               const Written& written) const {
        std::error_code error;
        Work work{.records = written.readings, .wrote = path.string()};
        if (written.summarised > 0) {
            work.wrote +=
                fmt::format(" without {} readings of which only windows tell", written.summarised);
        }
        if (written.cut > 0) {
            work.wrote += fmt::format(
                " in which {} series begin later, as single readings are "
                "not kept that long",
                written.cut);
        }
        if (fs::exists(path, error)) {
            if (are_same(path, file.partial())) return work;
            if (written.cut > 0) {
                return base::Error{base::Fault::exhausted,
                                   path.string() +
                                       ": it stays as it is, as a part of its readings is no "
                                       "longer kept, and a new one would have less"};
            }
            if (auto kept = keep_old(path, now); !kept) return kept.error();
        }
        if (auto finished = file.finish(); !finished) return finished.error();
        return work;
    }

    /// It has two names until the new file takes the first, as far as the disk can do that.
    base::Status keep_old(const fs::path& path, base::EventTime now) const {
        std::error_code error;
        const auto folder = fs::path{options_.folder} / "backup";
        const auto before = path.filename().string() + ".";
        const auto kept = before + text::file_stamp(now);
        fs::create_directories(folder, error);
        if (!error) fs::create_hard_link(path, folder / kept, error);
        if (error) fs::rename(path, folder / kept, error);
        if (error) {
            return base::Error{base::Fault::transient, folder.string() + ": " + error.message()};
        }
        const auto rotated = rotate(folder.string(), before, {}, options_.keep, kept);
        if (!rotated) return rotated.error();
        return base::Done{};
    }

    CsvOptions options_;
};

}  // namespace

std::unique_ptr<Job> make_export_csv(Keys& keys, const Place& place) {
    CsvOptions options{.database = place.database,
                       .folder = keys.required_text("folder"),
                       .prefix = read_prefix(keys),
                       .match = keys.texts("match", {"*"}),
                       .zone = {},
                       .keep = static_cast<std::size_t>(keys.integer("keep", 30, 1, 10'000))};
    if (auto zone = TimeZone::find(keys.text("zone", "UTC"))) {
        options.zone = std::move(zone).value();
    } else {
        keys.refuse("zone", "zone: " + zone.error().detail);
    }
    return std::make_unique<ExportCsv>(std::move(options));
}

}  // namespace jobs
