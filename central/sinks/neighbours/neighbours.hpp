#pragma once

#include <optional>
#include <vector>

#include "central/sinks/neighbours/kinds.hpp"
#include "sql/database.hpp"

namespace sinks {

/// The tables drift_state and drift_judged: what is known of series beside their neighbours, and up
/// to when these were compared.
class NeighbourTables {
  public:
    explicit NeighbourTables(sql::Database& database) : database_(database) {}

    /// As those of Neighbours.
    base::Result<std::vector<KindState>> kinds();
    base::Result<std::optional<base::EventTime>> next_hour(const Kind& kind, base::EventTime from);
    base::Result<std::vector<Neighbour>> neighbours(const Kind& kind, base::EventTime hour);

    base::Status write(const JudgedHour& hour);

  private:
    base::Status write(const Kind& kind, const Neighbour& neighbour);

    sql::Database& database_;
};

}  // namespace sinks
