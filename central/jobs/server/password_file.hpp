#pragma once

#include <memory>
#include <string>
#include <utility>

#include "base/result.hpp"

namespace jobs {

/// The line by which libpq finds that password for whatever server it connects to.
std::string password_line(const std::string& password);

/// A password where libpq's programs find it (PGPASSFILE) and only our user can read it, for as
/// long as this lives: in their environment others might see it. Replaces what a killed run has
/// left at its path. Faults: exhausted when the disk is full, transient otherwise.
class PasswordFile {
  public:
    static base::Result<std::unique_ptr<PasswordFile>> write(const std::string& path,
                                                             const std::string& password);
    ~PasswordFile();
    PasswordFile(const PasswordFile&) = delete;
    PasswordFile& operator=(const PasswordFile&) = delete;

    const std::string& path() const { return path_; }

  private:
    explicit PasswordFile(std::string path) : path_(std::move(path)) {}

    std::string path_;
};

}  // namespace jobs
