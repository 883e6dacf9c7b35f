#pragma once

#include <memory>
#include <string>
#include <vector>

namespace http {

/// What a handler needs to know of an HTTP request; the rest stays in the server.
struct Request {
    std::string method;         // As sent: "GET".
    std::string target;         // As sent, with the query: "/api/v1/series?node=attic".
    std::string host;           // The Host header: "localhost:8080".
    std::string local_address;  // Where the connection came in, without the port: "127.0.0.1".
    std::string if_none_match;
    std::string last_event_id;
};

struct Header {
    std::string name;
    std::string value;

    friend bool operator==(const Header&, const Header&) = default;
};

/// A body without an end. Never blocks, and is never asked while its last piece is on its way: a
/// slow reader slows down nothing but itself.
class Stream {
  public:
    virtual ~Stream() = default;

    /// The next piece; empty when there is none at the moment.
    virtual std::string next() = 0;
};

struct Response {
    int status = 200;
    std::string content_type;
    std::string body;
    std::vector<Header> headers;
    std::unique_ptr<Stream> stream;  // If set, the body comes from it until one side hangs up.
};

/// 200 with a JSON body that must not be cached.
Response json_response(std::string body);

}  // namespace http
