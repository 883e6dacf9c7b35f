#pragma once

#include <zlib.h>

#include <array>
#include <optional>
#include <string>

/// What gzip'ed text holds, as far as it goes; nothing when it is damaged.
inline std::optional<std::string> gunzip(std::string text) {
    z_stream stream{};
    inflateInit2(&stream, 15 + 16);
    stream.next_in = static_cast<Bytef*>(static_cast<void*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    std::string plain;
    std::array<char, 4096> room{};
    int done = Z_OK;
    do {
        stream.next_out = static_cast<Bytef*>(static_cast<void*>(room.data()));
        stream.avail_out = static_cast<uInt>(room.size());
        done = inflate(&stream, Z_SYNC_FLUSH);
        plain.append(room.data(), room.size() - stream.avail_out);
    } while (done == Z_OK && (stream.avail_in > 0 || stream.avail_out == 0));
    inflateEnd(&stream);
    if (done != Z_OK && done != Z_STREAM_END && done != Z_BUF_ERROR) return std::nullopt;
    return plain;
}
