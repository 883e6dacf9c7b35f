#include "broker/tls_trial.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>
#include <utility>
#include <vector>

namespace broker {
namespace {

/// In TLS 1.3 a server judges the client's certificate after the handshake.
constexpr base::Duration kObjection = std::chrono::milliseconds{500};
constexpr int kFirstAlert = SSL_AD_REASON_OFFSET;
constexpr std::size_t kNamesMax = 5;

std::string without_brackets(const std::string& host) {
    return host.starts_with('[') ? host.substr(1, host.size() - 2) : host;
}

std::string date_text(const std::tm& date) {
    return fmt::format("{:04}-{:02}-{:02}", date.tm_year + 1900, date.tm_mon + 1, date.tm_mday);
}

/// "2026-01-31, and this machine's clock says 2026-11-28"
std::string dates(const ASN1_TIME* limit) {
    std::tm date{};
    std::tm today{};
    const auto now = base::SystemClock{}.event_time().time_since_epoch();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now).count();
    const auto time = static_cast<std::time_t>(seconds);
    ASN1_TIME_to_tm(limit, &date);
    gmtime_r(&time, &today);
    return fmt::format("{}, and this machine's clock says {}", date_text(date), date_text(today));
}

std::string address_text(const ASN1_OCTET_STRING* address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const int family = ASN1_STRING_length(address) == 4 ? AF_INET : AF_INET6;
    const auto* bytes = ASN1_STRING_get0_data(address);
    const auto* shown = inet_ntop(family, bytes, text.data(), text.size());
    return shown == nullptr ? std::string{} : std::string{shown};
}

/// The hosts that a certificate is for.
std::string names_of(const X509* certificate) {
    std::vector<std::string> names;
    auto* const found = static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
    for (int i = 0; i < sk_GENERAL_NAME_num(found) && names.size() < kNamesMax; ++i) {
        const auto* name = sk_GENERAL_NAME_value(found, i);
        if (name->type == GEN_IPADD) names.push_back(address_text(name->d.iPAddress));
        if (name->type != GEN_DNS) continue;
        const auto* bytes = ASN1_STRING_get0_data(name->d.dNSName);
        const auto size = static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName));
        names.emplace_back(reinterpret_cast<const char*>(bytes), size);
    }
    GENERAL_NAMES_free(found);
    return names.empty() ? "no host" : fmt::format("{}", fmt::join(names, ", "));
}

/// What is wrong with the certificate of the other end, by OpenSSL's verdict.
Finding judge_certificate(long verdict, const X509* certificate) {
    switch (verdict) {
        case X509_V_OK:
            return {};
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        case X509_V_ERR_CERT_SIGNATURE_FAILURE:
            return {.obstacle = Obstacle::unknown_authority};
        case X509_V_ERR_HOSTNAME_MISMATCH:
        case X509_V_ERR_IP_ADDRESS_MISMATCH:
            return {.obstacle = Obstacle::wrong_name, .detail = names_of(certificate)};
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return {.obstacle = Obstacle::expired,
                    .detail = dates(X509_get0_notAfter(certificate))};
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return {.obstacle = Obstacle::not_yet_valid,
                    .detail = dates(X509_get0_notBefore(certificate))};
        default:
            return {.obstacle = Obstacle::bad_certificate,
                    .detail = X509_verify_cert_error_string(verdict)};
    }
}

/// An alert about our certificate, or about there being none.
std::optional<Finding> judge_alert(int reason, bool has_certificate) {
    switch (reason) {
        case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
            return Finding{.obstacle = Obstacle::wants_certificate};
        case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
            if (has_certificate) return std::nullopt;
            return Finding{.obstacle = Obstacle::wants_certificate};
        case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
        case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
        case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
        case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
        case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
        case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
        case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
        case SSL_R_TLSV1_ALERT_DECRYPT_ERROR:
            return Finding{.obstacle = Obstacle::refused_certificate,
                           .detail = SSL_alert_desc_string_long(reason - kFirstAlert)};
        default:
            return std::nullopt;
    }
}

