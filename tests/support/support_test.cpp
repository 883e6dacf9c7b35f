#include <doctest/doctest.h>
#include <signal.h>

#include <filesystem>
#include <optional>

#include "support/eventually.hpp"
#include "support/free_port.hpp"
#include "support/process.hpp"
#include "support/servers.hpp"
#include "support/temporary_folder.hpp"

using namespace std::chrono_literals;

TEST_CASE("a temporary folder is gone at the end, with everything in it") {
    std::filesystem::path path;
    {
        const support::TemporaryFolder folder;
        path = folder.path();
        std::filesystem::create_directories(path / "deep" / "er");
        CHECK(std::filesystem::exists(folder.write("deep/er/file", "content")));
    }
    CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("a process gives its exit code and output, and gets its environment") {
    const support::TemporaryFolder folder;
    auto process = support::Process::start({.argv = {"sh", "-c", "echo $COLOUR; exit 7"},
                                            .environment = {"COLOUR=green"},
                                            .log_file = folder.file("log"),
                                            .folder = {}});
    CHECK(process.wait(10s) == 7);
    CHECK(process.log() == "green\n");
    CHECK_FALSE(process.running());
}

TEST_CASE("a process that does not end is told apart from one that was killed") {
    auto process = support::Process::start(
        {.argv = {"sleep", "100"}, .environment = {}, .log_file = {}, .folder = {}});
    CHECK(process.wait(20ms) == std::nullopt);
    process.kill(SIGKILL);
    CHECK(process.wait(10s) == 128 + SIGKILL);
}

TEST_CASE("a process does not outlive its scope") {
    pid_t pid = 0;
    {
        const auto process = support::Process::start(
            {.argv = {"sleep", "100"}, .environment = {}, .log_file = {}, .folder = {}});
        pid = process.pid();
        CHECK(::kill(pid, 0) == 0);
    }
    CHECK(::kill(pid, 0) == -1);
}

TEST_CASE("a program that is not there is an exception, not a silent child") {
    CHECK_THROWS(support::Process::start(
        {.argv = {"/no/such/program"}, .environment = {}, .log_file = {}, .folder = {}}));
}

TEST_CASE("a server answers again on the same port after kill and restart") {
    support::RedisServer redis;
    support::Mosquitto mosquitto;
    for (support::Server* server :
         {static_cast<support::Server*>(&redis), static_cast<support::Server*>(&mosquitto)}) {
        CAPTURE(server->log());
        CHECK(support::port_answers(server->port()));
        const pid_t before = server->pid();
        server->kill_hard();
        CHECK_FALSE(support::port_answers(server->port()));
        server->restart();
        CHECK(support::port_answers(server->port()));
        CHECK(server->pid() != before);
    }
}
