#include "base/settings.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include "advice/toml.hpp"

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
    std::map<std::string, std::string> advised;  // For keys that are none.
    std::string path;

    std::uint32_t line_of(const std::string& key) const {
        const auto* found = key.empty() ? nullptr : table->get(key);
        const auto& source = found != nullptr ? found->source() : table->source();
        return std::max<std::uint32_t>(source.begin.line, 1);
    }

    void refuse(const std::string& key, const std::string& reason) const {
        file->errors.emplace_back(line_of(key), reason);
    }

    /// A value of the wrong type. `instead` is what to write; empty if nobody can know.
    void refuse_type(const std::string& key, const std::string& wanted,
                     const std::string& instead) const {
        auto reason = fmt::format("{} must be {}", full(key), wanted);
        if (!instead.empty()) reason += fmt::format(": write {} = {}", key, instead);
        refuse(key, reason);
    }

    /// Adds a text of a list, with its variables.
    void add(const std::string& key, const std::string& text, std::vector<std::string>& to) const {
        auto expanded = expand_variables(text);
        if (expanded) return to.push_back(std::move(expanded).value());
        refuse(key, fmt::format("{}: {}", full(key), expanded.error().detail));
    }

    /// The value of the key, if it is there; from now on the key is a known one.
    const toml::node* ask(const std::string& key) {
        asked.insert(key);
        return table->get(key);
    }

    /// What to tell about a key that nobody asked for.
    std::string why_unknown(const std::string& key) const;

    std::string full(const std::string& key) const { return path.empty() ? key : path + "." + key; }
};

std::string Settings::Node::why_unknown(const std::string& key) const {
    auto reason = fmt::format("unknown key \"{}\"", full(key));
    if (const auto said = advised.find(key); said != advised.end()) {
        return fmt::format("{}: {}", reason, said->second);
    }
    for (const auto& other : file->nodes) {
        if (other.path.empty() || other.path == path || !other.asked.contains(key)) continue;
        const auto* at = file->root.get(other.path);
        const bool is_list = at != nullptr && at->is_array();
        return fmt::format("{}; it belongs to {}{}{}", reason, is_list ? "[[" : "[", other.path,
                           is_list ? "]]" : "]");
    }
    const std::vector<std::string> known(asked.begin(), asked.end());
    if (const auto near = nearest_word(key, known)) {
        return fmt::format("{}; did you mean \"{}\"?", reason, *near);
    }
    return known.empty() ? reason
                         : fmt::format("{}; known here: {}", reason, fmt::join(known, ", "));
}

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

/// A scalar as a person would say it, without quotes; empty for anything else.
std::string spoken(const toml::node& value) {
    if (const auto whole = value.value_exact<std::int64_t>()) return fmt::format("{}", *whole);
    if (const auto number = value.value_exact<double>()) return fmt::format("{}", *number);
    if (const auto truth = value.value_exact<bool>()) return fmt::format("{}", *truth);
    return value.value_exact<std::string>().value_or("");
}

}  // namespace

Result<Settings> Settings::parse(std::string_view text, const std::string& name) {
    if (const auto line = advice::line_too_deep(text, kDotsMax)) {
        return Error{Fault::misconfigured,
                     fmt::format("{}:{}: more than {} dots in a line", name, *line, kDotsMax)};
    }
    auto file = std::make_shared<Node::File>();
    file->name = name;
    try {
        file->root = toml::parse(text, name);
    } catch (const toml::parse_error& error) {
        const auto line = std::max<std::uint32_t>(error.source().begin.line, 1);
        const auto instead = advice::on_toml(text, line);
        return Error{Fault::misconfigured,
                     fmt::format("{}:{}: {}", name, line,
                                 instead ? *instead : std::string{error.description()})};
    }
    return Settings{std::shared_ptr<Node>(file, &file->node_of(file->root, {}))};
}