bool is_about_versions(int reason) {
    return reason == SSL_R_UNSUPPORTED_PROTOCOL || reason == SSL_R_TLSV1_ALERT_PROTOCOL_VERSION ||
           reason == SSL_R_NO_CIPHERS_AVAILABLE ||
           reason == SSL_R_TLSV1_ALERT_INSUFFICIENT_SECURITY;
}

}  // namespace

struct TlsTrial::State {
    TlsContext context;
    std::unique_ptr<SSL, decltype(&SSL_free)> connection;
};

TlsTrial::TlsTrial(TlsContext context, int socket, const std::string& host) {
    auto* const connection = SSL_new(context.get());
    state_ = std::make_unique<State>(State{std::move(context), {connection, &SSL_free}});
    has_certificate_ = SSL_get_certificate(connection) != nullptr;
    SSL_set_fd(connection, socket);
    const auto name = without_brackets(host);
    auto* const wanted = SSL_get0_param(connection);
    if (X509_VERIFY_PARAM_set1_ip_asc(wanted, name.c_str()) != 1) {
        X509_VERIFY_PARAM_set1_host(wanted, name.c_str(), name.size());
        // What the macro SSL_set_tlsext_host_name does; it copies the name.
        SSL_ctrl(connection, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                 const_cast<char*>(name.c_str()));
    }
    // Goes on whatever the certificate is, because the verdict and its names are wanted.
    SSL_set_verify(connection, SSL_VERIFY_NONE, nullptr);
    ERR_clear_error();
}

TlsTrial::~TlsTrial() = default;

std::optional<Finding> TlsTrial::step(base::Instant now) {
    return shaken_ ? hear_objection(now) : shake_hands(now);
}

std::optional<Finding> TlsTrial::shake_hands(base::Instant now) {
    auto* const connection = state_->connection.get();
    const int done = SSL_connect(connection);
    if (done != 1) {
        const int code = SSL_get_error(connection, done);
        if (code == SSL_ERROR_WANT_READ || code == SSL_ERROR_WANT_WRITE) return std::nullopt;
        return judge_failure(code);
    }
    has_answer_ = true;
    const auto verdict = SSL_get_verify_result(connection);
    std::unique_ptr<X509, decltype(&X509_free)> certificate{SSL_get1_peer_certificate(connection),
                                                            &X509_free};
    auto finding = judge_certificate(verdict, certificate.get());
    if (finding.obstacle != Obstacle::none) return finding;
    shaken_ = now;
    return std::nullopt;
}

std::optional<Finding> TlsTrial::hear_objection(base::Instant now) {
    auto* const connection = state_->connection.get();
    char ignored = 0;
    const int read = SSL_read(connection, &ignored, 1);
    if (read > 0) return Finding{};
    const int code = SSL_get_error(connection, read);
    const bool waits = code == SSL_ERROR_WANT_READ || code == SSL_ERROR_WANT_WRITE;
    if (waits && now - *shaken_ < kObjection) return std::nullopt;
    if (code != SSL_ERROR_SSL) return Finding{};
    return judge_failure(code);
}

Finding TlsTrial::judge_failure(int code) {
    const auto error = ERR_peek_error();
    ERR_clear_error();
    const int reason = ERR_GET_REASON(error);
    const bool is_of_tls = code == SSL_ERROR_SSL && ERR_GET_LIB(error) == ERR_LIB_SSL;
    if (is_of_tls && (reason >= kFirstAlert || is_about_versions(reason))) has_answer_ = true;
    if (!has_answer_) return {.obstacle = Obstacle::no_tls};
    if (is_about_versions(reason)) return {.obstacle = Obstacle::old_tls};
    if (auto finding = judge_alert(reason, has_certificate_)) return *finding;
    // The other end hung up without a word of TLS about it.
    if (shaken_ && reason < kFirstAlert) return {};
    const char* words = ERR_reason_error_string(error);
    return {.obstacle = Obstacle::other, .detail = words == nullptr ? "TLS failed" : words};
}

}  // namespace broker
