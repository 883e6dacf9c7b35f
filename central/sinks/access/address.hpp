#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "postgres/options.hpp"
#include "sql/database.hpp"

namespace sinks {

/// Where central's database is: a file of SQLite's, or a server of PostgreSQL's. Copies of an
/// address to a server share what their connections know of its health: use them in one thread.
class Address {
  public:
    Address() = default;
    Address(std::string path) : place_(std::move(path)) {}
    Address(const char* path) : place_(path) {}

    /// `place` is as libpq reads it; the password stands in the first line of a file, or is libpq's
    /// affair when there is none.
    static Address server(std::string place, std::string password_file = {});

    bool is_server() const { return options_ != nullptr; }

    /// What a person knows it by: the path, or the server's name without a password.
    const std::string& text() const { return place_; }

    /// The file with the password for the server; empty when none is named.
    std::string password_file() const { return is_server() ? options_->password_file : ""; }

    /// What the server's connections are made with; only when there is a server.
    const postgres::Options& options() const { return *options_; }

    friend bool operator==(const Address& a, const Address& b) { return a.place_ == b.place_; }

  private:
    std::string place_;
    std::shared_ptr<const postgres::Options> options_;
};

/// Connects, to write or only to read. Misconfigured when a person must change something; transient
/// while another program holds the file, or the server is away. `vfs` is SQLite's name of the file
/// system; empty: the machine's.
base::Result<std::unique_ptr<sql::Database>> open_database(const Address& address,
                                                           bool is_read_only,
                                                           const std::string& vfs = {});

/// Connects to a server for work that takes long: a statement may take hours.
base::Result<std::unique_ptr<sql::Database>> open_patient(const Address& address);

}  // namespace sinks
