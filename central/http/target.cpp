#include "central/http/target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/settings.hpp"
#include "base/text.hpp"

namespace http {

namespace {

constexpr std::size_t kParametersMax = 64;

base::Error malformed(std::string detail) {
    return {base::Fault::malformed, std::move(detail)};
}

std::optional<char> decode_escape(std::string_view digits) {
    std::string lower{digits};
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
    std::array<std::uint8_t, 1> byte{};
    if (!base::from_hex(lower, byte)) return std::nullopt;
    return static_cast<char>(byte[0]);
}

base::Result<std::string> decode(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            const auto decoded = decode_escape(text.substr(i + 1, 2));
            if (!decoded) return malformed("an escape is not % and two hexadecimal digits");
            c = *decoded;
            i += 2;
        }
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F) return malformed("control character");
        plain += c;
    }
    return plain;
}

base::Result<std::pair<std::string, std::string>> decode_pair(std::string_view text) {
    const auto equals = text.find('=');
    auto name = decode(text.substr(0, equals));
    if (!name) return name.error();
    if (equals == std::string_view::npos) return std::pair{std::move(name).value(), std::string{}};
    auto value = decode(text.substr(equals + 1));
    if (!value) return value.error();
    return std::pair{std::move(name).value(), std::move(value).value()};
}

std::vector<std::string> names_of(const std::vector<Parameter>& parameters) {
    std::vector<std::string> names;
    for (const auto& parameter : parameters) names.push_back(parameter.name);
    return names;
}

Problem unknown_parameter(const std::string& name, const std::vector<Parameter>& known) {
    auto detail = known.empty() ? std::string{"this resource has no parameters"}
                                : fmt::format("known are {}", fmt::join(names_of(known), ", "));
    if (const auto near = base::nearest_word(name, names_of(known))) {
        detail = fmt::format("did you mean \"{}\"?", *near);
    }
    auto problem = bad_parameter(name, "unknown; " + detail);
    problem.slug = "unknown-parameter";
    problem.title = "There is no such parameter";
    return problem;
}

}  // namespace

std::optional<std::string> Target::find(std::string_view name) const {
    for (const auto& [key, value] : query) {
        if (key == name) return value;
    }
    return std::nullopt;
}

std::vector<std::string> Target::all(std::string_view name) const {
    std::vector<std::string> values;
    for (const auto& [key, value] : query) {
        if (key == name) values.push_back(value);
    }
    return values;
}

base::Result<Target> parse_target(std::string_view text) {
    if (!text.starts_with('/')) return malformed("the target must begin with a slash");
    const auto question = text.find('?');
    auto path = decode(text.substr(0, question));
    if (!path) return path.error();
    Target target{.path = std::move(path).value(), .query = {}};
    auto rest = question == std::string_view::npos ? std::string_view{} : text.substr(question + 1);
    while (!rest.empty()) {
        const auto end = rest.find('&');
        const auto part = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
        if (part.empty()) continue;
        auto pair = decode_pair(part);
        if (!pair) return pair.error();
        if (target.query.size() == kParametersMax) return malformed("more than 64 parameters");
        target.query.push_back(std::move(pair).value());
    }
    return target;
}

std::optional<Problem> check_parameters(const Target& target, const std::vector<Parameter>& known) {
    for (const auto& [name, value] : target.query) {
        const auto found =
            std::find_if(known.begin(), known.end(),
                         [&wanted = name](const Parameter& one) { return one.name == wanted; });
        if (found == known.end()) return unknown_parameter(name, known);
        if (!found->repeatable && target.all(name).size() > 1) {
            return bad_parameter(name, "may be given only once");
        }
    }
    return std::nullopt;
}

}  // namespace http
