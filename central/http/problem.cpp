#include "central/http/problem.hpp"

#include "base/json.hpp"

namespace http {

Response json_response(std::string body) {
    Response response;
    response.content_type = "application/json";
    response.body = std::move(body);
    response.headers.push_back({"Cache-Control", "no-store"});
    return response;
}

Response to_response(const Problem& problem) {
    base::JsonWriter json;
    json.begin_object().member("type", "urn:leat:problem:" + problem.slug);
    json.member("title", problem.title).member("status", problem.status);
    json.member("detail", problem.detail).key("errors").begin_array();
    for (const auto& error : problem.errors) {
        json.begin_object().member("parameter", error.parameter).member("detail", error.detail);
        json.end_object();
    }
    json.end_array().end_object();
    auto response = json_response(json.take());
    response.status = problem.status;
    response.content_type = "application/problem+json";
    return response;
}

Problem bad_parameter(std::string parameter, std::string detail) {
    return {.status = 400,
            .slug = "bad-parameter",
            .title = "A parameter is not understood",
            .detail = parameter + ": " + detail,
            .errors = {{parameter, detail}}};
}

}  // namespace http
