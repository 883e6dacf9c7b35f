// How fast rows of another database are read and written in blocks, from servers on this machine,
// and how much memory that takes in this process. Run it on an idle machine.
#include <fmt/core.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "base/ensure.hpp"
#include "bench/figures.hpp"
#include "databases/database_servers.hpp"
#include "odbc/connection.hpp"
#include "odbc/transaction.hpp"

namespace {

constexpr std::int64_t kRows = 1'000'000;
constexpr std::size_t kRowsAtOnce = 1'000;

const odbc::TableShape kTable{.name = "readings",
                              .columns = {{"series", {.type = odbc::Type::integer}},
                                          {"at", {.type = odbc::Type::integer}},
                                          {"value", {.type = odbc::Type::number}},
                                          {"quality", {.type = odbc::Type::integer}}},
                              .key = {"series", "at"}};

odbc::Block block_of() {
    std::vector<odbc::Column> columns;
    for (const auto& column : kTable.columns) columns.push_back(column.column);
    return {std::move(columns), kRowsAtOnce};
}

odbc::Connection opened(const odbc::Options& options) {
    auto connection = odbc::Connection::open(options);
    if (!connection) fmt::print(stderr, "{}\n", connection.error().detail);
    ENSURE(connection);
    return std::move(connection).value();
}

template <class T>
T valued(base::Result<T> result) {
    if (!result) fmt::print(stderr, "{}\n", result.error().detail);
    ENSURE(result);
    return std::move(result).value();
}

void fill(odbc::Connection& connection, const std::string& name) {
    valued(connection.execute(connection.dialect().create(kTable)));
    auto insert = valued(connection.prepare(connection.dialect().insert(kTable)));
    auto block = block_of();
    const bench::Stopwatch watch;
    for (std::int64_t row = 0; row < kRows;) {
        block.clear();
        for (; !block.is_full(); ++row) {
            valued(block.add(std::array<odbc::Value, 4>{row % 100, 1'763'640'000'000 + row,
                                                        0.1 * static_cast<double>(row),
                                                        std::int64_t{1}}));
        }
        odbc::Transaction transaction{connection};
        valued(insert.run(block));
        valued(transaction.commit());
    }
    bench::report(name + ": written in transactions of 1 000 rows", kRows / watch.seconds(),
                  "rows/s");
}

void read(const odbc::Options& options, const std::string& name) {
    auto connection = opened(options);
    const auto before = bench::anonymous_kib(::getpid());
    auto select = valued(connection.prepare("SELECT series, at, value, quality FROM readings"));
    auto block = block_of();
    const bench::Stopwatch watch;
    valued(select.run());
    std::int64_t rows = 0;
    std::int64_t sum = 0;
    while (valued(select.fetch(block))) {
        rows += static_cast<std::int64_t>(block.rows());
        for (std::size_t i = 0; i < block.rows(); ++i) sum += block.integer(i, 3);
    }
    const auto seconds = watch.seconds();
    ENSURE(rows == kRows && sum == kRows);
    bench::report(name + ": read in blocks of 1 000 rows", kRows / seconds, "rows/s");
    bench::report(name + ": memory for that",
                  static_cast<double>(bench::anonymous_kib(::getpid()) - before) / 1'024, "MiB");
}

}  // namespace

int main() {
    {
        const databases::MariaDb server;
        auto connection = opened(server.options());
        fill(connection, "MariaDB");
        read(server.options(), "MariaDB");
    }
    const databases::PostgreSql server;
    auto connection = opened(server.options());
    fill(connection, "PostgreSQL");
    read(server.options(), "PostgreSQL");
    auto fetching = server.options();
    fetching.connection += ";UseDeclareFetch=1;Fetch=1000";
    read(fetching, "PostgreSQL with UseDeclareFetch");
}
