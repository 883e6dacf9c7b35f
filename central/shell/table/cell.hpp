#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"

namespace shell {

/// What a cell holds; monostate: nothing is known.
using Value = std::variant<std::monostate, std::string, std::uint64_t, double, base::EventTime,
                           base::Duration, std::vector<std::string>>;

/// One cell of a table. Text in it may come from anywhere: whatever shows it makes it harmless.
struct Cell {
    Cell() = default;

    /// So that a row can be written as a list of what is in it.
    template <class T>
    requires std::constructible_from<Value, T> Cell(T content) : value(std::move(content)) {}
    template <class T>
    Cell(const std::optional<T>& content) {
        if (content) value = *content;
    }

    bool is_empty() const { return std::holds_alternative<std::monostate>(value); }

    Value value{};
    std::string shown{};                            // For people, where they read something else.
    std::function<void(base::JsonWriter&)> json{};  // Writes it, where JSON can say more.
};

/// A cell that people read in other words.
inline Cell shown_as(Cell cell, std::string words) {
    cell.shown = std::move(words);
    return cell;
}

/// A cell that is a list or an object in JSON.
inline Cell with_json(Cell cell, std::function<void(base::JsonWriter&)> json) {
    cell.json = std::move(json);
    return cell;
}

}  // namespace shell
