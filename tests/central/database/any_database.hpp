#pragma once

#include <memory>
#include <string>
#include <utility>

#include "central/database/place.hpp"
#include "sql/database.hpp"
#include "sql/transaction.hpp"

namespace central_test {

/// A connection to the database that stands for a file, beside the one of the code under test.
class AnyDatabase {
  public:
    struct Options {
        std::string path;
        bool is_read_only = false;
    };

    static base::Result<AnyDatabase> open(const Options& options) {
        auto opened = sinks::open_database(place(options.path), options.is_read_only);
        if (!opened) return opened.error();
        return AnyDatabase{std::move(opened).value()};
    }

    operator sql::Database&() { return *database_; }
    sql::Query query(std::string_view sql) { return database_->query(sql); }
    base::Status execute(const std::string& sql) { return database_->execute(sql); }
    base::Result<std::int64_t> number(std::string_view sql) { return database_->number(sql); }

    base::Result<std::vector<std::string>> tables() { return database_->tables(); }

  private:
    explicit AnyDatabase(std::unique_ptr<sql::Database> database)
        : database_(std::move(database)) {}

    std::unique_ptr<sql::Database> database_;
};

}  // namespace central_test
