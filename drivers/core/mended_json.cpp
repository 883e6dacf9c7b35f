#include "drivers/core/mended_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/utf8.hpp"

namespace drivers {

namespace {

constexpr std::size_t kDepthMax = 16;
constexpr std::string_view kSpaces = " \t\r\n";

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// What a value says, without its quotes.
std::string_view said_by(std::string_view value) {
    if (value.starts_with('{') || value.starts_with('[')) return "several values";
    return value.starts_with('"') ? value.substr(1, value.size() - 2) : value;
}

/// Whether it is a word or a number of JSON: no "021", "+1", ".5" or "1.", and none that a double
/// does not hold.
bool is_plain_value(std::string_view text) {
    if (text == "true" || text == "false" || text == "null") return true;
    auto digits = text;
    if (digits.starts_with('-')) digits.remove_prefix(1);
    const bool is_usual = !digits.empty() && is_digit(digits.front()) && is_digit(digits.back());
    const bool has_zero = digits.size() > 1 && digits.front() == '0' && is_digit(digits[1]);
    if (!is_usual || has_zero) return false;
    double number = 0;
    const auto* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    return read.ec == std::errc{} && read.ptr == end;
}

/// What may stand between quotes: no control characters, and no bytes that are no UTF-8.
std::string with_escapes(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        auto rest = text;
        const auto character = base::take_character(rest);
        const auto bytes = text.substr(0, text.size() - rest.size());
        if (!character) {
            result += fmt::format("\\\\x{:02x}", static_cast<unsigned char>(bytes.front()));
        } else if (*character < U' ') {
            result += fmt::format("\\u{:04x}", static_cast<unsigned char>(bytes.front()));
        } else {
            result += bytes;
        }
        text = rest;
    }
    return result;
}

/// Reads JSON value by value and writes it again. Gives up at what it cannot mend.
class Mender {
  public:
    explicit Mender(std::string_view json) : rest_(json) {}

    /// Of an object or a list; a word alone is no JSON.
    std::optional<std::string> whole() {
        skip_spaces();
        if (!is_at('{') && !is_at('[')) return std::nullopt;
        auto written = value(0);
        skip_spaces();
        return rest_.empty() ? written : std::nullopt;
    }

  private:
    using Text = std::optional<std::string>;

    Text value(std::size_t depth) {
        skip_spaces();
        if (rest_.empty() || depth > kDepthMax) return std::nullopt;
        if (is_at('{')) return object(depth);
        if (is_at('[')) return array(depth);
        return is_at('"') ? quoted() : bare();
    }

    Text object(std::size_t depth) {
        std::vector<std::pair<std::string, std::string>> members;
        std::map<std::string, std::size_t> places;
        for (bool more = open('}'); more; more = accept(',') && !is_at('}')) {
            auto key = quoted();
            if (!key || !accept(':')) return std::nullopt;
            auto content = value(depth + 1);
            if (!content) return std::nullopt;
            const auto [place, is_new] = places.try_emplace(*key, members.size());
            if (is_new) {
                members.emplace_back(std::move(*key), std::move(*content));
            } else if (auto& first = members[place->second].second; first != *content) {
                first = fmt::format("\"{} and {}\"", said_by(first), said_by(*content));
            }
        }
        if (!accept('}')) return std::nullopt;
        std::string written = "{";
        for (const auto& [key, content] : members) {
            written += (written.size() > 1 ? "," : "") + key + ":" + content;
        }
        return written + "}";
    }

    Text array(std::size_t depth) {
        std::string written = "[";
        for (bool more = open(']'); more; more = accept(',') && !is_at(']')) {
            const auto element = value(depth + 1);
            if (!element) return std::nullopt;
            written += (written.size() > 1 ? "," : "") + *element;
        }
        return accept(']') ? std::optional{written + "]"} : std::nullopt;
    }

    Text quoted() {
        if (!is_at('"')) return std::nullopt;
        for (std::size_t i = 1; i < rest_.size(); ++i) {
            if (rest_[i] == '\\') {
                ++i;
            } else if (rest_[i] == '"') {
                return with_escapes(take(i + 1));
            }
        }
        return std::nullopt;
    }

    /// A word or a number; nothing at all is an empty text.
    Text bare() {
        const auto text = take(std::min(rest_.find_first_of(",:[]{}\"\\ \t\r\n"), rest_.size()));
        return is_plain_value(text) ? text : '"' + with_escapes(text) + '"';
    }

    std::string take(std::size_t size) {
        std::string taken{rest_.substr(0, size)};
        rest_.remove_prefix(size);
        return taken;
    }

    void skip_spaces() {
        rest_.remove_prefix(std::min(rest_.find_first_not_of(kSpaces), rest_.size()));
    }

    bool is_at(char c) const { return rest_.starts_with(c); }

    bool accept(char c) {
        skip_spaces();
        if (!is_at(c)) return false;
        rest_.remove_prefix(1);
        skip_spaces();
        return true;
    }

    /// After the sign that opens it: whether there is anything in it.
    bool open(char end) {
        rest_.remove_prefix(1);
        skip_spaces();
        return !is_at(end);
    }

    std::string_view rest_;
};

}  // namespace

std::string mended_json(std::string_view json) {
    return Mender{json}.whole().value_or(std::string{json});
}

}  // namespace drivers
