#include "broker/paho_options.hpp"

#include <algorithm>

#include "broker/tls_context.hpp"

namespace broker {
namespace {

/// Rounded up: an expiry of 200 ms must not become "none".
std::int32_t whole_seconds(base::Duration duration) {
    return static_cast<std::int32_t>(std::chrono::ceil<std::chrono::seconds>(duration).count());
}

/// Paho sends a ping when the line was quiet for its keep-alive, and waits one and a half times as
/// long for the answer. With this it notices a dead link within 1.5 times ours.
std::int32_t pahos_keep_alive(base::Duration keep_alive) {
    return whole_seconds(keep_alive * 3 / 5);
}

mqtt::properties expiry_of(const Outgoing& message) {
    mqtt::properties properties;
    if (message.expiry > base::Duration::zero()) {
        properties.add({mqtt::property::MESSAGE_EXPIRY_INTERVAL, whole_seconds(message.expiry)});
    }
    return properties;
}

mqtt::ssl_options to_ssl_options(const PahoOptions& options) {
    mqtt::ssl_options ssl;
    if (!options.ca_file.empty()) ssl.set_trust_store(options.ca_file);
    if (!options.certificate_file.empty()) ssl.set_key_store(options.certificate_file);
    if (!options.key_file.empty()) ssl.set_private_key(options.key_file);
    ssl.set_enabled_cipher_suites(kCipherSuites);
    ssl.set_enable_server_cert_auth(true);
    ssl.set_verify(true);  // The certificate must be for this host.
    return ssl;
}

mqtt::will_options to_will(const Outgoing& will) {
    return {will.topic, mqtt::binary_ref(will.payload), will.qos, will.retain, expiry_of(will)};
}

}  // namespace

base::Status fill_connect_options(mqtt::connect_options& result, const PahoOptions& options,
                                  bool tls) {
    result.set_mqtt_version(MQTTVERSION_5);  // First: the other setters depend on it.
    result.set_clean_start(true);
    result.set_automatic_reconnect(false);
    result.set_keep_alive_interval(pahos_keep_alive(options.keep_alive));
    result.set_connect_timeout(std::max(1, whole_seconds(options.connect_timeout)));
    mqtt::properties properties;  // Without a session expiry interval it is 0.
    properties.add({mqtt::property::MAXIMUM_PACKET_SIZE, kPacketMax});
    result.set_properties(properties);
    if (!options.user.empty()) result.set_user_name(options.user);
    if (!options.password_file.empty()) {
        auto password = base::read_password(options.password_file);
        if (!password) return password.error();
        result.set_password(password.value());
    }
    if (options.will) result.set_will(to_will(*options.will));
    if (tls) {
        // About a file that is wrong, Paho says only that there is no connection.
        if (auto context = make_tls_context(options); !context) return context.error();
        result.set_ssl(to_ssl_options(options));
    }
    return base::Done{};
}

mqtt::const_message_ptr to_paho(const Outgoing& message) {
    return mqtt::message::create(message.topic, mqtt::binary_ref(message.payload), message.qos,
                                 message.retain, expiry_of(message));
}

}  // namespace broker
