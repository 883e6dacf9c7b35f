#include "central/shell/export_verb.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <functional>
#include <string_view>
#include <utility>

#include "central/dimensions/cadence.hpp"
#include "central/files/whole_file.hpp"
#include "central/shell/subjects.hpp"
#include "central/shell/table/verb_output.hpp"
#include "central/views/readings/reading_text.hpp"
#include "program/print.hpp"

namespace shell {

namespace {

using Write = std::function<base::Status(std::string_view text)>;

/// From the beginning to the end of all times, where nothing else is said.
struct Span {
    base::EventTime from = dimensions::kLongAgo;
    base::EventTime to = base::EventTime{} + (base::EventTime{} - dimensions::kLongAgo);
};

/// What was written, and what there was of which the node sent only a summary.
struct Exported {
    std::uint64_t readings = 0;
    std::uint64_t summarised = 0;
    std::uint64_t cut = 0;  // Series of which readings of the time are no longer kept singly.
};

base::Result<Span> span_of(const Question& question) {
    Span span;
    for (auto [option, time] : {std::pair{"from", &span.from}, std::pair{"to", &span.to}}) {
        if (question.command.option(option).empty()) continue;
        const auto read = time_of(question, option);
        if (!read) return read.error();
        *time = read.value();
    }
    return span;
}

base::Status write_series(const Question& question, const views::ReadingStyle& style,
                          const engine::SeriesRow& series, const Span& span, const Write& write,
                          Exported& exported) {
    sinks::ReadingRange range{
        .node = series.node, .series = series.declared.series, .from = span.from, .to = span.to};
    const auto extent = question.facts.query.reading_extent(range);
    if (!extent) return extent.error();
    exported.summarised += extent.value().summarised;
    const auto& kept = extent.value().first_at;
    const bool has_more = series.first_at && *series.first_at < kept.value_or(span.to);
    if (has_more && span.from < kept.value_or(span.to)) ++exported.cut;
    views::ReadingText lines{series, style};
    while (true) {
        const auto readings = question.facts.query.readings(range);
        if (!readings) return readings.error();
        std::string text;
        for (const auto& reading : readings.value()) lines.add(text, reading);
        if (auto written = write(text); !written) return written;
        exported.readings += readings.value().size();
        if (readings.value().size() < range.readings_max) return base::Done{};
        range.after = readings.value().back().place;
    }
}

/// The local time is another column: that of UTC stays what it is.
views::ReadingStyle style_of(const Question& question, const Output& output) {
    views::ReadingStyle style{
        .format = output.is_json ? views::ReadingFormat::ndjson : views::ReadingFormat::csv,
        .with_origin = question.command.flag("origin")};
    if (!output.zone.is_same({})) style.zone = output.zone;
    return style;
}

base::Result<Exported> write_all(const Question& question, const Output& output,
                                 const Write& write) {
    const auto words = words_of(question.command.option("series"));
    if (words.empty()) {
        return base::Error{base::Fault::misused,
                           "of which series? Write: leat-central export attic, or "
                           "attic/climate.temperature"};
    }
    const auto all = series_of_all(question.facts, words);
    if (!all) return all.error();
    const auto span = span_of(question);
    if (!span) return span.error();
    if (all.value().empty()) return Exported{};
    const auto style = style_of(question, output);
    const views::ReadingText first{all.value().front(), style};
    if (auto done = write(first.header()); !done) return done.error();
    Exported exported;
    for (const auto& series : all.value()) {
        auto done = write_series(question, style, series, span.value(), write, exported);
        if (!done) return done.error();
    }
    return exported;
}

/// A full disk ends it, rather than all the rest being read for nothing.
base::Status write_out(std::string_view text) {
    program::print_text(text);
    if (program::has_output_arrived()) return base::Done{};
    return base::Error{base::Fault::transient, "not all of it could be written"};
}

base::Result<Exported> write_file(const Question& question, const Output& output,
                                  const std::string& path) {
    const auto place = files::replaceable(path);
    if (!place) return place.error();
    files::WholeFile file{place.value(), fmt::format(".part-{}", ::getpid())};
    if (auto begun = file.begin(); !begun) return begun.error();
    const auto written =
        write_all(question, output, [&](std::string_view text) { return file.add(text); });
    if (!written) return written;
    if (auto finished = file.finish(); !finished) return finished.error();
    return written;
}

std::string sentence_of(const Exported& exported) {
    auto sentence = fmt::format("{} {} written", exported.readings,
                                exported.readings == 1 ? "reading" : "readings");
    if (exported.summarised > 0) {
        sentence += fmt::format("; of {} more the node sent only a summary, which is in windows",
                                exported.summarised);
    }
    if (exported.cut > 0) {
        sentence += fmt::format(
            "; of {} series the beginning is in windows only, as single "
            "readings are not kept that long",
            exported.cut);
    }
    return sentence;
}

base::Status export_readings(const Question& question, const Output& output) {
    const auto& path = question.command.option("out");
    const auto exported =
        path == "-" ? write_all(question, output, write_out) : write_file(question, output, path);
    if (!exported) return exported.error();
    fmt::print(stderr, "{}\n", sentence_of(exported.value()));
    return base::Done{};
}

}  // namespace

program::CommandVerb export_verb(const program::CommandOption& config, const Load& load,
                                 const base::Clock& clock) {
    std::vector<program::CommandOption> options{
        {.name = "series",
         .help = "Which series: attic/climate.temperature, or attic for all of a node",
         .fallback = {},
         .is_positional = true,
         .is_list = true},
        {.name = "from", .help = "From when on; else from the first reading", .fallback = {}},
        {.name = "to", .help = "Until when; else to the last reading", .fallback = {}},
        {.name = "out",
         .help = "The file, which appears when it is whole; - for standard output",
         .fallback = "-"},
        {.name = "origin",
         .help = "Also the record of each reading, and when it was stored",
         .fallback = {},
         .is_flag = true},
        config};
    for (auto& option : output_options()) options.push_back(std::move(option));
    return {.name = "export",
            .help = "Write the single readings of series as CSV, or with --json a line each",
            .options = std::move(options),
            .action = [load, &clock](const program::Command& command) {
                return with_database(command, load, clock, export_readings);
            }};
}

}  // namespace shell
