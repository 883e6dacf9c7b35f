#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "central/http/problem.hpp"

namespace http {

/// The target of a request, split and percent-decoded (RFC 3986). A plus stays a plus: no value of
/// ours has spaces, and so "+01:00" need not be escaped.
struct Target {
    std::string path;
    std::vector<std::pair<std::string, std::string>> query;  // In order, names may repeat.

    /// The value of the parameter, or nothing.
    std::optional<std::string> find(std::string_view name) const;
    /// All values of a repeatable parameter.
    std::vector<std::string> all(std::string_view name) const;
};

/// Malformed unless it begins with a slash, all escapes are complete, and it has no control
/// characters and at most 64 parameters.
base::Result<Target> parse_target(std::string_view text);

/// A parameter that a resource understands.
struct Parameter {
    std::string name;
    bool repeatable = false;
};

/// A problem when a parameter is unknown, with the most similar known one, or repeated without
/// need.
std::optional<Problem> check_parameters(const Target& target, const std::vector<Parameter>& known);

}  // namespace http
