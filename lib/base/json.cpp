#include "base/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/ensure.hpp"

namespace base {

namespace {

constexpr double kCountEnd = 9007199254740992.0;  // 2^53: beyond it, doubles skip whole numbers.

/// Sorts first: to compare every pair of the thousands of keys in a hostile text would be slow.
bool has_duplicate(const Json& object) {
    std::vector<std::string_view> keys;
    keys.reserve(object.object.size());
    for (const auto& member : object.object) keys.emplace_back(member.key);
    std::sort(keys.begin(), keys.end());
    return std::adjacent_find(keys.begin(), keys.end()) != keys.end();
}

/// Whether it is written as it is: ASCII without what JSON escapes (RFC 8259, section 7).
bool stands_for_itself(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return c >= ' ' && c < '\x7f' && c != '"' && c != '\\'; });
}

template <class Number>
void append_number(std::string& text, Number number) {
    std::array<char, 32> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
    ENSURE(end.ec == std::errc{});
    text.append(buffer.data(), end.ptr);
}

/// Builds a Json from parser events and refuses what exceeds a limit. nlohmann's own DOM is not
/// used: copying or destroying a deep one overflows the stack (3.11.2).
class Builder final : public nlohmann::json_sax<nlohmann::json> {
  public:
    explicit Builder(const JsonLimits& limits) : limits_(limits) {}

    bool null() override { return place({}); }
    bool boolean(bool truth) override {
        Json json;
        json.kind = Json::Kind::boolean;
        json.boolean = truth;
        return place(std::move(json));
    }
    bool number_integer(number_integer_t number) override {
        return place_number(static_cast<double>(number));
    }
    bool number_unsigned(number_unsigned_t number) override {
        return place_number(static_cast<double>(number));
    }
    bool number_float(number_float_t number, const string_t& /*text*/) override {
        return place_number(number);
    }
    bool string(string_t& text) override {
        Json json;
        json.kind = Json::Kind::string;
        json.string = std::move(text);
        return place(std::move(json));
    }
    bool binary(binary_t& /*bytes*/) override { return refuse("binary value"); }
    bool start_object(std::size_t /*elements*/) override { return open(Json::Kind::object); }
    bool key(string_t& name) override {
        stack_.back().object.push_back({.key = std::move(name), .value = {}});
        return true;
    }
    bool end_object() override {
        return has_duplicate(stack_.back()) ? refuse("duplicate key") : close();
    }
    bool start_array(std::size_t /*elements*/) override { return open(Json::Kind::numbers); }
    bool end_array() override { return close(); }
    bool parse_error(std::size_t position, const std::string& /*token*/,
                     const nlohmann::detail::exception& error) override {
        constexpr int kNumberTooLarge = 406;  // nlohmann's id of this error.
        const auto* what = error.id == kNumberTooLarge ? "number out of range" : "not JSON";
        return refuse(fmt::format("{} at byte {}", what, position));
    }

    Json& root() { return root_; }
    const std::string& reason() const { return reason_; }

  private:
    bool refuse(std::string reason) {
        if (reason_.empty()) reason_ = std::move(reason);
        return false;
    }
    bool count_one() {
        return ++values_ <= limits_.values_max || refuse("more values than allowed");
    }
    bool place_number(double number) {
        if (!std::isfinite(number)) return refuse("number out of range");
        if (!stack_.empty() && stack_.back().kind == Json::Kind::numbers) {
            stack_.back().numbers.push_back(number);
            return count_one();
        }
        Json json;
        json.kind = Json::Kind::number;
        json.number = number;
        return place(std::move(json));
    }
    bool place(Json json) {
        if (!count_one()) return false;
        attach(std::move(json));
        return true;
    }
    void attach(Json json) {
        if (stack_.empty()) {
            root_ = std::move(json);
            return;
        }
        auto& parent = stack_.back();
        if (parent.kind == Json::Kind::object) {
            parent.object.back().value = std::move(json);
            return;
        }
        spread(parent);
        parent.array.push_back(std::move(json));
    }
    /// The array turns out to hold more than numbers: gives each number a value of its own.
    static void spread(Json& array) {
        if (array.kind == Json::Kind::array) return;
        array.kind = Json::Kind::array;
        for (const double number : array.numbers) {
            Json json;
            json.kind = Json::Kind::number;
            json.number = number;
            array.array.push_back(std::move(json));
        }
        array.numbers.clear();
    }
    bool open(Json::Kind kind) {
        if (stack_.size() >= limits_.depth_max) return refuse("nested deeper than allowed");
        Json json;
        json.kind = kind;
        stack_.push_back(std::move(json));
        return count_one();
    }
    bool close() {
        Json json = std::move(stack_.back());
        stack_.pop_back();
        attach(std::move(json));
        return true;
    }

    const JsonLimits& limits_;
    Json root_;
    std::vector<Json> stack_;
    std::size_t values_ = 0;
    std::string reason_;
};

}  // namespace

const Json* Json::find(std::string_view name) const {
    for (const auto& [key, value] : object) {
        if (key == name) return &value;
    }
    return nullptr;
}

bool Json::is_count() const {
    return is_number() && number >= 0 && number < kCountEnd && std::floor(number) == number;
}

Result<Json> parse_json(std::string_view text, const JsonLimits& limits) {
    if (text.size() > limits.bytes_max) {
        return Error{Fault::malformed,
                     fmt::format("{} bytes, {} are allowed", text.size(), limits.bytes_max)};
    }
    // nlohmann treats a zero byte as the end of the text and would accept whatever follows.
    if (const auto zero = text.find('\0'); zero != std::string_view::npos) {
        return Error{Fault::malformed, fmt::format("not JSON at byte {}", zero + 1)};
    }
    Builder builder{limits};
    if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) {
        return Error{Fault::malformed, builder.reason()};
    }
    return std::move(builder.root());
}

void JsonWriter::separate() {
    if (after_value_) text_ += ',';
    after_value_ = true;
}

JsonWriter& JsonWriter::begin_object() {
    separate();
    text_ += '{';
    after_value_ = false;
    return *this;
}

JsonWriter& JsonWriter::end_object() {
    text_ += '}';
    after_value_ = true;
    return *this;
}

JsonWriter& JsonWriter::begin_array() {
    separate();
    text_ += '[';
    after_value_ = false;
    return *this;
}

JsonWriter& JsonWriter::end_array() {
    text_ += ']';
    after_value_ = true;
    return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
    value(name);
    text_ += ':';
    after_value_ = false;
    return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
    separate();
    if (stands_for_itself(text)) {
        text_ += '"';
        text_ += text;
        text_ += '"';
        return *this;
    }
    // Bytes that are not UTF-8 become U+FFFD, so that what we write always parses.
    text_ += nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    return *this;
}

JsonWriter& JsonWriter::value(double number) {
    if (!std::isfinite(number)) return null();
    separate();
    append_number(text_, number);
    // "-0" would be read back as the whole number 0, without its sign.
    if (number == 0 && std::signbit(number)) text_ += ".0";
    return *this;
}

JsonWriter& JsonWriter::value(std::int64_t number) {
    separate();
    append_number(text_, number);
    return *this;
}

JsonWriter& JsonWriter::value(std::uint64_t number) {
    separate();
    append_number(text_, number);
    return *this;
}

JsonWriter& JsonWriter::value(bool truth) {
    separate();
    text_ += truth ? "true" : "false";
    return *this;
}

JsonWriter& JsonWriter::null() {
    separate();
    text_ += "null";
    return *this;
}

}  // namespace base
