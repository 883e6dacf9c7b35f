#include "postgres/parameters.hpp"

#include <fmt/format.h>

#include <bit>

#include "base/ensure.hpp"

namespace postgres {

namespace {

constexpr int kBinary = 1;
constexpr int kAsText = 0;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// The length of the character at the beginning, in bytes; 0 when there is none.
std::size_t character_at(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto first = byte(0);
    if (first < 0x80) return first == 0 ? 0 : 1;
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return 0;
    }
    // Overlong forms, surrogates, and what is beyond the last character.
    if ((first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F)) return 0;
    if ((first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) > 0x8F)) return 0;
    return length;
}

std::string as_text(const Value& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *integer);
    if (const auto* number = std::get_if<double>(&value)) return fmt::format("{}", *number);
    const auto* text = std::get_if<std::string_view>(&value);
    ENSURE(text != nullptr);
    return readable(*text);
}

}  // namespace

Oid type_of(const Value& value) {
    constexpr Oid kTypes[] = {0, kInteger, kNumber, kText, kBytes};
    return kTypes[value.index()];
}

void append_integer(std::string& bytes, std::uint64_t number, std::size_t size) {
    for (std::size_t i = size; i > 0; --i) {
        bytes += static_cast<char>((number >> (8 * (i - 1))) & 0xFF);
    }
}

std::string readable(std::string_view text) {
    std::string good;
    good.reserve(text.size());
    while (!text.empty()) {
        const auto length = character_at(text);
        good += length == 0 ? kReplacement : text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return good;
}

bool append(std::string& bytes, const Value& value, Oid type) {
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        if (type == kNumber) return append(bytes, static_cast<double>(*integer), type);
        if (type != kInteger) return false;
        append_integer(bytes, static_cast<std::uint64_t>(*integer), 8);
    } else if (const auto* number = std::get_if<double>(&value)) {
        if (type != kNumber) return false;
        append_integer(bytes, std::bit_cast<std::uint64_t>(*number), 8);
    } else if (const auto* text = std::get_if<std::string_view>(&value)) {
        if (type == kBytes) {
            bytes += *text;
        } else if (type == kText) {
            bytes += readable(*text);
        } else {
            return false;
        }
    } else if (const auto* raw = std::get_if<std::span<const std::uint8_t>>(&value)) {
        if (type != kBytes) return false;
        bytes.append(raw->begin(), raw->end());
    }
    return true;
}

void Parameters::add(const Value& value, Oid type) {
    const bool is_null = value.index() == 0;
    std::string bytes;
    const bool is_binary = append(bytes, value, type);
    if (!is_binary) bytes = as_text(value);
    is_null_.push_back(is_null);
    types_.push_back(type);
    sizes_.push_back(static_cast<int>(bytes.size()));
    formats_.push_back(is_binary ? kBinary : kAsText);
    held_.push_back(std::move(bytes));
}

void Parameters::add_bytes(std::string bytes, Oid type) {
    is_null_.push_back(false);
    types_.push_back(type);
    sizes_.push_back(static_cast<int>(bytes.size()));
    formats_.push_back(kBinary);
    held_.push_back(std::move(bytes));
}

const char* const* Parameters::values() const {
    values_.clear();
    for (std::size_t i = 0; i < held_.size(); ++i) {
        values_.push_back(is_null_[i] ? nullptr : held_[i].c_str());
    }
    return values_.data();
}

}  // namespace postgres
