// How long central's answers take with a year of data behind them (year.hpp): what the page and
// people ask, with random series and times, through the router as a request would come. Run it on a
// release build. TMPDIR is the folder for the database, which takes some gigabytes, or for the
// cluster with LEAT_TEST_DATABASE=postgresql. The first argument is the number of days, if not 365;
// the second a part of the names of the questions to be asked, if not all.
#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ensure.hpp"
#include "base/random.hpp"
#include "bench/figures.hpp"
#include "bench/year.hpp"
#include "central/api/answers.hpp"
#include "central/database/place.hpp"
#include "support/temporary_folder.hpp"

namespace {

using namespace std::chrono_literals;

constexpr int kWarm = 300;
constexpr int kCold = 30;
constexpr double kGoalMs = 50;

struct Answered {
    double ms =
        0;  // Of what is sent piece by piece the longest piece: so long nothing else happens.
    std::size_t bytes = 0;
};

Answered ask(api_test::Answers& answers, const std::string& target) {
    const bench::Stopwatch watch;
    auto response = answers.get(target);
    auto longest = watch.seconds();
    if (response.status != 200) fmt::print(stderr, "{}: {}\n", target, response.body);
    ENSURE(response.status == 200);
    auto bytes = response.body.size();
    while (response.stream && response.stream->state() == http::Stream::State::open) {
        const bench::Stopwatch of_piece;
        bytes += response.stream->next().size();
        longest = std::max(longest, of_piece.seconds());
    }
    return {.ms = longest * 1'000, .bytes = bytes};
}

/// What a question is about this time.
class Chance {
  public:
    explicit Chance(const bench::Year& year) : year_(year) {}

    std::string node() { return one_of(year_.nodes()); }
    std::string series() { return one_of(year_.series()); }
    std::string door() { return node() + "/door.open"; }
    std::string encoded_series() {
        auto id = series();
        return id.replace(id.find('/'), 1, "%2F");
    }
    /// "from=…&to=…" of that length, somewhere in the year.
    std::string range(base::Duration length) {
        const auto room = static_cast<std::uint64_t>((year_.end() - year_.begin() - length) / 1min);
        const auto from = year_.begin() + static_cast<std::int64_t>(random_.below(room + 1)) * 1min;
        return fmt::format("from={}&to={}", base::to_milliseconds(from),
                           base::to_milliseconds(from + length));
    }

  private:
    std::string one_of(const std::vector<std::string>& all) {
        return all[random_.below(all.size())];
    }

    const bench::Year& year_;
    base::Random random_{20251120};
};

struct Question {
    const char* name;
    std::function<std::string(Chance&)> target;
};

Question windows_of(const char* name, base::Duration length, std::string more) {
    return {name, [length, more = std::move(more)](Chance& chance) {
                return "/api/v1/windows?series=" + chance.series() + "&" + chance.range(length) +
                       "&" + more;
            }};
}

Question fixed(const char* name, std::string target) {
    return {name, [target = std::move(target)](Chance&) { return target; }};
}

std::vector<Question> window_questions(base::Duration year) {
    return {
        windows_of("windows of a minute, an hour", 1h, "span=1m"),
        windows_of("windows of a minute, a day", 24h, "span=1m"),
        windows_of("the same with the usual band", 24h, "span=1m&band=1"),
        windows_of("windows of 15 minutes, a week", 168h, "span=15m"),
        windows_of("the same with p50, p90 and p99", 168h, "span=15m&quantiles=p50,p90,p99"),
        windows_of("windows of an hour, a month", 720h, "span=1h"),
        windows_of("windows of an hour, the year", year, "span=1h"),
        windows_of("windows of a day, the year", year, "span=1d"),
        windows_of("windows of a week, the year, merged", year, "span=7d"),
        windows_of("the page's chart of a day", 24h, "points=1000&band=1"),
        windows_of("the page's chart of a month", 720h, "points=1000&band=1"),
        windows_of("the page's chart of the year", year, "points=1000&band=1"),
        {"all series of a quantity, by the hour, a week",
         [](Chance& chance) {
             return "/api/v1/windows?group=all&quantity=temperature&span=1h&" + chance.range(168h);
         }},
        {"all series of a location, by the day, a month",
         [](Chance& chance) {
             return "/api/v1/windows?group=location:/house&quantity=co2&span=1d&" +
                    chance.range(720h);
         }},
    };
}

std::vector<Question> reading_questions() {
    const auto readings = [](Chance& chance, base::Duration length, const char* more) {
        return "/api/v1/series/" + chance.encoded_series() + "/readings?" + chance.range(length) +
               more;
    };
    return {
        {"single readings, an hour",
         [=](Chance& chance) { return readings(chance, 1h, "&limit=10000"); }},
        {"single readings, a page of 1 000, deep in the past",
         [=](Chance& chance) { return readings(chance, 720h, "&limit=1000"); }},
        {"single readings, a day with their records",
         [=](Chance& chance) { return readings(chance, 24h, "&limit=10000&origin=1"); }},
        {"single readings, a month as CSV: the longest piece",
         [=](Chance& chance) { return readings(chance, 720h, "&format=csv"); }},
        {"statistics of a series",
         [](Chance& chance) {
             return "/api/v1/series/" + chance.encoded_series() + "/statistics";
         }},
        {"visits, a week",
         [](Chance& chance) {
             return "/api/v1/visits?series=" + chance.door() + "&" + chance.range(168h);
         }},
        {"visits, a month",
         [](Chance& chance) {
             return "/api/v1/visits?series=" + chance.door() + "&" + chance.range(720h);
         }},
    };
}

std::vector<Question> list_questions() {
    return {
        fixed("health", "/healthz"),
        fixed("nodes", "/api/v1/nodes"),
        fixed("series, with their newest values", "/api/v1/series"),
        {"series of a node", [](Chance& chance) { return "/api/v1/series?node=" + chance.node(); }},
        fixed("series of a location", "/api/v1/series?location=/house/attic"),
        fixed("anomalies, 14 days", "/api/v1/anomalies?from=-14d&limit=200"),
        {"anomalies of a node, a month",
         [](Chance& chance) {
             return "/api/v1/anomalies?node=" + chance.node() + "&" + chance.range(720h);
         }},
        fixed("alerts, 14 days", "/api/v1/alerts?from=-14d&limit=200"),
        {"alerts of a node, a month",
         [](Chance& chance) {
             return "/api/v1/alerts?node=" + chance.node() + "&" + chance.range(720h);
         }},
        fixed("jobs and their runs", "/api/v1/jobs?limit=100"),
    };
}

/// So that they must be read from the disk again; the server keeps what it has in its own memory.
void forget_files(const std::filesystem::path& folder) {
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
        if (!file.is_regular_file()) continue;
        const int opened = ::open(file.path().c_str(), O_RDONLY | O_CLOEXEC);
        if (opened < 0) continue;
        ::fdatasync(opened);
        ::posix_fadvise(opened, 0, 0, POSIX_FADV_DONTNEED);
        ::close(opened);
    }
}

std::uintmax_t bytes_in(const std::filesystem::path& folder) {
    std::uintmax_t bytes = 0;
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
        if (file.is_regular_file()) bytes += file.file_size();
    }
    return bytes;
}

