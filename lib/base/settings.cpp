#include "base/settings.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <deque>
#include <set>

namespace base {

/// One table of the file, and the keys that it was asked for. The file owns every node; a Settings
/// holds an aliasing pointer, so the file lives for as long as any of its tables is in use.
struct Settings::Node {
    struct File {
        std::string name;
        toml::table root;
        std::vector<std::pair<std::uint32_t, std::string>> errors;  // Line and text.
        std::deque<Node> nodes;

        /// The node of a table: always the same one, so that all the keys it was asked for are
        /// known in one place.
        Node& node_of(const toml::table& wanted, const std::string& at);
    };

    File* file = nullptr;
    const toml::table* table = nullptr;
    std::set<std::string> asked;
    std::string path;

    std::uint32_t line_of(const std::string& key) const {
        const auto* found = key.empty() ? nullptr : table->get(key);
        const auto& source = found != nullptr ? found->source() : table->source();
        return std::max<std::uint32_t>(source.begin.line, 1);
    }

    void refuse(const std::string& key, const std::string& reason) const {
        file->errors.emplace_back(line_of(key), reason);
    }

    /// The value of the key, if it is there; from now on the key is a known one.
    const toml::node* ask(const std::string& key) {
        asked.insert(key);
        return table->get(key);
    }

