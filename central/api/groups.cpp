#include "central/api/groups.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "central/api/common/problems.hpp"
#include "central/api/windows.hpp"
#include "central/api/windows_question.hpp"
#include "central/views/json_values.hpp"
#include "central/views/window_view.hpp"
#include "wire/identity.hpp"
#include "wire/limits.hpp"

namespace api {

namespace {

/// Rows that one answer may be merged from: about a second of work.
constexpr std::size_t kRowsMax = 200'000;

std::optional<http::Problem> read_group(const std::string& text, sinks::GroupRange& range) {
    constexpr std::string_view kLocation = "location:";
    constexpr std::string_view kTag = "tag:";
    if (text == "all") return std::nullopt;
    if (text.starts_with(kLocation)) range.location = text.substr(kLocation.size());
    if (text.starts_with(kTag)) range.tag = text.substr(kTag.size());
    const bool is_good =
        range.location == "unknown" || wire::is_location(range.location) || wire::is_tag(range.tag);
    if (is_good) return std::nullopt;
    return http::bad_parameter(
        "group", "one of all, location:/house/attic, location:unknown and tag:outdoor");
}

std::optional<http::Problem> check(const http::Target& target, const WindowsQuestion& question,
                                   const sinks::GroupRange& range) {
    for (const char* other : {"series", "points", "band", "rate"}) {
        if (target.find(other)) {
            return http::bad_parameter(other, "a group has none: it has a group and a span");
        }
    }
    if (range.quantity.empty() || range.quantity.size() > wire::kNameBytesMax) {
        return http::bad_parameter("quantity", "missing; write it like temperature");
    }
    if (question.span == base::Duration::zero()) {
        return http::bad_parameter("span", "missing; write it like 1h");
    }
    return std::nullopt;
}

http::Problem too_wide(const std::string& what) {
    const auto detail = what + ". Ask for a shorter range, or a longer span";
    return {422, "range-too-wide", "That range holds too many windows", detail, {{"from", detail}}};
}

http::Problem mixed(const std::vector<std::string>& units) {
    const auto detail =
        fmt::format("they measure in {}, which cannot be merged", fmt::join(units, " and in "));
    return {422,
            "mixed-units",
            "The series of that group measure in different units",
            detail,
            {{"group", detail}}};
}

using Windows = std::map<base::EventTime, sinks::GroupWindow>;

template <class Write>
void write_column(base::JsonWriter& json, const char* name, const Windows& windows, Write write) {
    json.key(name).begin_array();
    for (const auto& [start, window] : windows) write(window);
    json.end_array();
}

void write_columns(base::JsonWriter& json, const Windows& windows,
                   const std::vector<std::pair<std::string, double>>& quantiles) {
    using Window = const sinks::GroupWindow&;
    const auto number = [&](const char* name, double wire::Summary::*member) {
        write_column(json, name, windows, [&](Window window) {
            const auto& summary = window.row.summary;
            views::write_number(
                json, summary.count > 0 ? std::optional{summary.*member} : std::optional<double>{});
        });
    };
    json.key("t").begin_array();
    for (const auto& [start, window] : windows) json.value(base::to_milliseconds(start));
    json.end_array();
    write_column(json, "series", windows, [&](Window window) { json.value(window.series); });
    write_column(json, "count", windows,
                 [&](Window window) { json.value(window.row.summary.count); });
    write_column(json, "failed", windows, [&](Window window) { json.value(window.row.failed); });
    number("min", &wire::Summary::min);
    number("max", &wire::Summary::max);
    write_column(json, "mean", windows,
                 [&](Window window) { views::write_number(json, views::mean_of(window.row)); });
    for (const auto& each : quantiles) {
        write_column(json, each.first.c_str(), windows, [&](Window window) {
            views::write_number(json, window.row.quantile(each.second));
        });
    }
}

}  // namespace

std::variant<std::string, http::Problem> list_group(sinks::Query& query, const http::Target& target,
                                                    base::EventTime now) {
    auto parsed = parse_windows_question(target, now);
    if (auto* problem = std::get_if<http::Problem>(&parsed)) return std::move(*problem);
    const auto& question = std::get<WindowsQuestion>(parsed);
    sinks::GroupRange range{.quantity = target.find("quantity").value_or(""),
                            .span = question.span,
                            .from = question.from,
                            .to = question.to,
                            .rows_max = kRowsMax,
                            .with_sketches = !question.quantiles.empty()};
    const auto name = target.find("group").value_or("");
    if (auto problem = read_group(name, range)) return std::move(*problem);
    if (auto problem = check(target, question, range)) return std::move(*problem);
    if ((range.to - range.from) / range.span > static_cast<std::int64_t>(kWindowsMax)) {
        return too_wide(fmt::format("there are more than {} windows", kWindowsMax));
    }
    const auto kept_from = query.kept_from(range.span);
    if (!kept_from) return query_failed(kept_from.error());
    range.from = std::max(range.from, kept_from.value().value_or(range.from));
    const auto group = query.group(range);
    if (!group && group.error().fault == base::Fault::malformed) {
        return http::bad_parameter("span", group.error().detail);
    }
    if (!group) return query_failed(group.error());
    if (group.value().rows > kRowsMax) {
        return too_wide(fmt::format("they would be merged from more than {} rows", kRowsMax));
    }
    const auto& units = group.value().units;
    if (units.size() > 1) return mixed(units);
    base::JsonWriter json;
    json.begin_object().member("group", name).member("quantity", range.quantity).key("unit");
    if (units.empty()) {
        json.null();
    } else {
        json.value(units.front());
    }
    json.member("from", base::to_milliseconds(question.from));
    json.member("to", base::to_milliseconds(range.to));
    json.member("window_ms", std::int64_t{range.span.count()}).key("kept_from");
    views::write_time(json, kept_from.value());
    write_columns(json, group.value().windows, question.quantiles);
    json.end_object();
    return json.take();
}

}  // namespace api
