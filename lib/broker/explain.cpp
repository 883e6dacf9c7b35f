#include "broker/explain.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace broker {
namespace {

using base::Error;
using base::Fault;

struct Scheme {
    std::string_view prefix;
    bool tls;
};
constexpr std::array kSchemes{Scheme{"tcp://", false}, Scheme{"mqtt://", false},
                              Scheme{"ssl://", true}, Scheme{"mqtts://", true}};
constexpr int kPlainPort = 1883;  // IANA: mqtt
constexpr int kTlsPort = 8883;    // IANA: secure-mqtt

// The names of the codes that a client may get (MQTT 5.0, section 2.4).
constexpr std::array<std::pair<int, std::string_view>, 18> kReasons{{
    {0x80, "unspecified error"},
    {0x81, "malformed packet"},
    {0x82, "protocol error"},
    {0x84, "protocol version not supported"},
    {0x85, "client identifier not valid"},
    {0x86, "bad user name or password"},
    {0x87, "not authorized"},
    {0x88, "server unavailable"},
    {0x89, "server busy"},
    {0x8A, "banned"},
    {0x8B, "server shutting down"},
    {0x8D, "keep-alive timeout"},
    {0x8E, "session taken over"},
    {0x8F, "topic filter invalid"},
    {0x95, "packet too large"},
    {0x97, "quota exceeded"},
    {0x98, "administrative action"},
    {0x9E, "shared subscriptions not supported"},
}};

bool is_loopback(const std::string& host) {
    return host == "localhost" || host.starts_with("127.") || host == "[::1]";
}

std::string advice_for_reason(int code, const PahoOptions& options) {
    if (code == 0x86 || code == 0x87) {
        if (options.user.empty()) return "it requires a user: set user and password_file";
        return fmt::format("check the password of user {} and the broker's access rules",
                           options.user);
    }
    if (code == 0x84) return "it does not speak MQTT 5, which leat needs";
    if (code == 0x85) return fmt::format("it does not accept the client id {}", options.client_id);
    return "see the broker's log";
}

std::string no_connection(const Address& address) {
    if (address.tls) {
        return fmt::format(
            "no TLS connection to {}: does a broker listen there with TLS, does ca_file hold the "
            "authority of its certificate, is the certificate for this name, and is the clock set?",
            address.text());
    }
    if (is_loopback(address.host)) {
        return fmt::format("{} refused the connection: is a broker listening there?",
                           address.text());
    }
    return fmt::format(
        "{} refused the connection or cannot be reached: is a broker listening there? Mosquitto 2 "
        "without a listener line in mosquitto.conf answers on its own machine only",
        address.text());
}

/// -1 if it is not a port.
int port_number(std::string_view digits) {
    int port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    const bool whole = error == std::errc{} && end == digits.data() + digits.size();
    return whole && port >= 1 && port <= 65535 ? port : -1;
}

/// Printable ASCII, as the resolver wants it.
bool may_be_in_host(char c) {
    return c > ' ' && c <= '~' && c != '/' && c != '"';
}

/// Where the host ends: at the last colon, unless that is inside the brackets of an IPv6 address.
std::size_t host_size(std::string_view rest) {
    const auto bracket = rest.find(']');
    const auto colon = rest.find(':', bracket == std::string_view::npos ? 0 : bracket);
    return colon == std::string_view::npos ? rest.size() : colon;
}

}  // namespace

std::string Address::text() const {
    return fmt::format("{}:{}", host, port);
}

std::string Address::uri() const {
    return (tls ? "ssl://" : "tcp://") + text();
}

base::Result<Address> parse_address(const std::string& text) {
    const Error wrong{Fault::misconfigured,
                      fmt::format("\"{}\" is not a broker address: write tcp://host:1883, or "
                                  "ssl://host:8883 for TLS",
                                  text)};
    Address address;
    std::string_view rest;
    for (const auto& [prefix, tls] : kSchemes) {
        if (!text.starts_with(prefix)) continue;
        rest = std::string_view(text).substr(prefix.size());
        address.tls = tls;
    }
    const std::size_t size = host_size(rest);
    address.host = rest.substr(0, size);
    address.port = address.tls ? kTlsPort : kPlainPort;
    if (size < rest.size()) address.port = port_number(rest.substr(size + 1));
    if (address.host.empty() || address.port < 0) return wrong;
    if (!std::all_of(address.host.begin(), address.host.end(), may_be_in_host)) return wrong;
    return address;
}

std::string reason_text(int code) {
    for (const auto& [number, words] : kReasons) {
        if (number == code) return fmt::format("{} (0x{:02x})", words, code);
    }
    return fmt::format("reason 0x{:02x}", code);
}

std::string explain_refusal(const PahoOptions& options, const Refusal& refusal) {
    const auto address = parse_address(options.address);
    if (!address) return address.error().detail;
    if (refusal.code >= 0x80) {
        return fmt::format("the broker at {} refused us, {}: {}", address.value().text(),
                           reason_text(refusal.code), advice_for_reason(refusal.code, options));
    }
    if (refusal.has_timed_out) {
        return fmt::format(
            "{} did not answer within {} s: is the address right, is the machine on, and does a "
            "firewall drop the packets?",
            address.value().text(),
            std::chrono::duration_cast<std::chrono::seconds>(options.connect_timeout).count());
    }
    return no_connection(address.value());
}

std::string explain_loss(const PahoOptions& options, int reason) {
    const auto address = parse_address(options.address);
    const std::string where = address ? address.value().text() : options.address;
    if (reason == 0x8E) {
        return fmt::format(
            "another client connected to {} with our client id {}: every client needs an id of its "
            "own",
            where, options.client_id);
    }
    if (reason >= 0x80) {
        return fmt::format("the broker at {} closed the connection, {}", where,
                           reason_text(reason));
    }
    // Not every broker says so when another client with our id has pushed us out.
    return fmt::format(
        "the connection to {} was lost; if that keeps happening, look for another client with our "
        "client id {}",
        where, options.client_id);
}

}  // namespace broker
