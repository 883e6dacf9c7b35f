#pragma once

#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace postgres {

/// What the connections of a program to one server tell each other: that it does not answer. So one
/// of them waits for a server that hangs, and the others do not. For one thread.
class Outage {
  public:
    /// Until then it is not asked again. Connections made before a hang are lost with it.
    void note_away(base::Instant until, std::string reason);
    void note_hang(base::Instant until, std::string reason);

    /// Why it is not to be asked now.
    base::Status status(base::Instant now) const;
    std::uint64_t hangs() const { return hangs_; }

  private:
    base::Instant until_;
    std::string reason_;
    std::uint64_t hangs_ = 0;
};

struct Options {
    /// As libpq reads it: "postgresql://leat@db/leat?sslmode=verify-full", "host=db dbname=leat",
    /// "service=leat". What it does not say, libpq finds in the environment and its files.
    std::string place;

    /// A file with the password in its first line; empty: libpq finds it (~/.pgpass), or none is
    /// needed.
    std::string password_file{};

    bool is_read_only = false;

    /// How long one connection attempt, and one answer, may take; at least a millisecond. Looking
    /// up the name of a host is libpq's, and does not count. Several hosts of a place share the
    /// time, and are asked in turn.
    base::Duration connect_within = std::chrono::seconds{3};
    base::Duration answer_within = std::chrono::seconds{8};

    /// How long all the answers that one call waits for may take. There is no such end when
    /// answer_within is longer.
    base::Duration settle_within = std::chrono::seconds{30};

    /// How long a statement waits for a lock that another connection holds.
    base::Duration lock_within = std::chrono::seconds{5};

    std::shared_ptr<Outage> outage = std::make_shared<Outage>();
};

/// What a person knows the place by, without a password: "postgresql://leat@db:5432/leat".
/// Malformed when libpq cannot read it.
base::Result<std::string> name_of(const std::string& place);

/// Whether a password stands in it: of the user, or of a key.
bool has_password(const std::string& place);

}  // namespace postgres
