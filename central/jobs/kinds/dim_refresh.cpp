#include "central/jobs/kinds/dim_refresh.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "central/dimensions/csv/table.hpp"
#include "central/dimensions/csv/table_file.hpp"
#include "central/jobs/keys/database_keys.hpp"
#include "central/jobs/sql/query_table.hpp"
#include "central/sinks/import.hpp"

namespace jobs {

namespace {

using base::Error;
using base::Fault;
using dimensions::csv::GoodPart;

struct RefreshOptions {
    sinks::Address database;
    std::string file;  // Empty: the query.
    std::string query;
    std::optional<odbc::Options> server{};  // With a query.
    bool is_partial = false;
};

class DimRefresh final : public Job {
  public:
    explicit DimRefresh(RefreshOptions options) : options_(std::move(options)) {}

    std::string explain() const override {
        return fmt::format(
            "Takes over into {} what {} says of where series are and of their tags, or of what "
            "tags mean, in place of what was taken over before of the same nodes or tags: as "
            "leat-central dim import does. {} Says what has changed; --dry-run says what would.",
            options_.database.text(), source(),
            options_.is_partial
                ? "A node or tag of which a row is wrong stays as it was, and the others count."
                : "Where a row is wrong nothing changes.");
    }
    Heeds heeds() const override { return {}; }
    std::string remedy() const override {
        if (options_.server) return database_remedy(*options_.server);
        return fmt::format("correct {}, and run it again", options_.file);
    }

    base::Result<Work> run(const Order& order, base::EventTime /*now*/,
                           Progress& progress) override {
        const auto bytes = read();
        if (!bytes) return bytes.error();
        auto part = parse(bytes.value());
        if (!part) return told(part.error());
        const auto& table = part.value().table;
        if (!order.is_dry) {
            if (auto may = progress.may_write(); !may) return may.error();
        }
        const auto imported = sinks::import_dimensions(
            options_.database,
            {.statements = table.statements, .meanings = table.meanings, .is_dry = order.is_dry});
        if (!imported) return imported.error();
        return Work{.records = table.statements.size() + table.meanings.size(),
                    .read = source(),
                    .wrote = outcome(imported.value(), part.value())};
    }

  private:
    std::string source() const {
        if (!options_.server) return options_.file;
        return fmt::format("a query to \"{}\"", options_.server->connection);
    }

    base::Result<std::string> read() const {
        if (!options_.server) return dimensions::csv::read_table_file(options_.file);
        auto connected = odbc::Connection::open(*options_.server);
        if (!connected) return connected.error();
        auto connection = std::move(connected).value();
        return query_table(connection, options_.query,
                           {.rows_max = dimensions::csv::kTableRowsMax,
                            .bytes_max = dimensions::csv::kTableBytesMax});
    }

    base::Result<GoodPart> parse(const std::string& bytes) const {
        if (options_.is_partial) return dimensions::csv::read_good_part(bytes);
        auto table = dimensions::csv::read_table(bytes);
        if (!table) return table.error();
        return GoodPart{.table = std::move(table).value(), .mistakes = {}};
    }

    /// Each mistake with the file; the header is line 1 of a query, too.
    std::string in_source(const std::string& mistakes) const {
        const auto before = (options_.server ? "query" : options_.file) + ": ";
        auto text = before;
        for (const char c : mistakes) {
            text += c;
            if (c == '\n') text += before;
        }
        return text;
    }

    Error told(const Error& error) const {
        return {Fault::misconfigured, in_source(error.detail) + "\nnothing is imported"};
    }

    std::string outcome(const sinks::Imported& imported, const GoodPart& part) const {
        const auto& difference = imported.difference;
        auto text = fmt::format("{} new, {} changed, {} gone", difference.added, difference.changed,
                                difference.removed);
        for (const auto& sentence : difference.sentences) text += "\n" + sentence;
        if (difference.count() > difference.sentences.size()) {
            text += fmt::format("\nand {} more", difference.count() - difference.sentences.size());
        }
        if (!part.mistakes.empty()) {
            text += fmt::format("\nleft out, as they were: {} of which a row is wrong\n{}",
                                part.left_out, in_source(part.mistakes));
        }
        if (!imported.unseen.empty()) {
            text += fmt::format(
                "\n{} of them are not seen yet; what is said of them holds when "
                "they come",
                imported.unseen.size());
        }
        return text;
    }

    RefreshOptions options_;
};

}  // namespace

std::unique_ptr<Job> make_dim_refresh(Keys& keys, const Place& place) {
    RefreshOptions options{.database = place.database,
                           .file = keys.text("file", {}),
                           .query = keys.text("query", {}),
                           .is_partial = keys.boolean("partial", false)};
    if (options.file.empty() == options.query.empty()) {
        keys.refuse(options.file.empty() ? "file" : "query",
                    "file, query: write one of them: a CSV file, or a SELECT beside a connection");
    }
    if (!options.query.empty()) options.server = read_database(keys);
    return std::make_unique<DimRefresh>(std::move(options));
}

}  // namespace jobs
