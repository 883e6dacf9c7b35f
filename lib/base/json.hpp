#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace base {

/// What a parser accepts before it gives up. Hostile input must stay cheap.
struct JsonLimits {
    std::size_t bytes_max = 64 * 1024;
    std::size_t depth_max = 8;
    std::size_t values_max = 2048;
};

/// A parsed JSON value (RFC 8259). An array of nothing but numbers is kept as plain doubles, so
/// that a column of readings costs 8 bytes a number. Integers are exact up to 2^53.
struct Json {
    enum class Kind { null, boolean, number, string, numbers, array, object };
    struct Member;

    Kind kind = Kind::null;
    bool boolean = false;
    double number = 0;
    std::string string;
    std::vector<double> numbers;
    std::vector<Json> array;
    std::vector<Member> object;  // In the order of the text; keys are unique.

    /// The member of that name; nullptr if there is none, or if this is not an object.
    const Json* find(std::string_view name) const;

    bool is_string() const { return kind == Kind::string; }
    bool is_number() const { return kind == Kind::number; }
    bool is_object() const { return kind == Kind::object; }
    /// An empty array counts as numbers.
    bool is_numbers() const { return kind == Kind::numbers; }
    /// Exactly a whole number in 0 .. 2^53-1.
    bool is_count() const;
    std::uint64_t count() const { return static_cast<std::uint64_t>(number); }
};

struct Json::Member {
    std::string key;
    Json value;
};

/// Parses one JSON text. Malformed on syntax errors, non-finite numbers, duplicate keys, invalid
/// UTF-8 or an exceeded limit; the detail says which and where.
Result<Json> parse_json(std::string_view text, const JsonLimits& limits = {});

/// Writes JSON text piece by piece: shortest round-trip numbers, keys in the order of the calls.
/// Trusts its caller to pair every begin with an end.
class JsonWriter {
  public:
    JsonWriter& begin_object();
    JsonWriter& end_object();
    JsonWriter& begin_array();
    JsonWriter& end_array();
    JsonWriter& key(std::string_view name);
    JsonWriter& value(std::string_view text);
    JsonWriter& value(const char* text) { return value(std::string_view{text}); }
    /// A number that is not finite becomes null, because JSON cannot express it.
    JsonWriter& value(double number);
    JsonWriter& value(std::int64_t number);
    JsonWriter& value(std::uint64_t number);
    JsonWriter& value(int number) { return value(static_cast<std::int64_t>(number)); }
    JsonWriter& value(bool truth);
    JsonWriter& null();

    template <class T>
    JsonWriter& member(std::string_view name, T&& content) {
        return key(name).value(std::forward<T>(content));
    }

    const std::string& text() const { return text_; }
    /// Moves the text out; the writer starts again.
    std::string take() {
        after_value_ = false;
        return std::exchange(text_, {});
    }

  private:
    void separate();

    std::string text_;
    bool after_value_ = false;  // The next value or key needs a comma in front.
};

}  // namespace base
