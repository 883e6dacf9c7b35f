#pragma once

#include <optional>
#include <string>
#include <vector>

#include "support/process.hpp"
#include "support/temporary_folder.hpp"

namespace support {

/// A real server on a free port of 127.0.0.1, with its files in a folder of its own. Killed at the
/// end of its scope.
class Server {
  public:
    virtual ~Server() = default;
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    int port() const { return port_; }
    std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
    const TemporaryFolder& folder() const { return folder_; }

    /// SIGKILL: for a process the same as a power cut.
    void kill_hard();
    /// SIGTERM, and waits until it is gone.
    void stop();
    /// Alive but unresponsive: SIGSTOP, and SIGCONT.
    void pause();
    void resume();
    /// Starts it again on the same port and data, and kills it first if it still runs. Returns when
    /// it answers; throws with its log if it does not.
    void restart();

    bool running();
    pid_t pid() const { return process_->pid(); }
    std::string log() const { return process_->log(); }

  protected:
    Server() = default;
    /// The first start; on another port if another program was quicker.
    void start_first();
    virtual std::vector<std::string> command() = 0;
    virtual bool answers() = 0;

  private:
    bool start();

    TemporaryFolder folder_;
    int port_ = 0;
    std::optional<Process> process_;
};

struct MosquittoOptions {
    std::vector<std::string> lines;  // More of mosquitto.conf; "{folder}" is the folder.
    bool anonymous = true;           // allow_anonymous.
};

/// Eclipse Mosquitto without persistence: after a restart it knows nothing, which is what leat
/// expects of a broker.
class Mosquitto final : public Server {
  public:
    explicit Mosquitto(MosquittoOptions options = {});

    /// "tcp://127.0.0.1:<port>"
    std::string url() const { return "tcp://" + address(); }

  private:
    std::vector<std::string> command() override;
    bool answers() override;

    MosquittoOptions options_;
};

struct RedisServerOptions {
    /// More arguments, for example {"--requirepass", "secret"}; they win over the defaults
    /// `--appendonly yes --appendfsync always --save ""`. "{folder}" stands for the server's
    /// folder.
    std::vector<std::string> arguments;
};

/// Redis as leat needs it: what it has answered is on disk.
class RedisServer final : public Server {
  public:
    explicit RedisServer(RedisServerOptions options = {});

  private:
    std::vector<std::string> command() override;
    bool answers() override;

    RedisServerOptions options_;
};

}  // namespace support
