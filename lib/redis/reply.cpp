#include <string>

#include "redis/hiredis_reply.hpp"
#include "redis/reply_bytes.hpp"

namespace redis {
namespace {

struct ReaderDeleter {
    void operator()(redisReader* reader) const { redisReaderFree(reader); }
};

Reply::Kind kind_of(const redisReply& reply) {
    switch (reply.type) {
        case REDIS_REPLY_STATUS:
            return Reply::Kind::status;
        case REDIS_REPLY_ERROR:
            return Reply::Kind::error;
        case REDIS_REPLY_STRING:
            return Reply::Kind::string;
        case REDIS_REPLY_INTEGER:
            return Reply::Kind::integer;
        case REDIS_REPLY_ARRAY:
            return Reply::Kind::array;
        default:  // Nil; there is nothing else in RESP2, which we speak.
            return Reply::Kind::nil;
    }
}

/// The first word of the error. If that is only ERR, the text after it decides; no other code reads
/// that text.
std::string code_of(std::string_view error) {
    if (error.starts_with("ERR Function not found")) return std::string{kNoFunction};
    // Of a command within a function: so Redis 7.0 says it, and so do later ones.
    for (const char* beginning :
         {"ERR The user executing the script can't run", "ERR ACL failure in script"}) {
        if (error.starts_with(beginning)) return "NOPERM";
    }
    if (error.starts_with("ERR ") && error.find(" script: leat_") != std::string_view::npos) {
        return std::string{kFunctionFailed};
    }
    for (const char* beginning : {"ERR AUTH", "ERR invalid password"}) {
        if (error.starts_with(beginning)) return "WRONGPASS";
    }
    return std::string{error.substr(0, error.find(' '))};
}

redisReplyObjectFunctions& hiredis_functions() {
    static redisReplyObjectFunctions functions = [] {
        const std::unique_ptr<redisReader, ReaderDeleter> reader{redisReaderCreate()};
        return *reader->fn;
    }();
    return functions;
}

/// The type of a count differs between the versions of hiredis.
template <typename Count>
void* create_bounded_array(const redisReadTask* task, Count count) {
    if (static_cast<std::size_t>(count) > kElementsMax) return nullptr;
    return hiredis_functions().createArray(task, count);
}

}  // namespace

void bound_arrays(redisReader& reader) {
    static redisReplyObjectFunctions functions = [] {
        auto bounded = hiredis_functions();
        bounded.createArray = create_bounded_array;
        return bounded;
    }();
    reader.fn = &functions;
}

Reply to_reply(const redisReply& from) {
    Reply reply;
    reply.kind = kind_of(from);
    switch (reply.kind) {
        case Reply::Kind::nil:
            break;
        case Reply::Kind::integer:
            reply.integer = from.integer;
            break;
        case Reply::Kind::array:
            reply.items.reserve(from.elements);
            for (std::size_t at = 0; at < from.elements; ++at) {
                reply.items.push_back(to_reply(*from.element[at]));
            }
            break;
        case Reply::Kind::status:
        case Reply::Kind::error:
        case Reply::Kind::string:
            reply.text.assign(from.str, from.len);
            break;
    }
    if (reply.is_error()) reply.code = code_of(reply.text);
    return reply;
}

base::Result<Reply> read_reply(std::string_view bytes) {
    const base::Error malformed{base::Fault::malformed, "not a reply of Redis"};
    const std::unique_ptr<redisReader, ReaderDeleter> reader{redisReaderCreate()};
    bound_arrays(*reader);
    if (redisReaderFeed(reader.get(), bytes.data(), bytes.size()) != REDIS_OK) return malformed;
    void* raw = nullptr;
    if (redisReaderGetReply(reader.get(), &raw) != REDIS_OK || raw == nullptr) return malformed;
    const OwnedReply owned(static_cast<redisReply*>(raw));
    return to_reply(*owned);
}

}  // namespace redis
