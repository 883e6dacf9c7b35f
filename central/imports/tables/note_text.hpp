#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace imports::tables {

/// Appends a number as printable text: five bits a character, so that small ones are short.
void put_number(std::uint64_t number, std::string& text);

/// Appends a text with its length before it.
void put_text(std::string_view value, std::string& text);

/// Reads what these have written, from left to right.
class NoteReader {
  public:
    explicit NoteReader(std::string_view text) : rest_(text) {}

    bool is_at_end() const { return rest_.empty(); }

    // Nothing when there is something else.
    std::optional<std::uint64_t> number();
    std::optional<std::string> text();

  private:
    std::string_view rest_;
};

}  // namespace imports::tables
