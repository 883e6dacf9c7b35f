#include "agent/commands/response.hpp"

#include "base/json.hpp"
#include "base/text.hpp"

namespace agent {

std::string_view to_text(Reason reason) {
    switch (reason) {
        case Reason::malformed:
            return "malformed";
        case Reason::expired:
            return "expired";
        case Reason::unknown_verb:
            return "unknown_verb";
        case Reason::not_allowed:
            return "not_allowed";
        case Reason::busy:
            return "busy";
        case Reason::duplicate:
            return "duplicate";
        case Reason::unknown_sensor:
            return "unknown_sensor";
        case Reason::failed:
            return "failed";
        case Reason::timeout:
            return "timeout";
        case Reason::invalid_config:
            return "invalid_config";
        case Reason::read_only:
            return "read_only";
        case Reason::rolled_back:
            return "rolled_back";
    }
    return "";
}

Response ok(std::string data) {
    Response response;
    response.data = std::move(data);
    return response;
}

Response refusal(Reason reason, std::string detail) {
    Response response;
    response.reason = reason;
    response.detail = std::move(detail);
    return response;
}

std::string encode_response(const Response& response) {
    base::JsonWriter json;
    json.begin_object().key("transaction");
    if (response.transaction.empty()) {
        json.null();
    } else {
        json.value(response.transaction);
    }
    json.member("status", response.reason ? "error" : "ok");
    if (response.reason) json.member("reason", to_text(*response.reason));
    if (!response.detail.empty()) {
        json.member("detail", base::shortened(response.detail, kDetailBytesMax));
    }
    if (response.data.empty()) return json.end_object().take();
    // The data is JSON already: it goes before the closing brace as it is.
    return json.take() + ",\"data\":" + response.data + "}";
}

}  // namespace agent
