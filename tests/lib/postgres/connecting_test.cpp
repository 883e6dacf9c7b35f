// Goal: whoever connects gets the server itself, with settings that end a dead client's session,
// and gets it also when a server named before it does not answer.
#include <doctest/doctest.h>

#include <fstream>

#include "base/clock.hpp"
#include "lib/postgres/shared_server.hpp"
#include "support/free_port.hpp"
#include "support/listener.hpp"
#include "support/process.hpp"

using namespace std::chrono_literals;

namespace {

std::string setting(sql::Database& database, const std::string& name) {
    auto query = database.query("SELECT current_setting(?)");
    REQUIRE(query.bind(name).next());
    return query.string(0);
}

/// A pooler before the server, whose session for a client may be another with each transaction.
class Pooler {
  public:
    explicit Pooler(const support::PostgresServer& server) : port_(support::free_port()) {
        const auto file = server.folder().file("pgbouncer.ini");
        std::ofstream{file} << "[databases]\nleat = host=127.0.0.1 port=" << server.port()
                            << " user=leat dbname=leat\n[pgbouncer]\nlisten_addr = 127.0.0.1\n"
                            << "listen_port = " << port_
                            << "\nauth_type = any\npool_mode = transaction\nunix_socket_dir =\n";
        process_ = support::Process::start({.argv = server.as_user({"pgbouncer", file}),
                                            .environment = {},
                                            .log_file = server.folder().file("pgbouncer.log"),
                                            .folder = "/"});
        for (int i = 0; i < 500 && !support::port_answers(port_); ++i) base::pause_for(10ms);
    }

    std::string uri() const {
        return "postgresql://leat@127.0.0.1:" + std::to_string(port_) + "/leat";
    }
    std::string log() const { return process_->log(); }

  private:
    int port_;
    std::optional<support::Process> process_;
};

}  // namespace

TEST_CASE("the server looks for a client that may be dead, and lets one live that is silent") {
    auto admin = shared::connect();
    REQUIRE(admin->execute("ALTER DATABASE leat SET idle_session_timeout = '1min'"));
    auto database = shared::connect();
    REQUIRE(admin->execute("ALTER DATABASE leat RESET idle_session_timeout"));
    CHECK(setting(*database, "tcp_keepalives_idle") == "10");
    CHECK(setting(*database, "tcp_keepalives_interval") == "5");
    CHECK(setting(*database, "tcp_keepalives_count") == "3");
    CHECK(setting(*database, "tcp_user_timeout") == "15000");
    CHECK(setting(*database, "client_connection_check_interval") == "2s");
    CHECK(setting(*database, "idle_session_timeout") == "0");
}

TEST_CASE("a client that dies within a long statement loses its locks soon") {
    auto first = postgres::open({.place = shared::server().uri(), .answer_within = 60s}).value();
    const auto second = shared::connect();
    REQUIRE(postgres::hold(*first, "long").value());
    REQUIRE(first->begin());
    REQUIRE(first->query("SELECT pg_sleep(30)").run());
    first.reset();
    bool is_free = false;
    const base::SystemClock clock;
    const auto latest = clock.instant() + 10s;
    while (!is_free && clock.instant() < latest) {
        is_free = postgres::hold(*second, "long").value();
        base::pause_for(20ms);
    }
    CHECK(is_free);
}

TEST_CASE("of several hosts one that does not answer costs a part of the time") {
    const support::Listener silent;
    const auto hang = std::to_string(silent.port());
    const auto refused = std::to_string(support::free_port());
    const auto good = std::to_string(shared::server().port());
    const std::string uri = "postgresql://leat@127.0.0.1:";
    for (const auto& place : {
             uri + hang + ",127.0.0.1:" + good + "/leat",
             uri + refused + ",127.0.0.1:" + hang + ",127.0.0.1:" + good + "/leat",
             "host=127.0.0.1,127.0.0.1 port=" + hang + "," + good +
                 " user=leat dbname=leat target_session_attrs=read-write",
             "hostaddr=127.0.0.1,127.0.0.1 port=" + hang + "," + good + " user=leat dbname=leat",
         }) {
        CAPTURE(place);
        auto opened = postgres::open({.place = place, .connect_within = 2s});
        REQUIRE_MESSAGE(opened, opened.error().detail);
        CHECK(opened.value()->number("SELECT 1"));
    }
}

TEST_CASE("when none of several hosts serves, the Error says why of each, and in time") {
    const support::Listener silent;
    const auto hang = "127.0.0.1:" + std::to_string(silent.port());
    const auto refused = "127.0.0.1:" + std::to_string(support::free_port());
    const base::SystemClock clock;
    const auto begin = clock.instant();
    const auto opened =
        postgres::open({.place = "postgresql://leat@" + hang + "," + refused + "," + hang + "/leat",
                        .connect_within = 900ms});
    REQUIRE_FALSE(opened);
    CHECK(opened.error().fault == base::Fault::transient);
    CHECK(opened.error().detail.find(hang + ": no connection") != std::string::npos);
    CHECK(opened.error().detail.find("refused") != std::string::npos);
    CHECK(clock.instant() - begin < 2s);
}

TEST_CASE("a pooler is refused, which would share sessions and lose their locks") {
    if (support::find_program("pgbouncer").empty()) {
        MESSAGE("there is no pgbouncer");
        return;
    }
    const Pooler pooler{shared::server()};
    const auto opened = postgres::open({.place = pooler.uri()});
    REQUIRE_MESSAGE(!opened, pooler.log());
    CHECK(opened.error().fault == base::Fault::misconfigured);
    CHECK_MESSAGE(opened.error().detail.find("not through a pooler") != std::string::npos,
                  opened.error().detail);
}
