#include "central/validation/sieve.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace validation {

namespace {

/// Copies one point with all that belongs to it.
void copy(const wire::RawColumn& from, std::size_t i, wire::RawColumn& to) {
    to.dt_ms.push_back(from.dt_ms[i]);
    to.values.push_back(from.values[i]);
}

void copy(const wire::PartialColumn& from, std::size_t i, wire::PartialColumn& to) {
    to.span = from.span;
    to.dt_ms.push_back(from.dt_ms[i]);
    to.summaries.push_back(from.summaries[i]);
    if (!from.sketches.empty()) to.sketches.push_back(from.sketches[i]);
    if (from.first_dt_ms.empty()) return;
    to.first_dt_ms.push_back(from.first_dt_ms[i]);
    to.last_dt_ms.push_back(from.last_dt_ms[i]);
}

/// Goes through a column once.
class Sieve {
  public:
    Sieve(const Judged& judged, const Rule& rule, const std::vector<SetAside>& earlier)
        : judged_(judged), rule_(rule), around_(judged.around), was_(earlier) {}

    Sifted sift() {
        std::visit([this](const auto& column) { sift(column); }, judged_.column.points);
        if (readings_ > 0) {
            result_.why = fmt::format("{} {} set aside, the first because {}", readings_,
                                      readings_ == 1 ? "reading is" : "readings are", first_);
        }
        return std::move(result_);
    }

  private:
    template <class Column>
    void sift(const Column& column) {
        auto& passed = result_.passed.template emplace<Column>();
        bool is_copied = !was_.empty();  // Else all is good so far, and nothing needs a copy.
        for (std::size_t i = 0; i < column.dt_ms.size(); ++i) {
            const auto before = was_set_aside(i);
            if (!was_.empty() && !before) {
                count(column, i);
                continue;
            }
            const auto breach = judge(column, i);
            if (breach) {
                for (std::size_t good = 0; !is_copied && good < i; ++good) {
                    copy(column, good, passed);
                }
                is_copied = true;
                set_aside(column, i, *breach);
            } else {
                if (is_copied) copy(column, i, passed);
                count(column, i);
            }
            note_change(column, i, before, breach);
        }
    }

    std::optional<Breach> was_set_aside(std::size_t place) const {
        for (const auto& aside : was_) {
            if (std::binary_search(aside.places.begin(), aside.places.end(), place)) {
                return aside.breach;
            }
        }
        return std::nullopt;
    }

    base::EventTime time(std::int64_t dt_ms) const { return judged_.at + base::Duration{dt_ms}; }

    std::optional<Breach> judge(const wire::RawColumn& column, std::size_t i) const {
        return breach_of(rule_, around_, {.at = time(column.dt_ms[i]), .value = column.values[i]});
    }
    std::optional<Breach> judge(const wire::PartialColumn& column, std::size_t i) const {
        return breach_of(rule_, around_, time(column.dt_ms[i]), column.summaries[i]);
    }

    /// The reading is the one before the next, unless an older or a future one is.
    void count(const wire::RawColumn& column, std::size_t i) {
        if (!rule_.step) return;
        const Point point{.at = time(column.dt_ms[i]), .value = column.values[i]};
        const bool is_newest = !around_.before || point.at >= around_.before->at;
        if (is_newest && point.at <= judged_.limit) around_.before = point;
    }
    void count(const wire::PartialColumn& /*column*/, std::size_t /*i*/) {}

    /// Only the first reading is explained: the others of its record are like it, mostly.
    void set_aside(const wire::RawColumn& column, std::size_t i, Breach breach) {
        set_aside({.at = time(column.dt_ms[i]), .value = column.values[i]}, i, breach, 1);
    }
    void set_aside(const wire::PartialColumn& column, std::size_t i, Breach breach) {
        const auto& summary = column.summaries[i];
        const bool is_low =
            breach_of(rule_, around_, {.at = time(column.dt_ms[i]), .value = summary.min}) ==
            breach;
        set_aside({.at = time(column.dt_ms[i]), .value = is_low ? summary.min : summary.max}, i,
                  breach, summary.count);
    }
    void set_aside(const Point& point, std::size_t i, Breach breach, std::uint64_t readings) {
        if (result_.aside.empty()) first_ = explain(breach, rule_, around_, point);
        readings_ += readings;
        auto found = std::find_if(result_.aside.begin(), result_.aside.end(),
                                  [&](const SetAside& aside) { return aside.breach == breach; });
        if (found == result_.aside.end()) {
            result_.aside.push_back({.series = judged_.column.series,
                                     .breach = breach,
                                     .places = {},
                                     .at = judged_.at,
                                     .before = judged_.around.before,
                                     .unit = judged_.around.unit});
            found = result_.aside.end() - 1;
        }
        found->places.push_back(i);
    }

    static std::uint64_t readings_of(const wire::RawColumn& /*column*/, std::size_t /*i*/) {
        return 1;
    }
    static std::uint64_t readings_of(const wire::PartialColumn& column, std::size_t i) {
        return column.summaries[i].count;
    }

    template <class Column>
    void note_change(const Column& column, std::size_t i, std::optional<Breach> before,
                     std::optional<Breach> now) {
        if (before == now) return;
        const auto at = time(column.dt_ms[i]);
        const auto readings = readings_of(column, i);
        if (before) result_.healed.push_back({at, *before, readings});
        if (now) result_.broken.push_back({at, *now, readings});
    }

    const Judged& judged_;
    const Rule& rule_;
    Circumstances around_;  // As they are before the next reading.
    const std::vector<SetAside>& was_;
    Sifted result_;
    std::string first_;
    std::uint64_t readings_ = 0;
};

}  // namespace

Sifted sift(const Judged& judged, const Rule& rule, const std::vector<SetAside>& earlier) {
    return Sieve{judged, rule, earlier}.sift();
}

}  // namespace validation
