#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// What a person should have written instead. Knows no file, no setting and no parser.
namespace advice {

/// What is probably wrong with a text that is not TOML, in words, and what to write instead: judged
/// by `line`, counted from 1, where a parser gave up, and by the lines before it. Nothing for a
/// mistake that is not common. Never shows a value whose key sounds like a secret.
std::optional<std::string> on_toml(std::string_view text, std::size_t line);

// What to write in place of a value of the wrong type, which `word` is as a person would say it:
// "yes" → true, "2,5" → 2.5, 4 → "4". Empty if nobody can know.
std::string text_meant(std::string_view word);
std::string boolean_meant(std::string_view word);
std::string number_meant(std::string word);
std::string whole_number_meant(const std::string& word);

/// The first line whose dotted key could overflow a parser's stack: toml++ limits the depth of
/// brackets and braces, but not of dots.
std::optional<std::size_t> line_too_deep(std::string_view text, std::size_t dots_max);

}  // namespace advice
