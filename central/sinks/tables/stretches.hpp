#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "central/engine/changes.hpp"
#include "central/engine/states/stretch.hpp"
#include "central/sinks/tables/dimensions.hpp"
#include "sql/database.hpp"

namespace sinks {

/// What makes the tables stretch and series_course and the view v_visits.
extern const char* const kStretchTables;

/// What a query must select of stretch, in this order, for read_stretch().
extern const char* const kStretchColumns;
engine::Stretch read_stretch(const sql::Query& row);

/// What series were when: of those that are states, or report on a change.
class Stretches {
  public:
    Stretches(sql::Database& database, Dimensions& dimensions)
        : database_(database), dimensions_(dimensions) {}

    /// As StretchMemory::stretches().
    base::Result<std::vector<engine::Stretch>> read(const std::string& node,
                                                    const std::string& series, base::EventTime from,
                                                    base::EventTime to);

    base::Status write(const engine::CourseParts& parts);

  private:
    base::Status write(std::int64_t series, base::EventTime from, const engine::CoursePart& part);

    sql::Database& database_;
    Dimensions& dimensions_;
};

}  // namespace sinks
