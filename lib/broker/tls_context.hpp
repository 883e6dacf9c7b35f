#pragma once

#include <memory>

#include "base/result.hpp"
#include "broker/paho_connection.hpp"

struct ssl_ctx_st;

namespace broker {

struct TlsContextDeleter {
    void operator()(ssl_ctx_st* context) const;
};
using TlsContext = std::unique_ptr<ssl_ctx_st, TlsContextDeleter>;

/// Cipher suites that exist only from TLS 1.2 on: an older version has none in common with us,
/// whatever the machine's own policy allows.
constexpr const char* kCipherSuites = "TLSv1.2+HIGH:!aNULL:!PSK:!SRP:!DSS";

/// What a TLS connection with these options would use. Misconfigured if one of their files cannot
/// be read, is not what it should be, or if key and certificate do not belong together.
base::Result<TlsContext> make_tls_context(const PahoOptions& options);

}  // namespace broker
