#pragma once

#include <string>

#include "base/result.hpp"
#include "sqlite/database.hpp"
#include "sqlite/file_identity.hpp"

namespace sinks {

/// The place of an open database: notices when its files are removed, renamed or replaced, and puts
/// them back. Until they are back, a commit would be gone with the connection.
class Place {
  public:
    /// The files must be there; those of a simulated disk are not, and are never lost.
    explicit Place(const std::string& path);

    bool is_lost() const;

    /// Writes all that the connection has committed into a new file in its place, and renames what
    /// stands there. Gives the new name of that; empty when there was nothing. The connection must
    /// be closed then. After an Error it still is the only one that has everything.
    base::Result<std::string> put_back(sqlite::Database& database) const;

  private:
    base::Result<std::string> put_aside() const;
    base::Status complete_file(sqlite::Database& database) const;

    std::string path_;
    sqlite::FileIdentity file_;
    sqlite::FileIdentity log_;
    sqlite::FileIdentity index_;
};

}  // namespace sinks
