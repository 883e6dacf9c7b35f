#pragma once

#include <mqtt/async_client.h>

#include <cstdint>
#include <optional>
#include <type_traits>

#include "base/result.hpp"

/// Calls of Paho without its exceptions. For the Paho adapter only.
namespace broker {

/// Reason codes from here on are failures (MQTT 5.0, section 2.4).
constexpr int kFirstFailure = 0x80;

inline base::Fault fault_of(int code) {
    if (code == MQTTASYNC_MAX_BUFFERED_MESSAGES || code == MQTTASYNC_NO_MORE_MSGIDS) {
        return base::Fault::exhausted;
    }
    if (code == MQTTASYNC_BAD_UTF8_STRING || code == MQTTASYNC_BAD_QOS)
        return base::Fault::malformed;
    return base::Fault::transient;
}

/// Paho's exceptions end here. The work returns a Status or nothing.
template <class Work>
base::Status guarded(Work work) {
    try {
        if constexpr (std::is_void_v<decltype(work())>) {
            work();
            return base::Done{};
        } else {
            return work();
        }
    } catch (const mqtt::exception& problem) {
        return base::Error{fault_of(problem.get_return_code()), problem.what()};
    } catch (const std::exception& problem) {
        return base::Error{base::Fault::transient, problem.what()};
    }
}

/// Checks a token without waiting: sets `done`, and returns why it failed, if it did: the broker's
/// reason code, kFirstFailure or more, or else Paho's, which is negative and says little.
inline std::optional<int> refusal_of(mqtt::token& token, bool& done) {
    try {
        done = token.try_wait();
        return std::nullopt;
    } catch (const mqtt::exception& problem) {
        done = true;
        const bool is_refused = problem.get_reason_code() >= kFirstFailure;
        return is_refused ? problem.get_reason_code() : problem.get_return_code();
    }
}

/// The largest packet that the broker accepts from us. It need not say one.
inline std::optional<std::uint32_t> packet_max_of(const mqtt::token& connected) {
    const auto answer = connected.get_connect_response();
    const auto& properties = answer.get_properties();
    if (!properties.contains(mqtt::property::MAXIMUM_PACKET_SIZE)) return std::nullopt;
    return mqtt::get<std::uint32_t>(properties, mqtt::property::MAXIMUM_PACKET_SIZE);
}

}  // namespace broker
