#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "postgres/options.hpp"
#include "postgres/parameters.hpp"

namespace postgres {

struct ClearResult {
    void operator()(PGresult* result) const noexcept { PQclear(result); }
};
struct FinishConnection {
    void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
};
using Answer = std::unique_ptr<PGresult, ClearResult>;
using Connection = std::unique_ptr<PGconn, FinishConnection>;

/// Connects within the options' time. Transient when that fails.
base::Result<Connection> connect(const Options& options, const std::string& server);

/// Something that is written late: before anything else is asked.
class Pending {
  public:
    virtual ~Pending() = default;
    virtual base::Status write() = 0;
    virtual void discard() = 0;
};

/// The answer to a request that was sent before anybody needs it, when it has come.
using Awaited = std::optional<base::Result<Answer>>;

/// A connection in pipeline mode: requests are sent one after the other, and their answers are
/// waited for when somebody needs one. Never waits longer than the options say.
class Link {
  public:
    static base::Result<std::unique_ptr<Link>> open(const Options& options);

    /// Sends a request; its Error, if any, comes with that of settle().
    base::Status prepare(const std::string& name, const std::string& sql,
                         const std::vector<Oid>& types);
    base::Status describe(const std::string& name);
    base::Status run(const std::string& name, const Parameters& values);
    base::Status run_text(const std::string& sql, const Parameters& values = {});

    /// Waits for the answers to all requests; gives the last one, or the first Error. When they
    /// come for longer than the options say, the connection is lost.
    base::Result<Answer> settle();

    /// Sends a request while nothing else is on its way, and does not wait. Its answer comes with
    /// the next settle() or collect_awaited(), which give its Error, too. `awaited` must live until
    /// then.
    base::Status ask_ahead(const std::string& sql, Awaited& awaited);
    std::optional<base::Error> collect_awaited();
    /// Nothing is on its way, nor postponed.
    bool is_idle() const { return requests_ == 0 && pending_.empty() && awaited_ == nullptr; }

    /// Several statements at once, outside of the pipeline.
    base::Status execute(const std::string& sql);

    /// Remembers what is to be written before anything else, and has it written.
    void postpone(Pending& pending) { pending_.push_back(&pending); }
    /// When one cannot be written, nothing else is either, and the connection is lost.
    base::Status write_pending();
    void discard_pending();

    bool is_lost() const;
    /// Uses the connection no more; gives the Error back.
    base::Error lose(base::Error error);
    const std::string& server() const { return server_; }
    std::string fresh_name() { return "s" + std::to_string(++names_); }

    bool is_in_transaction = false;

  private:
    Link(Connection connection, Options options, std::string server);

    base::Status set_up();
    base::Status check_server() const;
    base::Status check_session();
    base::Error too_slow() const;
    base::Status sent(int code);
    base::Status flush();
    base::Status wait(bool for_writing, base::Instant deadline);
    base::Result<Answer> next_answer(base::Instant& deadline);
    base::Status synchronize();
    base::Result<Answer> collect();

    Connection connection_;
    Options options_;
    std::string server_;
    std::uint64_t hangs_;  // Of the server, when this began.
    std::vector<Pending*> pending_;
    std::size_t requests_ = 0;
    Awaited* awaited_ = nullptr;
    std::uint64_t names_ = 0;
    bool is_lost_ = false;
};

}  // namespace postgres
