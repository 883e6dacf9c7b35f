#pragma once

#include <map>
#include <string>

#include "central/sinks/access/address.hpp"

namespace plans_test {

/// What a database had to do, by what did it. Of SQLite: steps of its virtual machine, for each
/// statement. Of PostgreSQL: pages that were looked at, for each table with its indices. Neither is
/// a time, so both are the same on a busy machine.
using Work = std::map<std::string, double>;

/// Counts it from its making on, of all connections of this program to that database. One at a
/// time.
class WorkMeter {
  public:
    explicit WorkMeter(sinks::Address address);
    ~WorkMeter();
    WorkMeter(const WorkMeter&) = delete;
    WorkMeter& operator=(const WorkMeter&) = delete;

    /// Since its making. A server counts what a connection did when that has ended.
    Work take() const;

  private:
    Work read_server() const;

    sinks::Address address_;
    Work before_;  // Of a server.
};

}  // namespace plans_test
