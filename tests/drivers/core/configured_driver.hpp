#pragma once

#include <memory>
#include <optional>
#include <string>

#include "drivers/core/registry.hpp"
#include "support/manual_clock.hpp"

/// Drivers made as the agent makes them: from a configuration text, by the registry.
namespace configured {

/// Reads the one [[sensor]] table of the text, asks for the agent's own keys, and makes the driver.
/// What is wrong in the settings comes before what make() says.
base::Result<std::unique_ptr<drivers::Driver>> make(
    const std::string& text, const base::Clock& clock,
    const std::optional<std::string>& position = std::nullopt, std::uint64_t seed = 0);

/// The same without opening anything: what `validate` says.
base::Status validate(const std::string& text);

/// The one that must come.
std::unique_ptr<drivers::Driver> must_make(
    const std::string& text, const base::Clock& clock,
    const std::optional<std::string>& position = std::nullopt, std::uint64_t seed = 0);

}  // namespace configured
