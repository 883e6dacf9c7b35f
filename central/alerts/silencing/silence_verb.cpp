#include "central/alerts/silencing/silence_verb.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <optional>
#include <sstream>
#include <vector>

#include "base/log.hpp"
#include "base/settings.hpp"
#include "base/text.hpp"
#include "central/alerts/core/silence.hpp"
#include "central/sinks/access/path_check.hpp"
#include "central/sinks/alerts/alert_book.hpp"
#include "program/print.hpp"
#include "program/shell.hpp"
#include "wire/identity.hpp"

namespace alerts {

namespace {

using base::Done;
using base::Error;
using base::Fault;
using base::Status;

constexpr base::Duration kLongest = std::chrono::hours{366 * 24};
constexpr std::size_t kReasonBytesMax = 200;
constexpr const char* kUsage =
    "write: leat-central silence attic --for 2h, silence list, or silence end 3";

Error wrong(std::string what) {
    return {Fault::misused, std::move(what)};
}

std::string text_of(base::EventTime time) {
    return fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(base::to_milliseconds(time) / 1000));
}

base::Result<Silence> silence_of(const SilenceRequest& request, const std::string& subject,
                                 base::EventTime now) {
    const auto slash = subject.find('/');
    const auto node = subject.substr(0, slash);
    const auto series = slash == std::string::npos ? std::string{} : subject.substr(slash + 1);
    const bool is_everything = subject == kEverything;
    const bool has_empty_series = slash != std::string::npos && series.empty();
    if ((!is_everything && !wire::is_node_name(node)) || has_empty_series) {
        return wrong(
            fmt::format("\"{}\" is no node and no series; write attic, "
                        "attic/climate.temperature, or \"*\" for everything",
                        subject));
    }
    if (request.length.empty()) {
        return wrong(fmt::format("for how long? Write: leat-central silence {} --for 2h", subject));
    }
    const auto length = base::parse_duration(request.length);
    if (!length || length.value() <= base::Duration::zero() || length.value() > kLongest) {
        return wrong(fmt::format("--for {}: write a length like 30m, 2h or 7d, 366d at most",
                                 request.length));
    }
    if (request.reason.size() > kReasonBytesMax) {
        return wrong(fmt::format("--reason is longer than {} bytes", kReasonBytesMax));
    }
    return Silence{.node = node,
                   .series = series,
                   .from = now,
                   .to = now + length.value(),
                   .reason = request.reason};
}

Status add(sinks::AlertBook& book, const SilenceRequest& request, const std::string& subject,
           base::EventTime now) {
    auto silence = silence_of(request, subject, now);
    if (!silence) return silence.error();
    if (subject != kEverything) {
        const auto known = book.is_known(silence.value().node, silence.value().series);
        if (!known) return known.error();
        if (!known.value()) {
            program::print("central has no readings of {} yet: look whether the name is right\n",
                           subject);
        }
    }
    const auto id = book.add_silence(silence.value());
    if (!id) return id.error();
    program::print(
        "{} is silenced until {}. Its alerts are on the page all the same. To end it: "
        "leat-central silence end {}\n",
        subject == kEverything ? "everything" : subject, text_of(silence.value().to), id.value());
    return Done{};
}

shell::Table table_of(const std::vector<Silence>& silences, base::EventTime now) {
    shell::Table table{.facts = {{"now", now}},
                       .columns = {{.name = "id", .title = "number"},
                                   {.name = {}, .title = "what"},
                                   {.name = "node", .title = {}},
                                   {.name = "series", .title = {}},
                                   {.name = "from", .title = {}},
                                   {.name = "to", .title = "until"},
                                   {.name = "reason", .title = "reason", .is_prose = true}},
                       .when_empty = "nothing is silenced"};
    for (const auto& one : silences) {
        const auto known = [](const std::string& text) {
            return text.empty() ? shell::Cell{} : shell::Cell{text};
        };
        table.rows.push_back({static_cast<std::uint64_t>(one.id), subject_of(one), one.node,
                              known(one.series), one.from, one.to, known(one.reason)});
    }
    return table;
}

Status list(sinks::AlertBook& book, const shell::Output& output, base::EventTime now) {
    const auto silences = book.silences(now);
    if (!silences) return silences.error();
    shell::print(table_of(silences.value(), now), output);
    return Done{};
}

Status end(sinks::AlertBook& book, const std::string& word, base::EventTime now) {
    const auto id = base::parse_number<std::int64_t>(word);
    if (!id) {
        return wrong(
            "which one? Write: leat-central silence end 3; `silence list` shows the "
            "numbers");
    }
    const auto ended = book.end_silence(*id, now);
    if (!ended) return ended.error();
    if (!ended.value()) {
        return wrong(
            fmt::format("there is no silence {}, or it has ended; `leat-central silence "
                        "list` shows those that hold",
                        *id));
    }
    program::print("silence {} is ended\n", *id);
    return Done{};
}

}  // namespace

Status carry_out(const SilenceRequest& request, const sinks::Address& path, base::EventTime now) {
    if (auto there = sinks::expect_database(path); !there) return there;
    std::istringstream stream{request.words};
    std::vector<std::string> words;
    for (std::string word; stream >> word;) words.push_back(word);
    sinks::AlertBook book(path);
    if (words.empty() && !request.words.empty()) return wrong(kUsage);
    if (words.empty() || (words.size() == 1 && words[0] == "list"))
        return list(book, request.output, now);
    if (words[0] == "end" && words.size() <= 2) {
        return end(book, words.size() == 2 ? words[1] : "", now);
    }
    if (words.size() == 1) return add(book, request, words[0], now);
    return wrong(kUsage);
}

program::CommandVerb silence_verb(const program::CommandOption& config, FindDatabase find,
                                  const base::Clock& clock) {
    const auto action = [find = std::move(find), &clock](const program::Command& command) {
        const auto path = find(command.option("config"));
        if (!path) return program::print_error(path.error());
        base::set_log_level(base::LogLevel::error);
        const auto output = shell::output_of(command);
        if (!output) return program::print_error(output.error());
        const auto done = carry_out({.words = command.option("what"),
                                     .length = command.option("for"),
                                     .reason = command.option("reason"),
                                     .output = output.value()},
                                    path.value(), clock.event_time());
        return done ? program::kExitOk : program::print_error(done.error());
    };
    std::vector<program::CommandOption> options{
        {.name = "what",
         .help = "attic, attic/climate.temperature, \"*\"; or list, or end NUMBER",
         .fallback = {},
         .is_positional = true,
         .is_list = true},
        config,
        {.name = "for", .help = "For how long: 30m, 2h, 7d", .fallback = {}},
        {.name = "reason", .help = "Why, for whoever lists it", .fallback = {}}};
    for (auto& option : shell::output_options()) options.push_back(std::move(option));
    return {.name = "silence",
            .help = "Hear nothing of a node or a series for a time; list such silences, end one",
            .options = std::move(options),
            .action = action};
}

}  // namespace alerts
