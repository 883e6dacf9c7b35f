#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

namespace drivers::tables {

/// A place in a JSON document (RFC 6901): "/sensors/0/temperature"; "" is the whole.
class JsonPointer {
  public:
    /// The detail says what is wrong.
    static base::Result<JsonPointer> parse(const std::string& text);

    /// What is there, copied; nothing when there is nothing.
    std::optional<base::Json> find(const base::Json& document) const;

    /// Its members' names and numbers of elements.
    const std::vector<std::string>& steps() const { return steps_; }

  private:
    explicit JsonPointer(std::vector<std::string> steps) : steps_(std::move(steps)) {}

    std::vector<std::string> steps_;
};

}  // namespace drivers::tables
