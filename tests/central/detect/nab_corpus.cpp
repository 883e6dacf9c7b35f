#include "central/detect/nab_corpus.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>

#include "base/ensure.hpp"
#include "base/json.hpp"

namespace nab {

namespace {

constexpr double kFalsePositive = 0.11;   // Weights of the standard profile.
constexpr std::size_t kSecondsText = 19;  // "2014-07-01 00:00:00"

int number(std::string_view text, std::size_t at, std::size_t digits) {
    return std::stoi(std::string{text.substr(at, digits)});
}

std::int64_t seconds_of(std::string_view text) {
    const std::chrono::year_month_day date{
        std::chrono::year{number(text, 0, 4)},
        std::chrono::month{static_cast<unsigned>(number(text, 5, 2))},
        std::chrono::day{static_cast<unsigned>(number(text, 8, 2))}};
    const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
    return days * 86'400 + number(text, 11, 2) * 3'600 + number(text, 14, 2) * 60 +
           number(text, 17, 2);
}

Series read_series(const std::string& folder, const base::Json::Member& labels) {
    Series series;
    series.name = labels.key;
    std::vector<std::string> times;
    std::ifstream file{folder + "/" + series.name};
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
        times.push_back(line.substr(0, kSecondsText));
        series.seconds.push_back(seconds_of(line));
        series.values.push_back(std::strtod(line.c_str() + line.find(',') + 1, nullptr));
    }
    const auto row_at = [&](const base::Json& time) {
        const auto found =
            std::find(times.begin(), times.end(), time.string.substr(0, kSecondsText));
        ENSURE(found != times.end());
        return static_cast<std::size_t>(found - times.begin());
    };
    for (const auto& window : labels.value.array) {
        series.windows.push_back({row_at(window.array[0]), row_at(window.array[1])});
    }
    return series;
}

/// What firing is worth by its place: nearly 1 at a window's beginning (-1), 0 at its end (0), and
/// nearly -1 far behind it.
double worth(double place) {
    return place > 3 ? -1 : 2 / (1 + std::exp(5 * place)) - 1;
}

/// What one row contributes when the detector fires there.
struct Firing {
    double score = 0;
    double value = 0;
    std::optional<std::size_t> window;  // Of all in the corpus; the best firing in it counts.
};

struct Tally {
    std::vector<Firing> firings;
    std::vector<double> rewards;  // Of the windows; -1 as long as one is missed.
    std::size_t reachable = 0;    // Windows that are not wholly within the first rows.
};

void add(const Series& series, const std::vector<double>& scores, Tally& tally) {
    const auto rows = series.values.size();
    const auto ignored = std::min<std::size_t>(rows * 15 / 100, 750);
    const auto windows_before = tally.rewards.size();
    std::optional<Series::Window> behind;
    std::size_t next = 0;
    for (std::size_t row = 0; row < rows; ++row) {
        while (next < series.windows.size() && series.windows[next].last < row) {
            behind = series.windows[next++];
        }
        const bool inside = next < series.windows.size() && series.windows[next].first <= row;
        Firing firing{scores[row], kFalsePositive * worth(4), std::nullopt};
        if (inside) {
            const auto& window = series.windows[next];
            const auto length = static_cast<double>(window.last - window.first + 1);
            const auto left = static_cast<double>(window.last - row + 1);
            firing.value = worth(-left / length) / worth(-1);
            firing.window = windows_before + next;
        } else if (behind) {
            const auto length = static_cast<double>(behind->last - behind->first);
            firing.value = kFalsePositive * worth(static_cast<double>(row - behind->last) / length);
        }
        if (row >= ignored) tally.firings.push_back(firing);
    }
    tally.rewards.resize(windows_before + series.windows.size(), -1);
    for (const auto& window : series.windows) tally.reachable += window.last >= ignored ? 1 : 0;
}

}  // namespace

std::vector<Series> read_corpus(const std::string& folder) {
    std::ifstream file{folder + "/windows.json"};
    if (!file) return {};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    const auto labels = base::parse_json(text, {.bytes_max = 1 << 20, .values_max = 1 << 16});
    ENSURE(labels);
    std::vector<Series> corpus;
    for (const auto& member : labels.value().object) {
        corpus.push_back(read_series(folder, member));
    }
    return corpus;
}

Score score(const std::vector<Series>& corpus, const std::vector<std::vector<double>>& scores) {
    Tally tally;
    for (std::size_t i = 0; i < corpus.size(); ++i) add(corpus[i], scores[i], tally);
    auto& firings = tally.firings;
    std::stable_sort(firings.begin(), firings.end(),
                     [](const Firing& a, const Firing& b) { return a.score > b.score; });
    const double none = -static_cast<double>(tally.reachable);
    double sum = none;
    double best = none;
    Score result{0, 1};
    for (auto at = firings.begin(); at != firings.end();) {
        const double threshold = at->score;
        for (; at != firings.end() && at->score == threshold; ++at) {
            if (!at->window) {
                sum += at->value;
                continue;
            }
            auto& reward = tally.rewards[*at->window];
            sum += std::max(0.0, at->value - reward);
            reward = std::max(reward, at->value);
        }
        if (sum <= best) continue;
        best = sum;
        result.threshold = threshold;
    }
    result.points = 100 * (best - none) / (static_cast<double>(tally.rewards.size()) - none);
    return result;
}

}  // namespace nab
