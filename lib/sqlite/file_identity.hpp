#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace sqlite {

/// Remembers which file a path named, to notice when a file that is in use is removed, renamed or
/// replaced.
class FileIdentity {
  public:
    explicit FileIdentity(std::string path);

    /// Whether the path names another file now, or none. False when there was no file: a simulated
    /// disk has none.
    bool is_lost() const;

  private:
    struct Number {
        std::uint64_t device = 0;
        std::uint64_t inode = 0;

        friend bool operator==(const Number&, const Number&) = default;
    };
    static std::optional<Number> number_of(const std::string& path);

    std::string path_;
    std::optional<Number> number_;
};

}  // namespace sqlite
