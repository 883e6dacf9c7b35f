#pragma once

#include <string>

#include "base/result.hpp"
#include "sql/database.hpp"

namespace sinks {

/// How the statements that make tables and views are given to a database. PostgreSQL replaces the
/// views of today's version where they stand, as others may have been made upon them, and gets room
/// for rows that change beside those that they replace.
class Spelling {
  public:
    Spelling(sql::Dialect dialect, bool is_current) : dialect_(dialect), is_current_(is_current) {}

    std::string operator()(const std::string& statements) const;

  private:
    sql::Dialect dialect_;
    bool is_current_;
};

/// The functions that the statements need and the database lacks.
base::Status make_functions(sql::Database& database);

/// The text of what make_functions() and set_storage() make where they make anything.
std::string made_beside();

/// How the database is to keep the tables, once they are made.
base::Status set_storage(sql::Database& database);

}  // namespace sinks
