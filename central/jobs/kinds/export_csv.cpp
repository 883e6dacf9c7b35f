#include "central/jobs/kinds/export_csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "central/jobs/kinds/folder.hpp"
#include "central/sinks/sqlite_query.hpp"
#include "central/validation/series_rules.hpp"
#include "central/views/readings/reading_text.hpp"
#include "drivers/tables/time_zone.hpp"

namespace jobs {

namespace {

namespace fs = std::filesystem;
using drivers::tables::TimeZone;

constexpr const char* kBefore = "leat-";
constexpr const char* kAfter = ".csv";
constexpr std::size_t kPage = 10'000;
constexpr std::size_t kCompareBytes = 1 << 16;

struct CsvOptions {
    std::string database;
    std::string folder;
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

/// "2026-11-28"
std::string day_text(base::EventTime local) {
    const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(local)};
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

class ExportCsv final : public Job {
  public:
    explicit ExportCsv(CsvOptions options) : options_(std::move(options)) {}

    std::string explain() const override {
        return fmt::format(
            "Writes the single readings of yesterday (--from and --to name another time), by the "
            "clocks of {}, from {} into {} as leat-<day>.csv: a header, then series by series in "
            "order of time. It has its name only when it is whole, and another with --limit. A "
            "file of that name that holds something else goes into the folder `backup` there, "
            "which keeps the newest {}.",
            options_.zone.name(), options_.database, options_.folder, options_.keep);
    }
    std::string remedy() const override {
        return fmt::format(
            "look whether {} is there, writable and large enough, then run it again with --from "
            "and --to for the day that is missing",
            options_.folder);
    }

    base::Result<Work> run(const Order& order, base::EventTime now, Progress& progress) override {
        if (auto there = expect_folder(options_.folder); !there) return there.error();
        auto opened = sinks::SqliteQuery::open(options_.database);
        if (!opened) return opened.error();
        const auto [from, to] = span_of(order, now);
        if (from >= to) return base::Error{base::Fault::malformed, "--from must be before --to"};
        const auto path = fs::path{options_.folder} / name_of(from, to, order.limit);
        const auto series = chosen(*opened.value());
        if (!series) return series.error();
        if (order.is_dry) {
            return Work{
                .read = fmt::format("{} series of {}", series.value().size(), options_.database),
                .wrote = path.string()};
        }
        if (auto cleared = clear_partial(options_.folder, kBefore, kAfter); !cleared) {
            return cleared.error();
        }
        WholeFile file{path.string()};
        if (auto begun = file.begin(); !begun) return begun.error();
        const auto written =
            write(*opened.value(), series.value(), {from, to}, order, file, progress);
        if (!written) return written.error();
        return publish(file, path, now, written.value());
    }

  private:
    using Span = std::pair<base::EventTime, base::EventTime>;

    /// Yesterday, unless the order says when.
    Span span_of(const Order& order, base::EventTime now) const {
        const base::EventTime today =
            std::chrono::floor<std::chrono::days>(options_.zone.local_of(now));
        return {order.from.value_or(options_.zone.instant_of(today - std::chrono::days{1})),
                order.to.value_or(options_.zone.instant_of(today))};
    }

    /// The day when it is one, else from when to when. A trial is no whole file.
    std::string name_of(base::EventTime from, base::EventTime to,
                        const std::optional<std::uint64_t>& limit) const {
        const base::EventTime day =
            std::chrono::floor<std::chrono::days>(options_.zone.local_of(from));
        const bool is_day = from == options_.zone.instant_of(day) &&
                            to == options_.zone.instant_of(day + std::chrono::days{1});
        const auto what = is_day ? day_text(day) : stamp_of(from) + "-" + stamp_of(to);
        return kBefore + what + (limit ? fmt::format("-first-{}", *limit) : "") + kAfter;
    }

    base::Result<std::vector<engine::SeriesRow>> chosen(sinks::Query& query) const {
        auto all = query.series({});
        if (!all) return all;
        auto rows = std::move(all).value();
        std::erase_if(rows, [&](const engine::SeriesRow& row) {
            const auto id = row.node + "/" + row.declared.series;
            return std::none_of(
                options_.match.begin(), options_.match.end(),
                [&](const auto& pattern) { return validation::matches(pattern, id); });
        });
        return rows;
    }

    /// Gives how many readings.
    base::Result<std::uint64_t> write(sinks::Query& query,
                                      const std::vector<engine::SeriesRow>& series,
                                      const Span& span, const Order& order, WholeFile& file,
                                      Progress& progress) const {
        const views::ReadingStyle style{.format = views::ReadingFormat::csv, .zone = options_.zone};
        if (auto added = file.add(views::ReadingText{{}, style}.header()); !added) {
            return added.error();
        }
        auto left = order.limit.value_or(std::numeric_limits<std::uint64_t>::max());
        std::uint64_t readings = 0;
        std::uint64_t done = 0;
        for (const auto& row : series) {
            views::ReadingText text{row, style};
            sinks::ReadingRange range{.node = row.node,
                                      .series = row.declared.series,
                                      .from = span.first,
                                      .to = span.second};
            for (bool has_more = true; has_more && left > 0;) {
                range.readings_max = std::min<std::uint64_t>(kPage, left);
                const auto page = query.readings(range);
                if (!page) return page.error();
                std::string lines;
                for (const auto& reading : page.value()) text.add(lines, reading);
                if (auto added = file.add(lines); !added) return added.error();
                readings += page.value().size();
                left -= page.value().size();
                has_more = page.value().size() == range.readings_max;
                if (has_more) range.after = page.value().back().place;
            }
            progress.tell(++done, series.size());
        }
        return readings;
    }

    /// The same file again changes nothing.
    base::Result<Work> publish(WholeFile& file, const fs::path& path, base::EventTime now,
                               std::uint64_t readings) const {
        std::error_code error;
        const Work work{.records = readings, .read = options_.database, .wrote = path.string()};
        if (fs::exists(path, error)) {
            if (are_same(path, file.partial())) return work;
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
        const auto kept = before + stamp_of(now);
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
