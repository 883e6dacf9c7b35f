#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace http {

/// Compresses one body, piece by piece, into the format gzip (RFC 1952). The only place that knows
/// zlib.
class Gzip {
  public:
    Gzip();
    ~Gzip();
    Gzip(const Gzip&) = delete;
    Gzip& operator=(const Gzip&) = delete;

    /// Everything that a reader needs to have this piece, and all before it, at once.
    std::string add(std::string_view piece);

    /// The last piece. Nothing can be added after it.
    std::string finish(std::string_view piece);

  private:
    struct State;
    std::string deflate(std::string_view piece, int flush);

    std::unique_ptr<State> state_;
};

}  // namespace http
