#include "central/api/windows.hpp"

#include "central/api/common/problems.hpp"
#include "central/api/series.hpp"
#include "central/api/windows_answer.hpp"
#include "central/api/windows_question.hpp"
#include "central/engine/quality/declared_gaps.hpp"
#include "central/views/circumstances.hpp"
#include "central/views/states/course_view.hpp"
#include "central/views/surroundings.hpp"
#include "central/views/window_rows.hpp"
#include "central/views/window_view.hpp"

namespace api {

namespace {

base::Result<views::NodeFacts> node_facts(const Facts& facts, const engine::SeriesRow& series) {
    const auto row = facts.query.node(series.node);
    if (!row) return row.error();
    return views::facts_of(row.value() ? &*row.value() : nullptr,
                           views::presence_of(facts.presences, series.node), series, facts.now,
                           facts.watermark_bound);
}

base::Status collect_gaps(sinks::Query& query, const WindowsQuestion& question,
                          Material& material) {
    const auto& node = material.series.node;
    auto gaps = query.gaps(node, engine::window_start(question.from, question.span), question.to);
    if (!gaps) return gaps.error();
    material.gaps = std::move(gaps).value();
    auto explaining = views::explaining_gaps(query, node, material.gaps);
    if (!explaining) return explaining.error();
    material.explaining = std::move(explaining).value();
    return base::Done{};
}

/// The hours of the range and of the days before it.
base::Result<views::ExpectedBand> collect_band(sinks::Query& query, const WindowsQuestion& question,
                                               const Material& material) {
    const auto from = engine::window_start(material.covered.from, views::kWideSpan);
    if (question.span > views::kWideSpan || material.covered.from >= material.covered.to) {
        return views::ExpectedBand{{}};
    }
    sinks::WindowRange range{.node = material.series.node,
                             .series = material.series.declared.series,
                             .span = views::kWideSpan,
                             .from = from - views::ExpectedBand::kReach,
                             .to = material.covered.to};
    range.rows_max = static_cast<std::size_t>((range.to - range.from) / views::kWideSpan) + 1;
    auto hours = query.windows(range);
    if (!hours) return hours.error();
    return views::ExpectedBand{std::move(hours).value()};
}

base::Result<Material> collect(const Facts& facts, const engine::SeriesRow& series,
                               const WindowsQuestion& question) {
    Material material{.series = series,
                      .covered = {},
                      .rows = {},
                      .gaps = {},
                      .explaining = {},
                      .node = {},
                      .band = {},
                      .course = {}};
    const auto covered = covered_with_failures(facts.query, question, series);
    if (!covered) return covered.error();
    material.covered = covered.value();
    auto rows = views::read_rows(facts.query, series, question.span, material.covered.from,
                                 material.covered.to, kWindowsMax, !question.quantiles.empty());
    if (!rows) return rows.error();
    material.rows = std::move(rows).value();
    if (auto gaps = collect_gaps(facts.query, question, material); !gaps) return gaps.error();
    if (question.with_band) {
        auto band = collect_band(facts.query, question, material);
        if (!band) return band.error();
        material.band = std::move(band).value();
    }
    const auto node = node_facts(facts, series);
    if (!node) return node.error();
    material.node = node.value();
    if (engine::kind_of(series.declared) == engine::SeriesKind::measure) return material;
    auto course = views::read_course(facts.query, series, material.covered.from,
                                     material.covered.to, material.node.watermark);
    if (!course) return course.error();
    material.course = std::move(course).value();
    return material;
}

std::vector<views::JudgedWindow> judge(const Material& material,
                                       const views::Surroundings& surroundings) {
    const engine::DeclaredGaps gaps{material.explaining};
    return views::judge_range(material.series, material.rows, surroundings, material.covered.from,
                              material.covered.to,
                              {.watermark = material.node.watermark,
                               .gaps = gaps,
                               .unplaced = material.node.unplaced,
                               .absence = material.node.absence});
}

}  // namespace

std::variant<FoundWindows, http::Problem> find_windows(const Facts& facts,
                                                       const http::Target& target) {
    auto parsed = parse_windows_question(target, facts.now);
    if (auto* problem = std::get_if<http::Problem>(&parsed)) return std::move(*problem);
    auto& question = std::get<WindowsQuestion>(parsed);
    auto found = find_series(facts.query, question.series);
    if (auto* problem = std::get_if<http::Problem>(&found)) return std::move(*problem);
    auto& series = std::get<engine::SeriesRow>(found);
    const bool is_chosen = question.span != base::Duration::zero();
    const auto stored = facts.query.spans();
    if (!stored) return query_failed(stored.error());
    if (auto problem = choose_span(question, series, stored.value())) return std::move(*problem);
    auto material = collect(facts, series, question);
    if (!material) return query_failed(material.error());
    views::Surroundings surroundings{material.value().rows};
    if (!is_chosen && surroundings.are_most_coarse()) {
        question.span = views::kWideSpan;
        if (auto problem = choose_span(question, series, stored.value()))
            return std::move(*problem);
        material = collect(facts, series, question);
        if (!material) return query_failed(material.error());
        surroundings = views::Surroundings{material.value().rows};
    }
    auto windows = judge(material.value(), surroundings);
    return FoundWindows{.question = std::move(question),
                        .material = std::move(material).value(),
                        .windows = std::move(windows)};
}

std::variant<std::string, http::Problem> list_windows(const Facts& facts,
                                                      const http::Target& target) {
    auto found = find_windows(facts, target);
    if (auto* problem = std::get_if<http::Problem>(&found)) return std::move(*problem);
    const auto& [question, material, windows] = std::get<FoundWindows>(found);
    return answer(question, material, windows);
}

}  // namespace api
