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

std::string explain_way(const Address& address, const Finding& finding, base::Duration patience) {
    const auto where = address.text();
    switch (finding.obstacle) {
        case Obstacle::unknown_name:
            return fmt::format(
                "no host is called {0} ({1}): is the name right? `getent hosts {0}` asks the same "
                "question",
                address.host, finding.detail);
        case Obstacle::no_name_service:
            return fmt::format(
                "the name service does not answer, so that nobody knows where {} is: is the "
                "network up?",
                address.host);
        case Obstacle::refused:
            return fmt::format("{} refused the connection: is a broker listening there?{}", where,
                               is_loopback(address.host)
                                   ? ""
                                   : " Mosquitto 2 without a listener line in mosquitto.conf "
                                     "answers on its own machine only");
        case Obstacle::unreachable:
            return fmt::format(
                "{} cannot be reached ({}): is the network up, and the address right?", where,
                finding.detail);
        case Obstacle::no_answer:
            return fmt::format(
                "{} did not answer within {} s: is the address right, is the machine on, and does "
                "a firewall drop the packets?",
                where, patience / std::chrono::seconds{1});
        case Obstacle::silent:
            return fmt::format(
                "{} takes the connection and then says nothing for {} s: is that port a broker's, "
                "and does it hang?",
                where, patience / std::chrono::seconds{1});
        case Obstacle::no_thread:
            return fmt::format(
                "this machine starts no more threads ({}), so that nobody could be asked where {} "
                "is: end other programs, or raise the limit (TasksMax= of the service, ulimit -u)",
                finding.detail, address.host);
        case Obstacle::other:
            return fmt::format("no connection to {}: {}", where, finding.detail);
        default:
            return fmt::format(
                "{} ended the connection without giving a reason: is it a broker that speaks MQTT "
                "5? Its log says more",
                where);
    }
}

std::string unknown_authority(const std::string& where, const PahoOptions& options) {
    if (options.ca_file.empty()) {
        return fmt::format(
            "the certificate of {} is of an authority that this machine does not know: set ca_file "
            "to the certificate of the authority that made it",
            where);
    }
    return fmt::format(
        "the certificate of {} is not of the authority in ca_file {}: take the file of the "
        "authority that made it",
        where, options.ca_file);
}

std::string explain_tls(const Address& address, const Finding& finding,
                        const PahoOptions& options) {
    const auto where = address.text();
    switch (finding.obstacle) {
        case Obstacle::wants_tls:
            return fmt::format(
                "{0} speaks TLS, and the address asks for plain MQTT: write ssl://{0}", where);
        case Obstacle::no_tls:
            return fmt::format(
                "{0} does not speak TLS: write tcp://{0}, or the port of the broker's TLS "
                "listener, "
                "usually {1}",
                where, kTlsPort);
        case Obstacle::old_tls:
            return fmt::format(
                "{} offers no TLS 1.2 or newer, and leat takes nothing older: update "
                "that broker",
                where);
        case Obstacle::unknown_authority:
            return unknown_authority(where, options);
        case Obstacle::wrong_name:
            return fmt::format(
                "the certificate of {0} is for {1}, and not for {2}: write a name that it is for "
                "into the address, or have one made for {2}",
                where, finding.detail, address.host);
        case Obstacle::expired:
            return fmt::format("the certificate of {} ended on {}: renew it, or set the clock",
                               where, finding.detail);
        case Obstacle::not_yet_valid:
            return fmt::format("the certificate of {} begins on {}: is the clock set?", where,
                               finding.detail);
        case Obstacle::bad_certificate:
            return fmt::format("the certificate of {} cannot be trusted: {}", where,
                               finding.detail);
        case Obstacle::wants_certificate:
            return fmt::format("{} wants a certificate of ours: set certificate_file and key_file",
                               where);
        case Obstacle::refused_certificate:
            return fmt::format(
                "{} does not take our certificate {} ({}): ask for one of the authority that it "
                "trusts",
                where, options.certificate_file, finding.detail);
        default:
            return explain_way(address, finding, options.connect_timeout);
    }
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
    return c > ' ' && c <= '~' && c != '/' && c != '"' && c != '@';
}

/// Where the host ends: at the last colon, unless that is inside the brackets of an IPv6 address.
std::size_t host_size(std::string_view rest) {
    const auto bracket = rest.find(']');
    const auto colon = rest.find(':', bracket == std::string_view::npos ? 0 : bracket);
    return colon == std::string_view::npos ? rest.size() : colon;
}

Error wrong_address(const std::string& text) {
    constexpr const char* kForm = "write tcp://host:1883, or ssl://host:8883 for TLS";
    // Not shown: it may hold a password.
    if (text.find('@') != std::string::npos) {
        return {Fault::misconfigured,
                fmt::format("the address holds no user: {}, and user and password_file beside it",
                            kForm)};
    }
    const auto is_web = text.starts_with("ws") || text.starts_with("http");
    if (is_web) {
        return {Fault::misconfigured,
                fmt::format("\"{}\": leat speaks MQTT without WebSockets: {}", text, kForm)};
    }
    if (!text.empty() && text.find("://") == std::string::npos &&
        text.find_first_of("/ \t\"") == std::string::npos) {
        return {
            Fault::misconfigured,
            fmt::format("\"{0}\" is not a broker address: write tcp://{0}, or ssl://{0} for TLS",
                        text)};
    }
    return {Fault::misconfigured, fmt::format("\"{}\" is not a broker address: {}", text, kForm)};
}

}  // namespace

std::string Address::text() const {
    return fmt::format("{}:{}", host, port);
}

std::string Address::uri() const {
    return (tls ? "ssl://" : "tcp://") + text();
}

base::Result<Address> parse_address(const std::string& text) {
    const Error wrong = wrong_address(text);
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

std::string explain_refusal(const PahoOptions& options, int code) {
    const auto address = parse_address(options.address);
    if (!address) return address.error().detail;
    return fmt::format("the broker at {} refused us, {}: {}", address.value().text(),
                       reason_text(code), advice_for_reason(code, options));
}

std::string explain_obstacle(const PahoOptions& options, const Finding& finding) {
    const auto address = parse_address(options.address);
    return address ? explain_tls(address.value(), finding, options) : address.error().detail;
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
