#include "central/service/dim_verb.hpp"

#include <fmt/format.h>

#include "central/dimensions/csv/table.hpp"
#include "central/dimensions/csv/table_file.hpp"
#include "central/sinks/access/path_check.hpp"
#include "central/sinks/import.hpp"
#include "program/print.hpp"

namespace central {

namespace {

using base::Error;
using base::Fault;

constexpr std::size_t kUnseenShownMax = 20;

/// `central.toml: line 3: …`, each mistake on a line of its own.
Error in_file(const std::string& file, const Error& error) {
    std::string detail;
    for (const char c : error.detail) {
        detail += c;
        if (c == '\n') detail += file + ": ";
    }
    return {Fault::misconfigured, file + ": " + detail + "\nnothing is imported"};
}

void print(const sinks::Imported& imported, const dimensions::csv::Table& table) {
    if (!table.statements.empty()) {
        program::print("{} rows of {} nodes; they replace what was imported for these before\n",
                       table.statements.size(), imported.nodes);
    }
    if (!table.meanings.empty()) {
        program::print("{} rows of {} tags; they replace what was imported for these before\n",
                       table.meanings.size(), imported.tags);
    }
    for (std::size_t i = 0; i < imported.unseen.size(); ++i) {
        if (i == kUnseenShownMax) {
            return program::print("and {} more\n", imported.unseen.size() - i);
        }
        program::print("{} is not seen yet; it holds when that comes\n", imported.unseen[i]);
    }
}

}  // namespace

base::Status import_dimensions(const sinks::Address& path, const std::string& file) {
    const auto bytes = dimensions::csv::read_table_file(file);
    if (!bytes) return bytes.error();
    auto table = dimensions::csv::read_table(bytes.value());
    if (!table) return in_file(file, table.error());
    if (auto there = sinks::expect_database(path); !there) return there;
    const auto imported = sinks::import_dimensions(
        path, {.statements = table.value().statements, .meanings = table.value().meanings});
    if (!imported) return imported.error();
    print(imported.value(), table.value());
    return base::Done{};
}

program::CommandVerb dim_verb(const program::CommandOption& config,
                              const program::CommandVerb::Action& action) {
    return {.name = "dim",
            .help = "Say from a CSV file where series are, or what tags mean",
            .options = {{.name = "action",
                         .help = "What to do: import",
                         .fallback = {},
                         .is_positional = true,
                         .words = {"import"}},
                        {.name = "file",
                         .help = "The file: node,series,location,tags,valid_from,valid_to, or "
                                 "tag,path,description,integrity,valid_from,valid_to",
                         .fallback = {},
                         .is_positional = true},
                        config},
            .action = action};
}

}  // namespace central