std::optional<std::string> Settings::optional_text(const std::string& key) {
    const auto* found = node_->ask(key);
    if (found == nullptr) return std::nullopt;
    const auto raw = found->value_exact<std::string>();
    if (!raw) {
        node_->refuse_type(key, "a text in quotes", advice::text_meant(spoken(*found)));
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
    return optional_boolean(key).value_or(fallback);
}

std::optional<bool> Settings::optional_boolean(const std::string& key) {
    const auto* found = node_->ask(key);
    if (found == nullptr) return std::nullopt;
    const auto truth = found->value_exact<bool>();
    if (!truth) node_->refuse_type(key, "true or false", advice::boolean_meant(spoken(*found)));
    return truth ? std::optional{*truth} : std::nullopt;
}

std::int64_t Settings::integer(const std::string& key, std::int64_t fallback, std::int64_t least,
                               std::int64_t most) {
    const auto* found = node_->ask(key);
    if (found == nullptr) return fallback;
    const auto number = found->value_exact<std::int64_t>();
    if (number && *number >= least && *number <= most) return *number;
    if (number) {
        node_->refuse(key, outside(node_->full(key), *number, least, most));
    } else {
        node_->refuse_type(key, "a whole number", advice::whole_number_meant(spoken(*found)));
    }
    return fallback;
}

double Settings::number(const std::string& key, double fallback, double least, double most) {
    return optional_number(key, least, most).value_or(fallback);
}

std::optional<double> Settings::optional_number(const std::string& key, double least, double most) {
    const auto* found = node_->ask(key);
    if (found == nullptr) return std::nullopt;
    const auto number = found->is_number() ? found->value<double>() : std::nullopt;
    if (number && *number >= least && *number <= most) return number;
    if (number) {
        node_->refuse(key, outside(node_->full(key), *number, least, most));
    } else {
        node_->refuse_type(key, "a number", advice::number_meant(spoken(*found)));
    }
    return std::nullopt;
}

/// The text of a value that has a unit.
std::optional<std::string> Settings::measure(const std::string& key, std::string_view units) {
    const auto* found = node_->ask(key);
    const auto bare = found == nullptr ? std::nullopt : found->value_exact<std::int64_t>();
    if (!bare) return optional_text(key);
    node_->refuse(
        key, fmt::format("{} needs a unit, in quotes: \"{}{}", node_->full(key), *bare, units));
    return std::nullopt;
}

Duration Settings::duration(const std::string& key, Duration fallback, Duration least,
                            Duration most) {
    const auto written = measure(key, "s\", or ms, m, h, d");
    if (!written) return fallback;
    const auto parsed = parse_duration(*written);
    if (parsed && parsed.value() >= least && parsed.value() <= most) return parsed.value();
    node_->refuse(key, parsed ? outside<std::string>(node_->full(key), *written,
                                                     duration_text(least), duration_text(most))
                              : node_->full(key) + ": " + parsed.error().detail);
    return fallback;
}

std::uint64_t Settings::bytes(const std::string& key, std::uint64_t fallback, std::uint64_t least,
                              std::uint64_t most) {
    const auto written = measure(key, "MiB\", or B, KiB, GiB, TiB");
    if (!written) return fallback;
    const auto parsed = parse_bytes(*written);
    if (parsed && parsed.value() >= least && parsed.value() <= most) return parsed.value();
    node_->refuse(key, parsed ? outside<std::string>(node_->full(key), *written, bytes_text(least),
                                                     bytes_text(most))
                              : node_->full(key) + ": " + parsed.error().detail);
    return fallback;
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
        const auto one = found->value_exact<std::string>();
        node_->refuse_type(key, "a list of texts", one ? fmt::format("[\"{}\"]", *one) : "");
        return fallback;
    }
    std::vector<std::string> result;
    for (const auto& item : *array) {
        if (item.is_string()) {
            node_->add(key, spoken(item), result);
        } else {
            node_->refuse(key, fmt::format("{} must hold texts only", node_->full(key)));
        }
    }
    return result;
}

std::vector<std::string> Settings::words(const std::string& key) {
    std::vector<std::string> result;
    const auto add = [&](const toml::node& item) {
        if (item.is_number() || item.is_string()) return node_->add(key, spoken(item), result);
        node_->refuse_type(key, "a text, a number, or a list of them", {});
    };
    const auto* found = node_->ask(key);
    if (found == nullptr) return result;
    if (const auto* array = found->as_array()) {
        for (const auto& item : *array) add(item);
    } else {
        add(*found);
    }
    return result;
}

Settings Settings::table(const std::string& key) {
    static const toml::table kEmpty;
    const auto* found = node_->ask(key);
    const auto* table = found == nullptr ? nullptr : found->as_table();
    if (found != nullptr && table == nullptr) {
        node_->refuse(key, fmt::format("{0} must be a table: write [{0}], and its keys below",
                                       node_->full(key)));
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
    return node_->table->get_as<toml::table>(key) != nullptr;
}

bool Settings::is_whole(const std::string& key) const {
    return node_->table->get_as<std::int64_t>(key) != nullptr;
}

std::string Settings::written(const std::string& key) const {
    const auto* found = node_->table->get(key);
    const bool is_shown = found != nullptr && (found->is_integer() || found->is_string());
    return is_shown ? spoken(*found) : std::string{};
}

std::string Settings::full_name(const std::string& key) const {
    return node_->full(key);
}

void Settings::refuse(const std::string& key, const std::string& reason) {
    node_->refuse(key, reason);
}

void Settings::advise(const std::string& key, const std::string& advice) {
    node_->advised[key] = advice;
}

std::string Settings::place(const std::string& key) const {
    return fmt::format("{}:{}", node_->file->name, node_->line_of(key));
}

Status Settings::check() const {
    auto errors = node_->file->errors;
    for (const auto& node : node_->file->nodes) {
        for (const auto& [key, value] : *node.table) {
            const std::string name{key.str()};
            if (node.asked.contains(name)) continue;
            errors.emplace_back(value.source().begin.line, node.why_unknown(name));
        }
    }
    if (errors.empty()) return Done{};
    std::sort(errors.begin(), errors.end());
    // A key that was asked for twice is still only one mistake.
    errors.erase(std::unique(errors.begin(), errors.end()), errors.end());
    std::vector<std::string> lines;
    for (const auto& [line, reason] : errors) {
        lines.push_back(fmt::format("{}:{}: {}", node_->file->name, line, reason));
    }
    return Error{Fault::misconfigured, fmt::format("{}", fmt::join(lines, "\n"))};
}

}  // namespace base
