#pragma once

#include <string>
#include <vector>

#include "central/http/message.hpp"

namespace http {

/// Which parameter is wrong, and how.
struct ParameterError {
    std::string parameter;
    std::string detail;
};

/// Why a request gets no answer, as RFC 9457 writes it.
struct Problem {
    int status = 400;
    std::string slug;   // The last part of the type: "range-too-wide".
    std::string title;  // The same for every problem of this type.
    std::string detail;
    std::vector<ParameterError> errors;
};

/// application/problem+json with the type "urn:leat:problem:<slug>".
Response to_response(const Problem& problem);

/// 400 for one parameter.
Problem bad_parameter(std::string parameter, std::string detail);

}  // namespace http
