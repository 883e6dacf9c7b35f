#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace alerts {

struct PostRequest {
    std::string url;                   // http:// or https://
    std::vector<std::string> headers;  // "Content-Type: application/json"
    std::string body;
    std::string ca_file;  // Whom to trust for https://; empty: whom the system trusts.
    base::Duration timeout = std::chrono::seconds{10};  // For all of it.
};

/// What came back.
struct PostAnswer {
    int status = 0;       // 0: there was no answer, and `failure` says why.
    std::string failure;  // For people.
    std::optional<base::Duration> retry_after{};
    std::string text;  // The beginning of the answer, in printable ASCII.
};

/// Sends one HTTP POST at a time, and never blocks: its owner polls it. Follows no redirect, speaks
/// nothing but HTTP, and believes no certificate that it cannot verify. Only its source file knows
/// libcurl.
class Poster {
  public:
    Poster();
    ~Poster();
    Poster(const Poster&) = delete;
    Poster& operator=(const Poster&) = delete;

    /// Begins; only when nothing is under way.
    void start(PostRequest request);

    /// One bounded step. The answer once, as soon as it is there.
    std::optional<PostAnswer> step();

  private:
    class Curl;
    std::unique_ptr<Curl> curl_;
};

/// "ntfy.sh" of "https://ntfy.sh/topic": what may be shown, as the rest may be a secret.
/// Misconfigured for what is no URL, or has a user or password in it.
base::Result<std::string> host_of(const std::string& url);

}  // namespace alerts
