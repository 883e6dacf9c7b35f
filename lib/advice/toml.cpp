#include "advice/toml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <vector>

namespace advice {

namespace {

using Advice = std::optional<std::string>;

constexpr std::size_t kShownMax = 60;
constexpr std::string_view kBlanks = " \t\r";
constexpr const char* kStart = "`sample-config` prints a file to start from";

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0;
}

/// What a key may hold without quotes.
bool is_bare(std::string_view key) {
    return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
        return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '.';
    });
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(kBlanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::vector<std::string_view> lines_of(std::string_view text, std::size_t count) {
    std::vector<std::string_view> lines;
    while (lines.size() < count) {
        const auto end = text.find('\n');
        lines.push_back(trimmed(text.substr(0, end)));
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return lines;
}

std::string lower(std::string_view text) {
    std::string result{text};
    for (auto& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return result;
}

/// One line of a file, as far as it is `key = value`.
struct Pair {
    std::string_view key;
    std::string_view value;  // Without a comment, unless it is in quotes.
};

std::optional<Pair> pair_of(std::string_view line) {
    const auto equals = line.find('=');
    if (equals == std::string_view::npos || line.starts_with('#')) return std::nullopt;
    auto value = trimmed(line.substr(equals + 1));
    const bool is_quoted = value.starts_with('"') || value.starts_with('\'');
    if (!is_quoted) value = trimmed(value.substr(0, value.find('#')));
    return Pair{.key = trimmed(line.substr(0, equals)), .value = value};
}

/// The value for a message: short, and never a secret.
std::string shown(const Pair& pair) {
    const auto key = lower(pair.key);
    for (const char* word : {"pass", "secret", "token", "key"}) {
        if (key.find(word) != std::string::npos) return "…";
    }
    const bool is_long = pair.value.size() > kShownMax;
    return is_long ? std::string{pair.value.substr(0, kShownMax)} + "…" : std::string{pair.value};
}

/// A TOML text: in single quotes if it holds what would need an escape.
std::string quoted(const std::string& value) {
    const bool is_plain = value.find_first_of("\"\\") == std::string::npos;
    return is_plain ? fmt::format("\"{}\"", value) : fmt::format("'{}'", value);
}

Advice advise_on_file(std::string_view text) {
    const auto begins = [&](std::string_view bytes) { return text.substr(0, 2) == bytes; };
    if (begins("\xff\xfe") || begins("\xfe\xff")) return "the file is UTF-16: save it as UTF-8";
    const auto start = text.find_first_not_of(" \t\r\n");
    if (start != std::string_view::npos && text[start] == '{') {
        return fmt::format("this is JSON, and leat reads TOML; {}", kStart);
    }
    return std::nullopt;
}

/// Characters that look like others, and that word processors and web pages put in their place.
Advice advise_on_characters(std::string_view line) {
    for (const char* quote : {"“", "”", "„", "‘", "’", "«", "»"}) {
        if (line.find(quote) == std::string_view::npos) continue;
        return fmt::format("{} is a typographic quote: write straight ones, \"…\"", quote);
    }
    for (const char* blank : {"\u00a0", "\u200b", "\u2060", "\ufeff"}) {
        if (line.find(blank) == std::string_view::npos) continue;
        return "there is an invisible character (a no-break space): type the line anew";
    }
    return std::nullopt;
}

/// [table] or [[table]], as far as the line has its brackets.
struct Header {
    std::string_view name;
    bool is_list = false;
    bool is_whole = false;
};

Header header_of(std::string_view line) {
    if (const auto comment = line.find('#'); comment != std::string_view::npos) {
        line = trimmed(line.substr(0, comment));
    }
    Header header{.name = {}, .is_list = line.starts_with("[["), .is_whole = false};
    const auto* const close = header.is_list ? "]]" : "]";
    header.is_whole = line.ends_with(close) && (header.is_list || !line.ends_with("]]"));
    const auto first = line.find_first_not_of('[');
    const auto last = line.find_last_not_of(']');
    if (first != std::string_view::npos && last >= first) {
        header.name = trimmed(line.substr(first, last - first + 1));
    }
    return header;
}

Advice advise_on_header(const std::vector<std::string_view>& lines) {
    const auto header = header_of(lines.back());
    if (header.name.empty()) return "the name between the brackets is missing";
    if (!header.is_whole) {
        return fmt::format("a bracket is missing: write [{0}], or [[{0}]] for one of a list",
                           header.name);
    }
    for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
        if (!lines[i].starts_with('[')) continue;
        const auto earlier = header_of(lines[i]);
        if (earlier.name != header.name) continue;
        if (header.is_list || earlier.is_list || header.name == "sensor") {
            return fmt::format(
                "{0} stands in line {1}, too: for more than one, write [[{0}]] each "
                "time",
                header.name, i + 1);
        }
        return fmt::format("[{}] stands in line {}, too: put the keys of both into one",
                           header.name, i + 1);
    }
    if (!is_bare(header.name)) return fmt::format("write [\"{}\"], in quotes", header.name);
    return std::nullopt;
}

/// A line without "=": most often YAML, or a comment of another language.
Advice advise_without_equals(std::string_view line) {
    if (line.starts_with("//") || line.starts_with(';') || line.starts_with("/*")) {
        return "a comment begins with #";
    }
    if (line.starts_with("---") || line.starts_with("- ")) {
        return fmt::format("this looks like YAML, and leat reads TOML; {}", kStart);
    }
    const auto colon = line.find(':');
    if (colon != std::string_view::npos && is_bare(trimmed(line.substr(0, colon)))) {
        const Pair pair{.key = trimmed(line.substr(0, colon)),
                        .value = trimmed(line.substr(colon + 1))};
        if (pair.value.empty()) {
            return fmt::format("this looks like YAML: TOML writes [{0}], or {0} = …", pair.key);
        }
        const bool is_quoted = pair.value.starts_with('"');
        return fmt::format("this looks like YAML: TOML writes {} = {}", pair.key,
                           is_quoted ? shown(pair) : quoted(shown(pair)));
    }
    return "a line is [table], key = value, or a comment that begins with #";
}

/// Where the text in quotes ends; npos if it does not.
std::size_t closing_quote(std::string_view value) {
    const char quote = value.front();
    for (std::size_t i = 1; i < value.size(); ++i) {
        if (quote == '"' && value[i] == '\\') {
            ++i;
        } else if (value[i] == quote) {
            return i;
        }
    }
    return std::string_view::npos;
}

bool has_bad_escape(std::string_view inside) {
    for (std::size_t i = 0; i + 1 < inside.size(); ++i) {
        if (inside[i] != '\\') continue;
        if (std::string_view{"btnfr\"\\"}.find(inside[i + 1]) == std::string_view::npos)
            return true;
        ++i;
    }
    return false;
}

Advice advise_on_quotes(const Pair& pair) {
    const auto value = pair.value;
    if (value.starts_with("\"\"\"") || value.starts_with("'''")) {
        return "the text in three quotes does not end";
    }
    const auto end = closing_quote(value);
    if (end == std::string_view::npos) {
        if (value.front() == '"' && value.ends_with("\\\"")) {
            return "a backslash before the last quote hides it: write the text in single quotes, "
                   "'…'";
        }
        return fmt::format("the quote at the end is missing: {} = {}{}", pair.key, shown(pair),
                           value.front());
    }
    if (value.front() == '"' && has_bad_escape(value.substr(1, end - 1))) {
        return fmt::format("a backslash has a meaning in \"…\": write {} = '…', in single quotes",
                           pair.key);
    }
    const auto rest = trimmed(value.substr(end + 1));
    if (rest.empty() || rest.starts_with('#')) return std::nullopt;
    if (rest == "," || rest == ";") return fmt::format("take away the {} at the end", rest);
    return "the text ends at its second quote, and more follows: for quotes inside a text write "
           "it in single quotes, '…'";
}

Advice advise_on_number(const Pair& pair) {
    const auto value = pair.value;
    const auto sign = value.find_first_not_of("+-");
    const auto end = std::min(value.find_first_not_of("0123456789._", sign), value.size());
    const auto rest = value.substr(end);
    if (rest.empty() && std::count(value.begin(), value.end(), '.') <= 1) {
        return fmt::format(
            "{} is not a number as TOML writes them: digits before and behind the point, no zero "
            "in front",
            value);
    }
    if (rest == "," || rest == ";") return fmt::format("take away the {} at the end", rest);
    if (rest.starts_with(',') && is_digit(rest[1])) {
        auto point = std::string{value};
        point[end] = '.';
        return fmt::format("numbers have a decimal point: {} = {}", pair.key, point);
    }
    return fmt::format("what has a unit, or is no number, needs quotes: {} = {}", pair.key,
                       quoted(shown(pair)));
}

Advice advise_on_word(const Pair& pair) {
    const auto word = lower(pair.value);
    for (const char* yes : {"true", "yes", "on"}) {
        if (word == yes) return fmt::format("write {} = true", pair.key);
    }
    for (const char* no : {"false", "no", "off"}) {
        if (word == no) return fmt::format("write {} = false", pair.key);
    }
    auto bare = shown(pair);
    while (bare.ends_with('"') || bare.ends_with('\'') || bare.ends_with(';')) bare.pop_back();
    return fmt::format("a text needs quotes: {} = {}", pair.key, quoted(bare));
}

Advice advise_on_value(const Pair& pair) {
    const auto value = pair.value;
    if (value.empty()) return fmt::format("{} has no value", pair.key);
    if (value.starts_with('=')) return "one = is enough";
    if (value.front() == '"' || value.front() == '\'') return advise_on_quotes(pair);
    if (value.front() == '[')
        return fmt::format("the list of {} does not end: ] is missing", pair.key);
    if (value.front() == '{') {
        return fmt::format("the inner table does not end: write it in one line, {} = {{ … }}",
                           pair.key);
    }
    const bool is_number = is_digit(value.front()) ||
                           (value.size() > 1 && is_digit(value[1]) && !is_letter(value.front()));
    return is_number ? advise_on_number(pair) : advise_on_word(pair);
}

/// Whether the value itself is TOML, as far as a look tells: then something else is wrong.
bool is_value_good(const Pair& pair) {
    const auto value = pair.value;
    if (value.empty()) return false;
    if (value.front() == '"' || value.front() == '\'') return !advise_on_quotes(pair);
    if (value == "true" || value == "false") return true;
    return value.find_first_not_of("0123456789") == std::string_view::npos &&
           (value.size() == 1 || value.front() != '0');
}

Advice advise_on_twice(const std::vector<std::string_view>& lines, const Pair& pair) {
    for (std::size_t i = lines.size() - 1; i-- > 0;) {
        if (lines[i].starts_with('[')) break;
        const auto earlier = pair_of(lines[i]);
        if (!earlier || earlier->key != pair.key) continue;
        return fmt::format("{} stands in line {}, too: leave one", pair.key, i + 1);
    }
    return std::nullopt;
}

}  // namespace

Advice on_toml(std::string_view text, std::size_t line) {
    if (auto advice = advise_on_file(text)) return advice;
    const auto lines = lines_of(text, std::max<std::size_t>(line, 1));
    const auto last = lines.back();
    if (last.empty()) return std::nullopt;
    if (auto advice = advise_on_characters(last)) return advice;
    if (last.starts_with('[')) return advise_on_header(lines);
    const auto pair = pair_of(last);
    if (!pair) return advise_without_equals(last);
    if (pair->key.empty()) return "there is no key before the =";
    if (pair->key.ends_with(':')) return "one = is enough, without a colon";
    if (!is_bare(pair->key) && pair->key.find_first_of("\"'") == std::string_view::npos) {
        const auto colon = pair->key.find(':');
        if (colon != std::string_view::npos)
            return advise_without_equals(last.substr(0, colon + 1));
        return fmt::format(
            "a key with other characters than a-z, 0-9, _ and - needs quotes: "
            "\"{}\" = …",
            pair->key);
    }
    return is_value_good(*pair) ? advise_on_twice(lines, *pair) : advise_on_value(*pair);
}

std::string text_meant(std::string_view word) {
    return word.empty() ? std::string{} : quoted(std::string{word});
}

std::string boolean_meant(std::string_view word) {
    const auto small = lower(word);
    if (small == "true" || small == "yes" || small == "on" || small == "1") return "true";
    if (small == "false" || small == "no" || small == "off" || small == "0") return "false";
    return {};
}

std::string number_meant(std::string word) {
    std::replace(word.begin(), word.end(), ',', '.');
    double number = 0;
    const auto* end = word.data() + word.size();
    const auto parsed = std::from_chars(word.data(), end, number);
    const bool is_number = parsed.ec == std::errc{} && parsed.ptr == end && std::isfinite(number);
    return is_number ? fmt::format("{}", number) : std::string{};
}

std::string whole_number_meant(const std::string& word) {
    auto number = number_meant(word);
    return number.find_first_of(".e") == std::string::npos ? number : std::string{};
}

std::optional<std::size_t> line_too_deep(std::string_view text, std::size_t dots_max) {
    std::size_t line = 1;
    std::size_t dots = 0;
    for (const char c : text) {
        if (c == '\n') {
            ++line;
            dots = 0;
        }
        if (c == '.' && ++dots > dots_max) return line;
    }
    return std::nullopt;
}

}  // namespace advice
