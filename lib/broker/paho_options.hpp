#pragma once

#include <mqtt/async_client.h>

#include "base/result.hpp"
#include "broker/paho_connection.hpp"

/// Converts our options to Paho's. For the Paho adapter only.
namespace broker {

/// The largest packet the broker may send us; it drops a larger one.
constexpr std::int32_t kPacketMax = kPayloadMax + 1024;

/// Fills the options in place: in Paho C++ 1.2 they point into themselves, and moving them does not
/// mend that. Misconfigured if a file that they name cannot be read.
base::Status fill_connect_options(mqtt::connect_options& result, const PahoOptions& options,
                                  bool tls);

mqtt::const_message_ptr to_paho(const Outgoing& message);

}  // namespace broker
