#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "central/sinks/access/address.hpp"
#include "databases/postgres_server.hpp"
#include "support/process.hpp"
#include "support/servers.hpp"
#include "support/temporary_folder.hpp"

namespace line {

struct LineOptions {
    int bridges = 1;
    /// Node name → its [[sensor]] tables.
    std::map<std::string, std::string> nodes;
    std::string flush = "100ms";
    bool has_postgres = false;  // In place of SQLite.
};

/// The whole line as real processes on free loopback ports: mosquitto, redis-server, bridges,
/// central and agents. Each can be killed and started again on the same data.
class RunningLine {
  public:
    explicit RunningLine(const LineOptions& options);

    /// "mosquitto", "redis", "bridge-1", "central", the nodes' names, and "postgresql" where there
    /// is one.
    std::vector<std::string> parts() const;

    /// SIGKILL.
    void kill(const std::string& part);
    /// Starts a killed part again, as it was.
    void start(const std::string& part);
    /// SIGTERM. Returns the exit code, or nothing if it took longer than five seconds.
    std::optional<int> stop(const std::string& part);
    bool running(const std::string& part);

    /// GET on central; empty if it does not answer with 200.
    std::string get(const std::string& target) const;

    /// The configuration file of a program.
    std::string configuration(const std::string& part) const {
        return commands_.at(part).argv.back();
    }
    sinks::Address database() const;
    int api_port() const { return api_port_; }
    support::Mosquitto& mosquitto() { return mosquitto_; }
    support::RedisServer& redis() { return redis_; }
    pid_t pid(const std::string& part) const { return processes_.at(part).pid(); }
    std::string log(const std::string& part) const { return processes_.at(part).log(); }

  private:
    void configure(const LineOptions& options);
    void add_program(const std::string& part, const std::string& program,
                     const std::string& configuration);

    support::TemporaryFolder folder_;
    support::Mosquitto mosquitto_;
    support::RedisServer redis_;
    std::optional<support::PostgresServer> postgres_;
    int api_port_;
    std::map<std::string, support::ProcessOptions> commands_;
    std::map<std::string, support::Process> processes_;
};

}  // namespace line
