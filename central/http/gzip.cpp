#include "central/http/gzip.hpp"

#include <zlib.h>

#include <array>

#include "base/ensure.hpp"

namespace http {

namespace {

/// Answers are made while nodes wait to be counted: most of the gain for little time.
constexpr int kLevel = 4;
constexpr int kWindowBits = 15 + 16;  // 16 asks for gzip's frame instead of zlib's own.
constexpr int kMemoryLevel = 8;       // zlib's default.

}  // namespace

struct Gzip::State {
    z_stream stream{};
};

Gzip::Gzip() : state_(std::make_unique<State>()) {
    const int begun = deflateInit2(&state_->stream, kLevel, Z_DEFLATED, kWindowBits, kMemoryLevel,
                                   Z_DEFAULT_STRATEGY);
    ENSURE(begun == Z_OK);
}

Gzip::~Gzip() {
    deflateEnd(&state_->stream);
}

std::string Gzip::add(std::string_view piece) {
    return deflate(piece, Z_SYNC_FLUSH);
}

std::string Gzip::finish(std::string_view piece) {
    return deflate(piece, Z_FINISH);
}

std::string Gzip::deflate(std::string_view piece, int flush) {
    std::string input{piece};  // zlib's interface wants bytes that it could change.
    std::array<char, 16'384> room{};
    std::string output;
    auto& stream = state_->stream;
    stream.next_in = static_cast<Bytef*>(static_cast<void*>(input.data()));
    stream.avail_in = static_cast<uInt>(input.size());
    do {
        stream.next_out = static_cast<Bytef*>(static_cast<void*>(room.data()));
        stream.avail_out = static_cast<uInt>(room.size());
        const int done = ::deflate(&stream, flush);
        ENSURE(done != Z_STREAM_ERROR);
        output.append(room.data(), room.size() - stream.avail_out);
    } while (stream.avail_out == 0);
    return output;
}

}  // namespace http
