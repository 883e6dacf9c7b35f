#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/log.hpp"
#include "base/settings.hpp"

// The settings that every program has.
namespace program {

/// A configuration file, read with the program's own `read(Settings)`.
template <class Read>
auto load_config(const std::string& file, Read read) -> std::invoke_result_t<Read, base::Settings> {
    auto settings = base::Settings::load(file);
    if (!settings) return settings.error();
    return read(std::move(settings).value());
}

/// [log] level
base::LogLevel read_log_level(base::Settings settings);

/// [topics] root
std::string read_topic_root(base::Settings settings);

/// The `id` of a bridge or a central, which stands in its topics and its MQTT client id. Default:
/// the host's name, made safe; `fallback` if nothing is left of that.
std::string read_id(base::Settings settings, std::string_view host_name,
                    const std::string& fallback);

/// A key that must be a topic's beginning, such as "leat/v1".
std::string read_topic(base::Settings settings, const std::string& key,
                       const std::string& fallback);

/// A name made fit for a topic level: at most 63 lower-case letters, digits and dashes. May be
/// empty.
std::string make_safe_id(std::string_view name);

/// The name of this machine; empty if it is not known.
std::string host_name();

}  // namespace program
