#include <fmt/format.h>

#include "central/jobs/server/kinds.hpp"
#include "central/jobs/server/quoted_name.hpp"
#include "central/sinks/tables/schema.hpp"

namespace jobs {

namespace {

class ServerVacuum final : public Job {
  public:
    explicit ServerVacuum(sinks::Address database) : database_(std::move(database)) {}

    std::string explain() const override {
        return fmt::format(
            "Has {} make the room of rows that went away usable again, and look anew at what its "
            "tables hold (VACUUM (ANALYZE)), table by table, while central runs. The server does "
            "so by itself, too (autovacuum): this is for after much was removed.",
            database_.text());
    }
    Heeds heeds() const override { return {}; }
    std::string remedy() const override {
        return "nothing was lost: run it again when the server is well";
    }

    base::Result<Work> run(const Order& order, base::EventTime /*now*/,
                           Progress& progress) override {
        auto opened = sinks::open_patient(database_);
        if (!opened) return opened.error();
        auto& database = *opened.value();
        if (auto current = sinks::check_current(database); !current) return current.error();
        const auto tables = database.tables();
        if (!tables) return tables.error();
        const std::uint64_t count = tables.value().size();
        Work work{.records = count,
                  .read = database_.text(),
                  .wrote = fmt::format("{} tables, vacuumed and analysed", count)};
        if (order.is_dry) return work;
        std::uint64_t done = 0;
        for (const auto& table : tables.value()) {
            progress.report(done++, count);
            if (auto may = progress.may_write(); !may) return may.error();
            auto vacuumed =
                database.execute(fmt::format("VACUUM (ANALYZE) {}", quoted_name(table)));
            if (!vacuumed) return vacuumed.error();
        }
        progress.report(count, count);
        return work;
    }

  private:
    sinks::Address database_;
};

}  // namespace

std::unique_ptr<Job> make_server_vacuum(const sinks::Address& database) {
    return std::make_unique<ServerVacuum>(database);
}

}  // namespace jobs
