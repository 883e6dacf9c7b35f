#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <charconv>
#include <string>

#include "base/clock.hpp"
#include "central/database/place.hpp"
#include "central/http/loopback_client.hpp"
#include "places.hpp"
#include "support/eventually.hpp"
#include "support/process.hpp"
#include "support/servers.hpp"
#include "support/temporary_folder.hpp"

namespace program_test {

using namespace std::chrono_literals;

/// Servers on free ports, and what runs leat's programs against them.
struct World {
    support::Mosquitto mosquitto;
    support::RedisServer redis;
    support::TemporaryFolder folder;
    base::SystemClock clock;

    support::Process start(const std::string& program, const std::string& more = {}) const {
        const auto file =
            folder.write(program + ".toml",
                         fmt::format("[broker]\naddress = \"{}\"\n[redis]\naddress = \"{}\"\n{}",
                                     mosquitto.url(), redis.address(), more));
        return support::Process::start({.argv = {places::program(program), "run", "--config", file},
                                        .environment = {},
                                        .log_file = folder.file(program + ".log"),
                                        .folder = {}});
    }
    support::Process start_central(const std::string& database = "leat.db") const {
        return start("leat-central",
                     fmt::format("[central]\nid = \"one\"\n[sink]\n{}\n"
                                 "[api]\nlisten = \"127.0.0.1:0\"\n",
                                 central_test::sink_settings(folder.file(database))));
    }
};

/// The port that the log names.
inline int port_of(const support::Process& central) {
    const std::string words = "event=listening address=127.0.0.1:";
    int port = 0;
    support::eventually([&] {
        const auto log = central.log();
        const auto at = log.find(words);
        if (at == std::string::npos) return false;
        const auto* digits = log.data() + at + words.size();
        std::from_chars(digits, log.data() + log.size(), port);
        return true;
    });
    return port;
}

inline std::string get(int port, const std::string& target) {
    LoopbackClient client(port);
    client.send("GET " + target + " HTTP/1.0\r\nHost: localhost\r\n\r\n");
    support::eventually([&] {
        client.receive();
        return client.ended();
    });
    return client.text();
}

inline bool answers(int port, const std::string& target, const std::string& wanted) {
    std::string last;
    const bool found = support::eventually(
        [&] {
            last = get(port, target);
            return last.find(wanted) != std::string::npos;
        },
        15s, 50ms);
    CAPTURE(last);
    CHECK(found);
    return found;
}

}  // namespace program_test
