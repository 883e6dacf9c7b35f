#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "central/dimensions/history.hpp"
#include "central/dimensions/statement.hpp"
#include "sql/database.hpp"

namespace sinks {

/// Statements kept of one series by its node; older ones are dropped and counted.
constexpr std::uint64_t kStatementsMax = 1'000;

/// Of these the newest that only repeat the one before: what comes out of order may stand between
/// them.
constexpr std::uint64_t kRepeatedMax = 16;

/// The table statement, and what follows from it: series_location, series_tag, dim_location. Call
/// everything within a transaction.
class Statements {
  public:
    explicit Statements(sql::Database& database) : database_(database) {}

    /// Adds what a node said of the series of that id. Returns how many old statements were
    /// dropped.
    base::Result<std::uint64_t> add(const dimensions::Statement& statement, std::int64_t series);

    /// What was imported for the node, and what the tag means.
    base::Result<std::vector<dimensions::Statement>> imported(const std::string& node);
    base::Result<std::vector<dimensions::TagMeaning>> meanings(const std::string& tag);

    /// Replaces all that was imported for the nodes of these statements.
    base::Status replace_imported(const std::vector<dimensions::Statement>& statements);

    /// Replaces what all these tags mean.
    base::Status replace_meanings(const std::vector<dimensions::TagMeaning>& meanings);

    /// Works out anew where a series was and which tags it had, as for a new one.
    base::Status settle(const std::string& node, const std::string& name, std::int64_t series);

  private:
    base::Status write(const dimensions::Statement& statement);
    base::Result<std::int64_t> write(const dimensions::Stay& stay, std::int64_t series);
    struct KeptStay {
        dimensions::Stay stay;
        std::int64_t location = 0;
    };
    base::Result<std::map<base::EventTime, KeptStay>> stays_of(std::int64_t series);
    base::Status settle_stays(std::int64_t series, const std::vector<dimensions::Stay>& stays);
    base::Status settle_tags(std::int64_t series, const std::vector<dimensions::Tagging>& taggings);
    base::Status settle_node(const std::string& node);
    base::Result<bool> repeats(const dimensions::Statement& statement, bool& is_known);
    base::Result<std::uint64_t> trim(const dimensions::Statement& statement);
    base::Result<std::vector<dimensions::Statement>> statements_of(const std::string& node,
                                                                   const std::string& series);
    base::Result<std::int64_t> location_id(const std::string& path);
    base::Status drop_if_empty(std::int64_t location);

    sql::Database& database_;
};

}  // namespace sinks