void measure(const Question& question, const bench::Year& year, const sinks::Address& address,
             const std::filesystem::path& folder) {
    Chance chance{year};
    std::vector<double> cold;
    for (int i = 0; i < kCold; ++i) {
        forget_files(folder);
        api_test::Answers answers{address, year.end()};
        cold.push_back(ask(answers, question.target(chance)).ms);
    }
    api_test::Answers answers{address, year.end()};
    std::vector<double> warm;
    std::size_t bytes = 0;
    for (int i = 0; i < kWarm; ++i) {
        const auto answered = ask(answers, question.target(chance));
        warm.push_back(answered.ms);
        bytes += answered.bytes;
    }
    const auto p99 = bench::percentile(warm, 0.99);
    fmt::print("| {:<50} | {:>8} | {:>8.2f} | {:>8.2f} | {:>8.2f} | {:>8.2f} | {:>8.2f} |{}\n",
               question.name, bytes / kWarm, bench::percentile(warm, 0.5), p99,
               bench::percentile(warm, 1), bench::percentile(cold, 0.5), bench::percentile(cold, 1),
               p99 > kGoalMs ? " above the goal" : "");
    std::fflush(stdout);
}

}  // namespace

int main(int count, char** words) {
    const support::TemporaryFolder folder;
    const auto address = central_test::place(folder.file("leat.db"));
    bench::Year year{address, count > 1 ? std::atoll(words[1]) : 365};
    const std::string_view asked = count > 2 ? words[2] : "";
    const bench::Stopwatch watch;
    year.fill();
    const auto& files =
        central_test::is_postgres() ? central_test::server().folder().path() : folder.path();
    fmt::print("{}, filled in {:.0f} s, {} MB\n", address.is_server() ? "PostgreSQL" : "SQLite",
               watch.seconds(), bytes_in(files) / 1'000'000);
    fmt::print("| {:<50} | {:>8} | {:>8} | {:>8} | {:>8} | {:>8} | {:>8} |\n",
               "question, answered in ms (goal: p99 at most 50 ms)", "bytes", "p50", "p99", "worst",
               "cold p50", "worst");
    fmt::print("|{:-<52}|{:->9}:|{:->9}:|{:->9}:|{:->9}:|{:->9}:|{:->9}:|\n", "", "", "", "", "",
               "", "");
    for (const auto& questions :
         {list_questions(), window_questions(year.end() - year.begin()), reading_questions()}) {
        for (const auto& question : questions) {
            if (std::string_view{question.name}.find(asked) == std::string_view::npos) continue;
            measure(question, year, address, files);
        }
    }
}
