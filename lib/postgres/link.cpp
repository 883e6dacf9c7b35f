#include "postgres/link.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/ensure.hpp"
#include "postgres/columns.hpp"
#include "postgres/error.hpp"

namespace postgres {

namespace {

using namespace std::chrono_literals;
using base::Done;
using base::Error;
using base::Fault;
using base::Status;

/// Requests without an answer: what the server has to say of them is held until then.
constexpr std::size_t kRequestsMax = 1'000;
/// After so many the server must send what it has to say of them: otherwise it waits until that
/// fills a packet, and one wait is for hundreds of them.
constexpr std::size_t kRequestsHeard = 20;

constexpr base::Duration kPauseAfterHang = 10s;
constexpr base::Duration kPauseAfterRefusal = 1s;

base::Instant now() {
    return base::SystemClock{}.instant();
}

}  // namespace

Link::Link(Connection connection, Options options, std::string server)
    : connection_(std::move(connection)),
      options_(std::move(options)),
      server_(std::move(server)),
      hangs_(options_.outage->hangs()) {}

base::Result<std::unique_ptr<Link>> Link::open(const Options& options) {
    auto server = name_of(options.place);
    if (!server) return Error{Fault::misconfigured, server.error().detail};
    if (auto up = options.outage->status(now()); !up) return up.error();
    const auto begin = now();
    auto connection = connect(options, server.value());
    if (!connection) {
        const auto part =
            kPauseAfterHang * (now() - begin).count() / options.connect_within.count();
        const auto pause = std::clamp<base::Duration>(part, kPauseAfterRefusal, kPauseAfterHang);
        options.outage->note_away(now() + pause, connection.error().detail);
        return connection.error();
    }
    std::unique_ptr<Link> link{
        new Link{std::move(connection).value(), options, std::move(server).value()}};
    if (auto ready = link->set_up(); !ready) return ready.error();
    return link;
}

Status Link::check_server() const {
    constexpr int kOldest = 150'000;
    const int version = PQserverVersion(connection_.get());
    if (version < kOldest) {
        return Error{
            Fault::misconfigured,
            fmt::format("{}: is PostgreSQL {}; leat needs 15 or newer", server_, version / 10'000)};
    }
    const auto* encoding = PQparameterStatus(connection_.get(), "server_encoding");
    if (encoding == nullptr || std::string_view{encoding} != "UTF8") {
        return Error{Fault::misconfigured,
                     fmt::format("{}: the database is encoded in {}: make one with createdb -E "
                                 "UTF8 -T template0",
                                 server_, encoding == nullptr ? "?" : encoding)};
    }
    return Done{};
}

/// Behind a pooler a lock of the session would be another client's, and SET would be for others.
Status Link::check_session() {
    if (auto sent = run_text("SELECT pg_backend_pid()"); !sent) return sent;
    const auto answer = settle();
    if (!answer) return answer.error();
    const int told = PQbackendPID(connection_.get());
    if (read_integer(answer.value().get(), 0, 0) == told) return Done{};
    return Error{Fault::misconfigured,
                 server_ +
                     ": connect to the server itself, not through a pooler such as PgBouncer, "
                     "which gives no session of one's own"};
}

/// A commit is durable when it returns, whatever the server's default is. A statement that takes
/// too long ends before we think that the server hangs. A session, and with it its locks, ends soon
/// after its client: the server asks for signs of life while nothing is sent (25 s), while its
/// answers are not taken (15 s), and within a long statement (2 s, where its system can tell). A
/// client that lives may be silent for any time, unless a transaction is open. What this session
/// makes, changes or drops is in one schema: a later one of its path is somebody else's.
Status Link::set_up() {
    if (auto usable = check_server(); !usable) return usable;
    const auto settings = fmt::format(
        "SET client_min_messages = warning; SET statement_timeout = {}; SET lock_timeout = {};"
        " SET idle_in_transaction_session_timeout = '2min'; SET idle_session_timeout = 0;"
        " SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5;"
        " SET tcp_keepalives_count = 3; SET tcp_user_timeout = '15s'; SET timezone = 'UTC';"
        " SET jit = off; SET default_transaction_read_only = {};"
        " SELECT set_config('search_path', quote_ident(current_schema()), false)"
        " WHERE current_schema() IS NOT NULL;"
        " SELECT set_config('synchronous_commit', 'on', false)"
        " WHERE current_setting('synchronous_commit') = 'off'",
        (options_.answer_within * 7 / 8).count(), options_.lock_within.count(),
        options_.is_read_only ? "on" : "off");
    if (PQenterPipelineMode(connection_.get()) != 1) {
        return lose(connection_error(connection_.get(), server_));
    }
    if (auto own = check_session(); !own) return own;
    if (auto set = execute(settings); !set) return set;
    const auto looks = execute("SET client_connection_check_interval = '2s'");
    if (!looks && is_lost()) return looks;
    return Done{};
}

bool Link::is_lost() const {
    return is_lost_ || PQstatus(connection_.get()) != CONNECTION_OK ||
           options_.outage->hangs() != hangs_;
}

Error Link::lose(Error error) {
    is_lost_ = true;
    return error;
}

Status Link::sent(int code) {
    if (code != 1) return lose(connection_error(connection_.get(), server_));
    ++requests_;
    const bool is_heard =
        requests_ % kRequestsHeard != 0 || PQsendFlushRequest(connection_.get()) == 1;
    if (!is_heard) return lose(connection_error(connection_.get(), server_));
    if (auto flushed = flush(); !flushed) return flushed;
    if (requests_ < kRequestsMax) return Done{};
    auto settled = settle();
    if (!settled) return settled.error();
    return Done{};
}

Status Link::prepare(const std::string& name, const std::string& sql,
                     const std::vector<Oid>& types) {
    if (is_lost()) return lose({Fault::transient, server_ + ": the connection is lost"});
    return sent(PQsendPrepare(connection_.get(), name.c_str(), sql.c_str(),
                              static_cast<int>(types.size()), types.data()));
}

Status Link::describe(const std::string& name) {
    return sent(PQsendDescribePrepared(connection_.get(), name.c_str()));
}

Status Link::run(const std::string& name, const Parameters& values) {
    if (is_lost()) return lose({Fault::transient, server_ + ": the connection is lost"});
    return sent(PQsendQueryPrepared(connection_.get(), name.c_str(), values.count(),
                                    values.values(), values.lengths(), values.formats(), 1));
}

Status Link::run_text(const std::string& sql, const Parameters& values) {
    if (is_lost()) return lose({Fault::transient, server_ + ": the connection is lost"});
    return sent(PQsendQueryParams(connection_.get(), sql.c_str(), values.count(), values.types(),
                                  values.values(), values.lengths(), values.formats(), 1));
}

/// What the server says meanwhile is read, too: it would not read on before that.
Status Link::flush() {
    const auto deadline = now() + options_.answer_within;
    for (;;) {
        const int left = PQflush(connection_.get());
        if (left == 0) return Done{};
        if (left < 0) return lose(connection_error(connection_.get(), server_));
        if (auto ready = wait(true, deadline); !ready) return ready;
        if (PQconsumeInput(connection_.get()) != 1) {
            return lose(connection_error(connection_.get(), server_));
        }
    }
}

Status Link::wait(bool for_writing, base::Instant deadline) {
    const auto left = std::chrono::duration_cast<base::Duration>(deadline - now());
    pollfd socket{.fd = PQsocket(connection_.get()),
                  .events = static_cast<short>(for_writing ? POLLIN | POLLOUT : POLLIN),
                  .revents = 0};
    if (left.count() > 0 && ::poll(&socket, 1, static_cast<int>(left.count())) > 0) return Done{};
    if (now() < deadline) return Done{};  // Interrupted: the caller looks again.
    auto error = Error{Fault::transient,
                       fmt::format("{}: the server has not answered for {} s: it hangs, or the "
                                   "network to it does",
                                   server_, options_.answer_within.count() / 1'000)};
    options_.outage->note_hang(now() + kPauseAfterHang, error.detail);
    return lose(std::move(error));
}

base::Result<Answer> Link::next_answer(base::Instant& deadline) {
    while (PQisBusy(connection_.get()) == 1) {
        if (auto ready = wait(false, deadline); !ready) return ready.error();
        if (PQconsumeInput(connection_.get()) != 1) {
            return lose(connection_error(connection_.get(), server_));
        }
        if (auto flushed = flush(); !flushed) return flushed.error();
    }
    deadline = now() + options_.answer_within;
    return Answer{PQgetResult(connection_.get())};
}

Error Link::too_slow() const {
    return {Fault::transient,
            fmt::format("{}: the answers have taken longer than {} s: the server is overloaded",
                        server_, options_.settle_within.count() / 1'000)};
}

/// The server sends what it has, and ends what it does as one transaction if there is no other.
Status Link::synchronize() {
    if (is_lost()) return lose({Fault::transient, server_ + ": the connection is lost"});
    if (PQpipelineSync(connection_.get()) != 1) {
        return lose(connection_error(connection_.get(), server_));
    }
    return flush();
}

/// What failed because the transaction had failed before has that reason.
base::Result<Answer> Link::settle() {
    const auto before = collect_awaited();
    if (auto synchronized = synchronize(); !synchronized) {
        return before.value_or(synchronized.error());
    }
    requests_ = 0;
    auto answer = collect();
    if (!answer && before) return *before;
    return answer;
}

Status Link::ask_ahead(const std::string& sql, Awaited& awaited) {
    ENSURE(is_idle());
    if (auto sent = run_text(sql); !sent) return sent;
    if (auto synchronized = synchronize(); !synchronized) return synchronized;
    requests_ = 0;
    awaited_ = &awaited;
    return Done{};
}

std::optional<Error> Link::collect_awaited() {
    if (awaited_ == nullptr) return std::nullopt;
    auto& awaited = std::exchange(awaited_, nullptr)->emplace(collect());
    return awaited ? std::nullopt : std::optional{awaited.error()};
}

/// The answers up to the next synchronize(): the last of them, or the first Error.
base::Result<Answer> Link::collect() {
    if (is_lost()) return lose({Fault::transient, server_ + ": the connection is lost"});
    auto deadline = now() + options_.answer_within;
    const bool has_end = options_.answer_within < options_.settle_within;
    const auto end = now() + options_.settle_within;
    std::optional<Error> first;
    Answer last;
    for (bool is_synced = false; !is_synced;) {
        if (has_end && now() >= end) return lose(first.value_or(too_slow()));
        auto next = next_answer(deadline);
        if (!next) return next.error();
        auto answer = std::move(next).value();
        const auto status = PQresultStatus(answer.get());
        if (!answer && PQstatus(connection_.get()) != CONNECTION_OK) {
            return lose(first.value_or(connection_error(connection_.get(), server_)));
        }
        if (!answer || status == PGRES_PIPELINE_ABORTED) continue;
        if (status == PGRES_PIPELINE_SYNC) {
            is_synced = true;
        } else if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
            last = std::move(answer);
        } else if (!first) {
            first = error_of(answer.get(), server_);
        }
    }
    if (first) return *std::move(first);
    return last;
}

Status Link::execute(const std::string& sql) {
    auto settled = settle();
    if (!settled) return settled.error();
    if (PQexitPipelineMode(connection_.get()) != 1 ||
        PQsendQuery(connection_.get(), sql.c_str()) != 1) {
        return lose(connection_error(connection_.get(), server_));
    }
    if (auto flushed = flush(); !flushed) return flushed;
    auto deadline = now() + options_.answer_within;
    std::optional<Error> first;
    for (;;) {
        auto next = next_answer(deadline);
        if (!next) return next.error();
        const auto answer = std::move(next).value();
        if (!answer) break;
        if (PQresultStatus(answer.get()) == PGRES_FATAL_ERROR && !first) {
            first = error_of(answer.get(), server_);
        }
    }
    if (PQenterPipelineMode(connection_.get()) != 1) {
        return lose(first.value_or(connection_error(connection_.get(), server_)));
    }
    if (first) return *std::move(first);
    return Done{};
}

Status Link::write_pending() {
    auto pending = std::exchange(pending_, {});
    for (auto* one : pending) {
        auto written = one->write();
        if (written) continue;
        for (auto* other : pending) other->discard();
        return lose(written.error());
    }
    return Done{};
}

void Link::discard_pending() {
    for (auto* one : std::exchange(pending_, {})) one->discard();
}

}  // namespace postgres
