#include "postgres/database.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "base/ensure.hpp"
#include "postgres/adapt.hpp"
#include "postgres/batch.hpp"
#include "postgres/statement.hpp"

namespace postgres {

namespace {

using base::Done;
using base::Status;

class Database final : public sql::Database {
  public:
    explicit Database(std::unique_ptr<Link> link) : link_(std::move(link)) {}

    Link& link() { return *link_; }

    sql::Dialect dialect() const override { return sql::Dialect::postgres; }
    const std::string& path() const override { return link_->server(); }
    bool is_lost() const override { return link_->is_lost(); }

    Status execute(const std::string& sql) override {
        if (auto written = link_->write_pending(); !written) return written;
        return link_->execute(adapt(sql));
    }

    /// Both are sent with what comes next.
    Status begin() override {
        ENSURE(!link_->is_in_transaction);
        // What others committed is seen as soon as the lock is there, whatever the default is.
        auto sent = link_->run_text("BEGIN ISOLATION LEVEL READ COMMITTED");
        if (!sent) return sent;
        auto locked =
            link_->run_text("SELECT pg_advisory_xact_lock(hashtextextended(current_schema(), 1))");
        if (!locked) return locked;
        link_->is_in_transaction = true;
        return Done{};
    }

    Status commit() override {
        if (auto written = link_->write_pending(); !written) return written;
        if (auto sent = link_->run_text("COMMIT"); !sent) return sent;
        const auto ended = link_->settle();
        if (!ended) return ended.error();
        // One that failed before is rolled back, without an Error.
        if (std::string_view{PQcmdStatus(ended.value().get())} != "COMMIT") {
            return link_->lose({base::Fault::transient,
                                path() + ": the transaction failed before it was committed"});
        }
        link_->is_in_transaction = false;
        return Done{};
    }

    void roll_back() override {
        link_->discard_pending();
        link_->is_in_transaction = false;
        if (link_->is_lost()) return;
        // It settles what was sent before, which may have failed; then the server knows no
        // transaction, and only warns.
        for (int i = 0; i < 2; ++i) {
            if (auto sent = link_->run_text("ROLLBACK"); !sent) return;
            const auto settled = link_->settle();
            if (settled) return;
            if (i == 1) link_->lose(settled.error());
        }
    }

    base::Result<std::vector<std::string>> tables() override {
        std::vector<std::string> names;
        auto query = this->query(
            "SELECT relname::text FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
            " AND relnamespace = to_regnamespace(quote_ident(current_schema()))"
            " ORDER BY relname::text COLLATE \"C\"");
        for (;;) {
            const auto row = query.next();
            if (!row) return row.error();
            if (!row.value()) return names;
            names.push_back(query.string(0));
        }
    }

    base::Result<bool> has_column(const std::string& table, std::string_view column) override {
        auto query = this->query(
            "SELECT 1 FROM information_schema.columns WHERE table_schema = current_schema()"
            " AND table_name = ? AND column_name = ?");
        return query.bind(table).bind(column).next();
    }

  protected:
    sql::Statement& statement(std::string_view sql, sql::Use use) override {
        auto& known = statements_[static_cast<std::size_t>(use)];
        const auto found = known.find(sql);
        if (found != known.end()) return *found->second;
        return *known.emplace(sql, make(sql, use)).first->second;
    }

  private:
    std::unique_ptr<sql::Statement> make(std::string_view sql, sql::Use use) {
        auto adapted = adapt(sql);
        if (use == sql::Use::batch) return std::make_unique<Batch>(*link_, std::move(adapted));
        return std::make_unique<Statement>(*link_, std::move(adapted), use == sql::Use::walk);
    }

    std::unique_ptr<Link> link_;
    std::map<std::string, std::unique_ptr<sql::Statement>, std::less<>> statements_[3];
};

/// There is none of those in the search path, as an operator writes it.
base::Error no_schema(const std::string& server, std::string_view search_path) {
    auto last = search_path.substr(search_path.rfind(',') + 1);
    while (last.starts_with(' ')) last.remove_prefix(1);
    const bool is_the_user = last == "\"$user\"" || last == "$user";
    const auto name = is_the_user ? "AUTHORIZATION CURRENT_USER" : std::string{last};
    return {base::Fault::misconfigured,
            fmt::format("{}: the schema of search_path = {} does not exist: CREATE SCHEMA {}",
                        server, search_path, name)};
}

}  // namespace

base::Result<std::unique_ptr<sql::Database>> open(const Options& options) {
    auto link = Link::open(options);
    if (!link) return link.error();
    return std::unique_ptr<sql::Database>{std::make_unique<Database>(std::move(link).value())};
}

base::Result<bool> hold(sql::Database& database, std::string_view name) {
    ENSURE(database.dialect() == sql::Dialect::postgres);
    auto query = database.query(
        "SELECT pg_try_advisory_lock(hashtextextended(current_schema() || ':' || ?, 2)),"
        " current_setting('search_path')");
    const auto row = query.bind(name).next();
    if (!row) return row.error();
    if (query.is_null(0)) return no_schema(database.path(), query.text(1));
    return query.integer(0) != 0;
}

base::Status release(sql::Database& database, std::string_view name) {
    ENSURE(database.dialect() == sql::Dialect::postgres);
    auto query = database.query(
        "SELECT pg_advisory_unlock(hashtextextended(current_schema() || ':' || ?, 2))");
    return query.bind(name).run();
}

}  // namespace postgres
