#include "central/api/windows_answer.hpp"

#include <algorithm>

#include "central/api/windows.hpp"
#include "central/views/cause_runs.hpp"
#include "central/views/json_values.hpp"

namespace api {

namespace {

/// Writes "name":[…] with one entry a window.
template <class Write>
void write_column(base::JsonWriter& json, const char* name,
                  const std::vector<views::JudgedWindow>& windows, Write write) {
    json.key(name).begin_array();
    for (const auto& window : windows) write(window);
    json.end_array();
}

void write_columns(base::JsonWriter& json, const std::vector<views::JudgedWindow>& windows,
                   const std::vector<std::pair<std::string, double>>& quantiles) {
    using Window = const views::JudgedWindow&;
    const auto number = [&](const char* name, double wire::Summary::*member) {
        write_column(json, name, windows, [&](Window window) {
            views::write_number(json, views::value_of(window, member));
        });
    };
    write_column(json, "t", windows,
                 [&](Window window) { json.value(base::to_milliseconds(window.start)); });
    write_column(json, "count", windows,
                 [&](Window window) { json.value(window.row.summary.count); });
    write_column(json, "expected", windows,
                 [&](Window window) { views::write_count(json, window.expected); });
    write_column(json, "failed", windows, [&](Window window) { json.value(window.row.failed); });
    number("min", &wire::Summary::min);
    number("max", &wire::Summary::max);
    number("first", &wire::Summary::first);
    number("last", &wire::Summary::last);
    write_column(json, "mean", windows,
                 [&](Window window) { views::write_number(json, views::mean_of(window)); });
    for (const auto& [name, share] : quantiles) {
        write_column(json, name.c_str(), windows, [&, share = share](Window window) {
            views::write_number(json, window.row.quantile(share));
        });
    }
    write_column(json, "state", windows,
                 [&](Window window) { json.value(views::letter(window.state)); });
    write_column(json, "quality", windows,
                 [&](Window window) { views::write_number(json, window.quality); });
    write_column(json, "revision", windows,
                 [&](Window window) { json.value(window.row.revision); });
}

/// Of what is a state how long it was on and how often it changed, of what is not its mean by time.
void write_course(base::JsonWriter& json, const std::vector<views::JudgedWindow>& windows,
                  const Material& material) {
    std::vector<engine::Share> shares;
    for (const auto& window : windows) {
        shares.push_back(material.course->share(window.start, window.start + window.span));
    }
    const auto column = [&](const char* name, auto write) {
        json.key(name).begin_array();
        for (const auto& share : shares) write(share);
        json.end_array();
    };
    if (engine::kind_of(material.series.declared) == engine::SeriesKind::on_change) {
        column("mean_by_time", [&](const auto& share) { views::write_number(json, share.mean); });
        return;
    }
    column("on_ms", [&](const auto& share) {
        if (share.on) {
            json.value(std::int64_t{share.on->count()});
        } else {
            json.null();
        }
    });
    column("transitions", [&](const auto& share) { views::write_count(json, share.transitions); });
}

/// An hour says nothing of windows that are longer.
void write_band(base::JsonWriter& json, const std::vector<views::JudgedWindow>& windows,
                const views::ExpectedBand& expected) {
    std::vector<std::optional<views::Band>> bands;
    std::optional<base::EventTime> hour;
    for (const auto& window : windows) {
        const auto start = engine::window_start(window.start, views::kWideSpan);
        const bool is_known = window.span <= views::kWideSpan;
        if (is_known && hour == start) {
            bands.push_back(bands.back());
        } else {
            bands.push_back(is_known ? expected.at(start) : std::nullopt);
        }
        hour = start;
    }
    const auto column = [&](const char* name, double views::Band::*member) {
        json.key(name).begin_array();
        for (const auto& band : bands) {
            views::write_number(json, band ? std::optional{(*band).*member} : std::nullopt);
        }
        json.end_array();
    };
    column("expected_low", &views::Band::low);
    column("expected_high", &views::Band::high);
}

/// Only of windows in which readings failed, and only when there are any.
void write_failures(base::JsonWriter& json, const std::vector<views::JudgedWindow>& windows) {
    const auto has_reasons = [](const auto& window) { return !window.row.reasons.empty(); };
    if (std::none_of(windows.begin(), windows.end(), has_reasons)) return;
    json.key("reasons").begin_array();
    for (const auto& window : windows) {
        if (!has_reasons(window)) continue;
        json.begin_object().member("t", base::to_milliseconds(window.start)).key("failed");
        views::write_reasons(json, window.row);
        json.end_object();
    }
    json.end_array();
}

void write_gaps(base::JsonWriter& json, const std::vector<engine::GapRow>& gaps) {
    json.key("gaps").begin_array();
    // The newest.
    for (auto i = gaps.size() - std::min(gaps.size(), kGapsMax); i < gaps.size(); ++i) {
        const auto& gap = gaps[i];
        json.begin_object().key("from");
        views::write_time(json, gap.first_at);
        json.key("to");
        views::write_time(json, gap.last_at);
        json.member("records", gap.to - gap.from + 1).key("readings");
        views::write_count(json, gap.readings);
        json.member("reason", gap.reason).end_object();
    }
    json.end_array();
}

/// The newest ones; returns how many are left off.
std::size_t write_causes(base::JsonWriter& json, const std::vector<views::JudgedWindow>& windows) {
    const auto runs = views::cause_runs(windows);
    const auto left_off = runs.size() - std::min(runs.size(), kCausesMax);
    json.key("causes").begin_array();
    for (std::size_t i = left_off; i < runs.size(); ++i) {
        json.begin_object().member("from", base::to_milliseconds(runs[i].from));
        json.member("to", base::to_milliseconds(runs[i].to));
        views::write_cause_members(json, runs[i].cause);
        json.end_object();
    }
    json.end_array();
    return left_off;
}

}  // namespace

std::string answer(const WindowsQuestion& question, const Material& material,
                   const std::vector<views::JudgedWindow>& windows) {
    base::JsonWriter json;
    json.begin_object().member("series", question.series);
    json.member("quantity", material.series.declared.quantity);
    json.member("unit", material.series.declared.unit);
    json.member("from", base::to_milliseconds(question.from));
    json.member("to", base::to_milliseconds(question.to));
    json.member("window_ms", std::int64_t{question.span.count()}).key("kept_from");
    views::write_time(json, question.kept_from);
    write_columns(json, windows, question.quantiles);
    if (material.course) write_course(json, windows, material);
    if (question.with_rate) {
        write_column(json, "rate", windows, [&](const views::JudgedWindow& window) {
            views::write_number(json, window.row.rate_per_hour());
        });
    }
    if (material.band) write_band(json, windows, *material.band);
    write_failures(json, windows);
    write_gaps(json, material.gaps);
    const auto causes_left_off = write_causes(json, windows);
    json.key("watermark");
    views::write_time(json, material.node.watermark);
    const auto left_off = material.gaps.size() - std::min(material.gaps.size(), kGapsMax);
    json.member("truncated", left_off + causes_left_off > 0);
    json.member("left_off", std::uint64_t{left_off});
    json.member("causes_left_off", std::uint64_t{causes_left_off});
    json.end_object();
    return json.take();
}

}  // namespace api
