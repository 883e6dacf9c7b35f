#include "broker/explain.hpp"
#include "broker/paho_connection.hpp"

namespace broker {
namespace {

using namespace std::chrono_literals;

void check_address(base::Settings& settings, const PahoOptions& options) {
    const auto address = parse_address(options.address);
    if (!address) {
        settings.refuse("address", address.error().detail);
        return;
    }
    if (address.value().tls) return;
    for (const char* key : {"ca_file", "certificate_file", "key_file"}) {
        if (settings.has(key))
            settings.refuse(key, "is only for an address that begins with ssl://");
    }
}

}  // namespace

PahoOptions read_broker_settings(base::Settings& settings) {
    PahoOptions options;
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
        settings.refuse("password_file", "needs a user");
    }
    if (options.certificate_file.empty() != options.key_file.empty()) {
        settings.refuse(options.key_file.empty() ? "certificate_file" : "key_file",
                        "certificate_file and key_file go together");
    }
    return options;
}

}  // namespace broker
