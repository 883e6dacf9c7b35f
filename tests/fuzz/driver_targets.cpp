#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "base/ensure.hpp"
#include "drivers/replay/position.hpp"
#include "drivers/tables/csv.hpp"
#include "drivers/tail/decode.hpp"
#include "drivers/tail/logfmt.hpp"
#include "drivers/tail/position.hpp"
#include "fuzz/targets.hpp"

namespace fuzz {

namespace {

drivers::tail::Options options_of(drivers::tail::Options::Format format) {
    drivers::tail::Options options;
    options.format = format;
    options.header = false;
    options.times = {format == drivers::tail::Options::Format::csv ? "1" : "time"};
    options.columns = {{.column = "2", .quantity = "a", .unit = "/"},
                       {.column = "3", .quantity = "b", .unit = "/"}};
    if (format == drivers::tail::Options::Format::csv) return options;
    options.columns[0].column = "a";
    options.columns[1].column = "/b/0/c~1d";
    return options;
}

/// Whatever the lines are: numbers that are finite, or a reason for people.
void decode_lines(const drivers::tail::Options& options, std::string_view input) {
    drivers::tail::LineDecoder decoder(options);
    if (options.format == drivers::tail::Options::Format::csv) {
        auto header = options.header ? drivers::tables::find_header(options, input)
                                     : drivers::tables::no_header(options, input);
        if (!header) return;
        ENSURE(header.value().end <= input.size());
        decoder.begin(header.value(), true);
        input.remove_prefix(header.value().end);
    }
    drivers::tables::DecodedRow row;
    while (!input.empty()) {
        const auto end = std::min(input.find('\n'), input.size());
        const auto outcome = decoder.read(input.substr(0, end), row);
        input.remove_prefix(std::min(end + 1, input.size()));
        if (outcome != drivers::tail::LineDecoder::Outcome::row) continue;
        if (row.trouble) {
            ENSURE(!row.trouble->reason.empty() && !row.trouble->cause.empty());
            continue;
        }
        ENSURE(row.values.size() + row.bad_cells.size() <= options.columns.size());
        for (const auto& value : row.values) {
            ENSURE(std::isfinite(value.value));
            ENSURE(value.quantity < decoder.quantities().size());
            ENSURE(row.time.has_value());
        }
    }
    for (const auto& note : decoder.take_notes()) ENSURE(!note.empty());
}

void decode_lines(drivers::tail::Options::Format format, std::string_view input) {
    decode_lines(options_of(format), input);
}

/// The same file with a header, a decimal comma, local times and series that rows name.
void decode_european(std::string_view input) {
    auto options = options_of(drivers::tail::Options::Format::csv);
    options.header = true;
    options.decimal_comma = true;
    options.separator = ';';
    options.times = {"d", "t"};
    options.time_format = drivers::tables::TimeFormat::parse("%d.%m.%Y %H:%M").value();
    options.time_zone = drivers::tables::TimeZone::find("Europe/Berlin").value();
    options.by = {"id"};
    options.missing = {"-999"};
    decode_lines(options, input);
}

std::string in_quotes(std::string_view value) {
    std::string text = "\"";
    for (const char c : value) {
        if (c == '"' || c == '\\') text += '\\';
        text += c;
    }
    return text + "\"";
}

}  // namespace

void csv(std::string_view input) {
    decode_lines(drivers::tail::Options::Format::csv, input);
    decode_european(input);
    const auto length = drivers::tables::row_length(input, ',');
    if (length) ENSURE(*length <= input.size() && input[*length - 1] == '\n');
    std::vector<std::string> fields;
    if (drivers::tables::split_row(drivers::tables::without_newline(input), ',', fields)) {
        ENSURE(!fields.empty());
        ENSURE(fields.size() <= drivers::tables::kFieldsMax);
    }
}

void json_lines(std::string_view input) {
    decode_lines(drivers::tail::Options::Format::json, input);
}

void logfmt(std::string_view input) {
    decode_lines(drivers::tail::Options::Format::logfmt, input);
    std::vector<drivers::tail::LogfmtPair> pairs;
    if (!drivers::tail::read_logfmt(input, pairs)) return;
    // What was read and is written quoted is read as the same.
    std::string written;
    for (const auto& [key, value] : pairs) written += key + "=" + in_quotes(value) + " ";
    std::vector<drivers::tail::LogfmtPair> again;
    ENSURE(drivers::tail::read_logfmt(written, again));
    ENSURE(again == pairs);
}

void replay_position(std::string_view input) {
    const auto first = drivers::replay::parse_position(input);
    if (!first) {
        ENSURE(!first.error().detail.empty());
        return;
    }
    ENSURE(first.value().tail_bytes <= drivers::replay::kTailBytesMax);
    ENSURE(first.value().tail_bytes <= first.value().offset);
    const auto again = drivers::replay::parse_position(to_text(first.value()));
    ENSURE(again);
    ENSURE(again.value() == first.value());
}

void tail_position(std::string_view input) {
    const auto first = drivers::tail::parse_position(input);
    if (!first) return;
    const auto again = drivers::tail::parse_position(to_text(first.value()));
    ENSURE(again);
    ENSURE(again.value() == first.value());
}

}  // namespace fuzz
