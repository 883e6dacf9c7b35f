#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "central/imports/tables/month_pattern.hpp"
#include "central/imports/tables/tag_map.hpp"
#include "central/imports/tables/time_column.hpp"
#include "odbc/options.hpp"

namespace imports::tables {

/// Where tables of months are, and how they are written.
struct Source {
    odbc::Options server;
    MonthPattern tables;
    std::string time_column;
    TimeColumn time;
    std::string tag_column;
    std::vector<std::string> value_columns;  // The first that is not NULL counts.
    std::string integrity_column;            // Empty: every row is good.
    std::vector<std::string> good;           // As text; empty: every number that is not 0.

    // The table that says the path of each tag; empty: the tag column has the path itself.
    std::string tags_table;
    std::string tags_id;
    std::string tags_path;
    TagMap map;
};

}  // namespace imports::tables
