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

/// A body that is made while it is read. Never blocks, and is never asked while its last piece is
/// on its way: a slow reader slows down nothing but itself.
class Stream {
  public:
    virtual ~Stream() = default;

    /// The next piece; empty when there is none at the moment.
    virtual std::string next() = 0;

    /// What it means that there was none.
    enum class State {
        open,    // There will be more.
        over,    // That was all.
        broken,  // The rest cannot be made: the reader must not take it for whole.
    };
    virtual State state() const { return State::open; }
};

struct Response {
    int status = 200;
    std::string content_type;
    std::string body;
    std::vector<Header> headers;
    std::unique_ptr<Stream> stream{};  // If set, the body comes from it.

    /// The stream has an end, and each piece takes time to make: connections take turns. Without
    /// one it goes on until one side hangs up.
    bool has_end = false;
};

/// 200 with a JSON body that must not be cached.
Response json_response(std::string body);

}  // namespace http
