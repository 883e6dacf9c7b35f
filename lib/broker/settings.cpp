#include "broker/explain.hpp"
#include "broker/paho_connection.hpp"

namespace broker {
namespace {

using namespace std::chrono_literals;

void check_address(base::Settings& settings, const PahoOptions& options) {
    const auto address = parse_address(options.address);
    if (!address) {
        settings.refuse("address", settings.full_name("address") + ": " + address.error().detail);
        return;
    }
    if (address.value().tls) return;
    for (const char* key : {"ca_file", "certificate_file", "key_file"}) {
        if (!settings.has(key)) continue;
        settings.refuse(
            key, settings.full_name(key) + " is only for an address that begins with ssl://");
    }
}

/// What people know from other programs.
void advise_on_keys(base::Settings& settings) {
    const char* const address = "write address = \"tcp://host:1883\", or ssl://host:8883 for TLS";
    for (const char* key : {"host", "server", "url", "port", "tls", "ssl", "protocol"}) {
        settings.advise(key, address);
    }
    for (const char* key : {"password", "pass", "passwd"}) {
        settings.advise(key,
                        "a password does not stand in this file: write it into one of its own, "
                        "chmod 600, and password_file = \"/etc/leat/broker.password\"");
    }
    settings.advise("username", "write user = \"…\"");
    settings.advise("client_id", "leat makes the client id from the program's own name");
    for (const char* key : {"ca", "cafile", "ca_cert", "ca_certs"}) {
        settings.advise(key, "write ca_file = \"/etc/leat/ca.pem\"");
    }
    for (const char* key : {"cert", "certfile", "certificate"}) {
        settings.advise(key, "write certificate_file = \"/etc/leat/node.pem\"");
    }
    for (const char* key : {"key", "keyfile", "private_key"}) {
        settings.advise(key, "write key_file = \"/etc/leat/node.key\"");
    }
}

}  // namespace

PahoOptions read_broker_settings(base::Settings& settings) {
    PahoOptions options;
    advise_on_keys(settings);
    options.address = settings.text("address", options.address);
    options.user = settings.text("user", "");
    options.password_file = settings.text("password_file", "");
    options.ca_file = settings.text("ca_file", "");
    options.certificate_file = settings.text("certificate_file", "");
    options.key_file = settings.text("key_file", "");
    options.keep_alive = settings.duration("keep_alive", options.keep_alive, 5s, 1h);
    options.connect_timeout =
        settings.duration("connect_timeout", options.connect_timeout, 1s, 1min);
    check_address(settings, options);
    if (options.user.empty() && !options.password_file.empty()) {
        settings.refuse("password_file",
                        settings.full_name("password_file") + " needs a user: write user = \"…\"");
    }
    if (options.certificate_file.empty() != options.key_file.empty()) {
        settings.refuse(options.key_file.empty() ? "certificate_file" : "key_file",
                        "certificate_file and key_file go together");
    }
    return options;
}

}  // namespace broker
