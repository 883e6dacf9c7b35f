#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "central/dimensions/statement.hpp"
#include "central/sinks/access/address.hpp"
#include "central/sinks/import_difference.hpp"

namespace sinks {

/// What an operator says, to be kept in place of what was said before of the same nodes and tags.
struct Import {
    std::vector<dimensions::Statement> statements;  // All of them imported.
    std::vector<dimensions::TagMeaning> meanings;
    bool is_dry = false;  // Only to say what would change.
};

struct Imported {
    std::size_t nodes = 0;
    std::size_t tags = 0;

    /// Nodes, and series ("attic/climate.temperature"), that are not known yet: what was said of
    /// them holds when they come. In order.
    std::vector<std::string> unseen;

    Difference difference{};  // To what was imported before.
};

/// Imports into the database there, all or nothing, and nothing where nothing changes,
/// beside a central that runs with it or without one. Misconfigured when it is no database of this
/// version; transient while it is locked for longer than a central locks it.
base::Result<Imported> import_dimensions(const Address& address, const Import& import);

}  // namespace sinks
