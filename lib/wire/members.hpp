#pragma once

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "wire/limits.hpp"

namespace wire {

/// Reads the members of one JSON object and remembers the first mistake in them.
class Members {
  public:
    explicit Members(const base::Json& object) : object_(object) {}

    std::string text(const char* name, std::size_t bytes_max = kTextBytesMax) {
        const auto* json = require(name);
        if (json == nullptr) return {};
        if (!json->is_string()) return fail<std::string>(name, "is not a text");
        if (json->string.size() > bytes_max) return fail<std::string>(name, "is too long");
        return json->string;
    }
    std::string text_or_empty(const char* name, std::size_t bytes_max = kTextBytesMax) {
        return object_.find(name) == nullptr ? std::string{} : text(name, bytes_max);
    }
    std::uint64_t count(const char* name) {
        const auto* json = require(name);
        if (json == nullptr) return 0;
        if (!json->is_count()) return fail<std::uint64_t>(name, "is not a whole number");
        return json->count();
    }
    std::int64_t integer(const char* name) {
        const auto* json = require(name);
        if (json == nullptr) return 0;
        if (!json->is_number() || !is_integer(json->number)) {
            return fail<std::int64_t>(name, "is not a whole number");
        }
        return static_cast<std::int64_t>(json->number);
    }
    base::EventTime time(const char* name) { return base::from_milliseconds(integer(name)); }
    std::optional<base::EventTime> optional_time(const char* name) {
        if (object_.find(name) == nullptr) return std::nullopt;
        return time(name);
    }
    base::Duration duration(const char* name) { return base::Duration{count(name)}; }
    std::optional<double> optional_number(const char* name) {
        const auto* json = object_.find(name);
        if (json == nullptr) return std::nullopt;
        if (!json->is_number()) return fail<std::optional<double>>(name, "is not a number");
        return json->number;
    }
    bool truth_or_false(const char* name) {
        const auto* json = object_.find(name);
        if (json == nullptr || json->kind == base::Json::Kind::boolean)
            return json && json->boolean;
        return fail<bool>(name, "is not true or false");
    }
    const std::vector<double>& numbers(const char* name) {
        static const std::vector<double> kNone;
        const auto* json = require(name);
        if (json == nullptr) return kNone;
        if (json->is_numbers()) return json->numbers;
        refuse(fmt::format("{} is not a list of numbers", name));
        return kNone;
    }
    std::vector<std::int64_t> integers(const char* name) {
        std::vector<std::int64_t> result;
        const auto& source = numbers(name);
        result.reserve(source.size());
        for (const double number : source) {
            if (!is_integer(number)) {
                return fail<std::vector<std::int64_t>>(name, "holds more than whole numbers");
            }
            result.push_back(static_cast<std::int64_t>(number));
        }
        return result;
    }
    const base::Json* require(const char* name) {
        const auto* json = object_.find(name);
        if (json == nullptr) refuse(fmt::format("{} is missing", name));
        return json;
    }
    bool has(const char* name) const { return object_.find(name) != nullptr; }
    void refuse(std::string reason) {
        if (reason_.empty()) reason_ = std::move(reason);
    }
    bool is_good() const { return reason_.empty(); }
    base::Error error() const { return {base::Fault::malformed, reason_}; }

  private:
    static bool is_integer(double number) {
        return std::abs(number) <= static_cast<double>(kSequenceMax) &&
               std::floor(number) == number;
    }
    template <class Value>
    Value fail(const char* name, const char* what) {
        refuse(fmt::format("{} {}", name, what));
        return {};
    }

    const base::Json& object_;
    std::string reason_;
};

}  // namespace wire
