#pragma once

#include <optional>
#include <string>

#include "agent/commands/request.hpp"
#include "agent/commands/response.hpp"
#include "disk/files.hpp"

namespace agent {

/// A new configuration on trial. The file itself is not touched until the trial has gone well.
/// Whatever ends the program, and whenever, the next start has either the old file or the new one,
/// and never tries the new one a second time. Beside the file it keeps
///   `.candidate`  the new text,
///   `.trial`      how far the trial is, and its request,
///   `.previous`   the file before the last change, for people.
/// Asks no clock and knows no network: its owner reports how the trial went.
class ConfigTrial {
  public:
    /// The path may be a link: what it points to is replaced.
    ConfigTrial(const std::string& config_path, disk::Files& files);

    /// At every start: settles what an earlier life has left behind, and gives the file to start
    /// with.
    std::string begin();

    /// What begin() gave; the configuration file again, once a trial has gone well.
    const std::string& file() const { return file_; }

    /// This life tries a new configuration.
    bool is_running() const { return state_ == State::running; }

    /// Stores the new text for the next begin(). After an error nothing has changed.
    base::Status propose(const Request& request);

    /// The trial went well: the new text becomes the configuration file. After an error it may be
    /// called again.
    base::Status confirm();

    /// The trial failed: the next begin() gives the old file.
    void roll_back(const std::string& why);

    /// The request whose trial is running or over, and what came of it. The outcome is kept until
    /// forget_outcome(), which waits until the requester has surely heard it.
    const Request& request() const { return request_; }
    std::optional<Response> outcome() const;
    void forget_outcome();

    const std::string& config_path() const { return path_; }
    const disk::Files& files() const { return files_; }

  private:
    enum class State { idle, proposed, running, confirmed, rolled_back };

    bool read_mark();
    base::Status write_mark(State state);
    void forget();
    void drop(const std::string& path);
    void start_candidate();
    base::Status promote();
    std::string candidate() const { return path_ + ".candidate"; }
    std::string mark() const { return path_ + ".trial"; }

    std::string path_;
    std::string file_;
    disk::Files& files_;
    State state_ = State::idle;
    Request request_;
    std::string why_;  // Why it was rolled back.
};

}  // namespace agent
