#include "broker/tls_context.hpp"

#include <fmt/core.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

namespace broker {
namespace {

using base::Done;
using base::Error;
using base::Fault;
using base::Status;

Error wrong(std::string what) {
    ERR_clear_error();
    return {Fault::misconfigured, std::move(what)};
}

/// Nobody is there to type a passphrase; without this, OpenSSL would ask on the terminal.
int no_passphrase(char* /*buffer*/, int /*size*/, int /*is_writing*/, void* /*data*/) {
    return 0;
}

/// Why a file cannot be used: it cannot be read, or else `otherwise`.
Error wrong_file(const char* key, const std::string& path, const std::string& otherwise) {
    errno = 0;
    const std::ifstream file{path, std::ios::binary};
    if (!file) {
        return wrong(fmt::format("cannot read {} {}: {}", key, path, std::strerror(errno)));
    }
    return wrong(fmt::format("{} {} {}", key, path, otherwise));
}

bool is_encrypted(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    return text.find("ENCRYPTED") != std::string::npos;
}

Status use_authority(SSL_CTX* context, const std::string& path) {
    if (path.empty()) {
        SSL_CTX_set_default_verify_paths(context);
        return Done{};
    }
    if (SSL_CTX_load_verify_locations(context, path.c_str(), nullptr) == 1) return Done{};
    return wrong_file("ca_file", path,
                      "holds no certificate in PEM: it begins with -----BEGIN CERTIFICATE-----");
}

Status use_certificate(SSL_CTX* context, const PahoOptions& options) {
    const auto& certificate = options.certificate_file;
    const auto& key = options.key_file;
    if (certificate.empty() || key.empty()) return Done{};
    if (SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) != 1) {
        return wrong_file("certificate_file", certificate,
                          "holds no certificate in PEM: it begins with -----BEGIN "
                          "CERTIFICATE-----");
    }
    if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) == 1) return Done{};
    if (is_encrypted(key)) {
        return wrong(
            fmt::format("key_file {0} has a passphrase, and nobody is there to type it: "
                        "openssl pkey -in {0} -out NEW, and chmod 600 NEW",
                        key));
    }
    // OpenSSL compares it with the certificate when it reads it.
    const bool is_other = ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH ||
                          ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_TYPE_MISMATCH;
    return wrong_file("key_file", key,
                      is_other ? fmt::format("is not the key of certificate_file {}", certificate)
                               : "holds no private key in PEM");
}

}  // namespace

void TlsContextDeleter::operator()(ssl_ctx_st* context) const {
    SSL_CTX_free(context);
}

base::Result<TlsContext> make_tls_context(const PahoOptions& options) {
    TlsContext context{SSL_CTX_new(TLS_client_method())};
    if (!context) return Error{Fault::transient, "OpenSSL has no memory"};
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(context.get(), kCipherSuites);
    SSL_CTX_set_default_passwd_cb(context.get(), no_passphrase);
    if (auto used = use_authority(context.get(), options.ca_file); !used) return used.error();
    if (auto used = use_certificate(context.get(), options); !used) return used.error();
    ERR_clear_error();
    return context;
}

}  // namespace broker
