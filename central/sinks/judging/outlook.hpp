#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "central/engine/changes.hpp"
#include "central/engine/quality/declared_gaps.hpp"
#include "sql/database.hpp"

namespace sinks {

/// What may hold readings that are missing in any window of a node, whenever it was.
struct Outlook {
    bool has_unplaced = false;                 // Records wait for a clock.
    std::optional<engine::GapKind> untimed{};  // A gap without times.

    friend bool operator==(const Outlook&, const Outlook&) = default;
};

using Outlooks = std::map<std::string, Outlook>;  // By node.

/// The outlooks, as the tables tell them now, of the nodes whose outlook the changes may change.
base::Result<Outlooks> outlooks_of(sql::Database& database, const engine::Changes& changes);

}  // namespace sinks