    std::string full(const std::string& key) const { return path.empty() ? key : path + "." + key; }
};

Settings::Node& Settings::Node::File::node_of(const toml::table& wanted, const std::string& at) {
    for (auto& node : nodes) {
        if (node.table == &wanted && node.path == at) return node;
    }
    auto& node = nodes.emplace_back();
    node.file = this;
    node.table = &wanted;
    node.path = at;
    return node;
}

namespace {

constexpr std::size_t kDotsMax = 512;

template <class Value>
std::string outside(const std::string& key, Value value, Value least, Value most) {
    return fmt::format("{} = {} is out of range: {} to {}", key, value, least, most);
}

std::string as_text(Duration duration) {
    using namespace std::chrono_literals;
    if (duration % 1h == 0ms && duration != 0ms) return fmt::format("{}h", duration / 1h);
    if (duration % 1s == 0ms) return fmt::format("{}s", duration / 1s);
    return fmt::format("{}ms", duration.count());
}

/// The first line whose dotted key could overflow the parser's stack: toml++ limits the depth of
/// brackets and braces, but not of dots.
std::optional<std::size_t> line_too_deep(std::string_view text) {
    std::size_t line = 1;
    std::size_t dots = 0;
    for (const char c : text) {
        if (c == '\n') {
            ++line;
            dots = 0;
        }
        if (c == '.' && ++dots > kDotsMax) return line;
    }
    return std::nullopt;
}

}  // namespace

Result<Settings> Settings::parse(std::string_view text, const std::string& name) {
    if (const auto line = line_too_deep(text)) {
        return Error{Fault::misconfigured,
                     fmt::format("{}:{}: more than {} dots in a line", name, *line, kDotsMax)};
    }
    auto file = std::make_shared<Node::File>();
    file->name = name;
    try {
        file->root = toml::parse(text, name);
    } catch (const toml::parse_error& error) {
        return Error{Fault::misconfigured, fmt::format("{}:{}: {}", name, error.source().begin.line,
                                                       error.description())};
    }
    return Settings{std::shared_ptr<Node>(file, &file->node_of(file->root, {}))};
}

std::optional<std::string> Settings::optional_text(const std::string& key) {
    const auto* found = node_->ask(key);
    if (found == nullptr) return std::nullopt;
    const auto raw = found->value_exact<std::string>();
    if (!raw) {
        node_->refuse(key, fmt::format("{} must be a text in quotes", node_->full(key)));
        return std::nullopt;
    }
    const auto expanded = expand_variables(*raw);
    if (!expanded) {
        node_->refuse(key, fmt::format("{}: {}", node_->full(key), expanded.error().detail));
        return std::nullopt;
    }
    return expanded.value();
}

std::string Settings::text(const std::string& key, const std::string& fallback) {
    return optional_text(key).value_or(fallback);
}

std::string Settings::required_text(const std::string& key) {
    if (node_->table->get(key) == nullptr) {
        node_->ask(key);
        node_->refuse({}, fmt::format("{} is missing", node_->full(key)));
        return {};
    }
    return optional_text(key).value_or("");
}

bool Settings::boolean(const std::string& key, bool fallback) {
    const auto* found = node_->ask(key);
    if (found == nullptr) return fallback;
    const auto truth = found->value_exact<bool>();
    if (!truth) node_->refuse(key, fmt::format("{} must be true or false", node_->full(key)));
    return truth.value_or(fallback);
}

std::int64_t Settings::integer(const std::string& key, std::int64_t fallback, std::int64_t least,
                               std::int64_t most) {
    const auto* found = node_->ask(key);
    if (found == nullptr) return fallback;
    const auto number = found->value_exact<std::int64_t>();
    if (!number) {
        node_->refuse(key, fmt::format("{} must be a whole number", node_->full(key)));
        return fallback;
    }
    if (*number < least || *number > most) {
        node_->refuse(key, outside(node_->full(key), *number, least, most));
        return fallback;
    }
    return *number;
}

double Settings::number(const std::string& key, double fallback, double least, double most) {
    const auto* found = node_->ask(key);
    if (found == nullptr) return fallback;
    const auto number = found->value<double>();
    if (!number || !found->is_number()) {
        node_->refuse(key, fmt::format("{} must be a number", node_->full(key)));
        return fallback;
    }
    if (!(*number >= least && *number <= most)) {
        node_->refuse(key, outside(node_->full(key), *number, least, most));
        return fallback;
    }
    return *number;
}

Duration Settings::duration(const std::string& key, Duration fallback, Duration least,
                            Duration most) {
    if (const auto* found = node_->ask(key); found != nullptr && found->is_integer()) {
        const auto count = found->value<std::int64_t>().value_or(0);
        node_->refuse(key, fmt::format("{} needs a unit, in quotes: \"{}s\", or ms, m, h, d",
                                       node_->full(key), count));
        return fallback;
    }
    const auto written = optional_text(key);
    if (!written) return fallback;
    const auto parsed = parse_duration(*written);
    if (!parsed) {
        node_->refuse(key, fmt::format("{}: {}", node_->full(key), parsed.error().detail));
        return fallback;
    }
    if (parsed.value() < least || parsed.value() > most) {
        node_->refuse(
            key, outside<std::string>(node_->full(key), *written, as_text(least), as_text(most)));
        return fallback;
    }
    return parsed.value();
}

std::uint64_t Settings::bytes(const std::string& key, std::uint64_t fallback, std::uint64_t least,
                              std::uint64_t most) {
    const auto written = optional_text(key);
    if (!written) return fallback;
    const auto parsed = parse_bytes(*written);
    if (!parsed) {
        node_->refuse(key, fmt::format("{}: {}", node_->full(key), parsed.error().detail));
        return fallback;
    }
    if (parsed.value() < least || parsed.value() > most) {
        node_->refuse(key, outside(node_->full(key), parsed.value(), least, most) + " bytes");
        return fallback;
    }
    return parsed.value();
}

std::string Settings::choice(const std::string& key, const std::string& fallback,
                             const std::vector<std::string>& words) {
    auto written = text(key, fallback);
    if (std::find(words.begin(), words.end(), written) != words.end()) return written;
    auto reason = fmt::format("{} = \"{}\" is not one of: {}", node_->full(key), written,
                              fmt::join(words, ", "));
    if (const auto near = nearest_word(written, words)) {
        reason += fmt::format("; did you mean \"{}\"?", *near);
    }
    node_->refuse(key, reason);
    return fallback;
}

std::vector<std::string> Settings::texts(const std::string& key,
                                         std::vector<std::string> fallback) {
    const auto* found = node_->ask(key);
    if (found == nullptr) return fallback;
    const auto* array = found->as_array();
    if (array == nullptr) {
        node_->refuse(key, fmt::format("{} must be a list of texts", node_->full(key)));
        return fallback;
    }
    std::vector<std::string> result;
    for (const auto& item : *array) {
        const auto word = item.value_exact<std::string>();
        if (!word) {
            node_->refuse(key, fmt::format("{} must hold texts only", node_->full(key)));
            continue;
        }
        auto expanded = expand_variables(*word);
        if (expanded) {
            result.push_back(std::move(expanded).value());
        } else {
            node_->refuse(key, fmt::format("{}: {}", node_->full(key), expanded.error().detail));
        }
    }
    return result;
}

std::vector<std::string> Settings::words(const std::string& key) {
    const auto* found = node_->ask(key);
    if (found == nullptr) return {};
    std::vector<std::string> result;
    const auto add = [&](const toml::node& item) {
        if (const auto whole = item.value_exact<std::int64_t>()) {
            result.push_back(std::to_string(*whole));
        } else if (const auto number = item.value_exact<double>()) {
            result.push_back(fmt::format("{}", *number));
        } else if (const auto word = item.value_exact<std::string>()) {
            auto expanded = expand_variables(*word);
            if (expanded) return result.push_back(std::move(expanded).value());
            node_->refuse(key, fmt::format("{}: {}", node_->full(key), expanded.error().detail));
        } else {
            node_->refuse(key, fmt::format("{} must be a text, a number, or a list of them",
                                           node_->full(key)));
        }
    };
    const auto* array = found->as_array();
    if (array == nullptr) {
        add(*found);
    } else {
        for (const auto& item : *array) add(item);
    }
    return result;
}

Settings Settings::table(const std::string& key) {
    static const toml::table kEmpty;
    const auto* found = node_->ask(key);
    const auto* table = found == nullptr ? nullptr : found->as_table();
    if (found != nullptr && table == nullptr) {
        node_->refuse(key, fmt::format("{} must be a table", node_->full(key)));
    }
    auto& child = node_->file->node_of(table == nullptr ? kEmpty : *table, node_->full(key));
    return Settings{std::shared_ptr<Node>(node_, &child)};
}

std::vector<Settings> Settings::tables(const std::string& key) {
    const auto* found = node_->ask(key);
    if (found == nullptr) return {};
    const auto* array = found->as_array();
    if (array == nullptr || !array->is_homogeneous(toml::node_type::table)) {
        node_->refuse(key, fmt::format("{0} must be written as [[{0}]]", node_->full(key)));
        return {};
    }
    std::vector<Settings> result;
    for (const auto& item : *array) {
        auto& child = node_->file->node_of(*item.as_table(), node_->full(key));
        result.push_back(Settings{std::shared_ptr<Node>(node_, &child)});
    }
    return result;
}

std::vector<std::pair<std::string, std::string>> Settings::pairs() {
    std::vector<std::pair<std::string, std::string>> result;
    for (const auto& key : keys()) {
        if (const auto value = optional_text(key)) result.emplace_back(key, *value);
    }
    return result;
}

std::vector<std::string> Settings::keys() const {
    using Place = std::pair<std::uint32_t, std::uint32_t>;
    std::vector<std::pair<Place, std::string>> by_place;
    for (const auto& [key, value] : *node_->table) {
        const auto& begin = value.source().begin;
        by_place.emplace_back(Place{begin.line, begin.column}, key.str());
    }
    std::sort(by_place.begin(), by_place.end());
    std::vector<std::string> result;
    for (auto& [place, key] : by_place) result.push_back(std::move(key));
    return result;
}

bool Settings::has(const std::string& key) const {
    return node_->table->get(key) != nullptr;
}

bool Settings::is_table(const std::string& key) const {
    const auto* const found = node_->table->get(key);
    return found != nullptr && found->is_table();
}

std::string Settings::written(const std::string& key) const {
    const auto* found = node_->table->get(key);
    if (found == nullptr) return {};
    if (const auto number = found->value_exact<std::int64_t>()) return std::to_string(*number);
    return found->value_exact<std::string>().value_or("");
}

std::string Settings::full_name(const std::string& key) const {
    return node_->full(key);
}

void Settings::refuse(const std::string& key, const std::string& reason) {
    node_->refuse(key, reason);
}

std::string Settings::place(const std::string& key) const {
    return fmt::format("{}:{}", node_->file->name, node_->line_of(key));
}

Status Settings::check() const {
    auto errors = node_->file->errors;
    for (const auto& node : node_->file->nodes) {
        const std::vector<std::string> known(node.asked.begin(), node.asked.end());
        for (const auto& [key, value] : *node.table) {
            const std::string name{key.str()};
            if (node.asked.contains(name)) continue;
            auto reason = fmt::format("unknown key \"{}\"", node.full(name));
            if (const auto near = nearest_word(name, known)) {
                reason += fmt::format("; did you mean \"{}\"?", *near);
            } else if (!known.empty()) {
                reason += fmt::format("; known here: {}", fmt::join(known, ", "));
            }
            errors.emplace_back(value.source().begin.line, reason);
        }
    }
    if (errors.empty()) return Done{};
    std::sort(errors.begin(), errors.end());
    // A key that was asked for twice is still only one mistake.
    errors.erase(std::unique(errors.begin(), errors.end()), errors.end());
    std::string detail;
    for (const auto& [line, reason] : errors) {
        if (!detail.empty()) detail += '\n';
        detail += fmt::format("{}:{}: {}", node_->file->name, line, reason);
    }
    return Error{Fault::misconfigured, detail};
}

}  // namespace base
