#include "drivers/mqtt/formats/leaves.hpp"

#include <fmt/format.h>

#include <charconv>

namespace drivers::mqtt {

namespace {

using base::Json;

void add_leaves(const Json& json, JsonPath& path, std::vector<Leaf>& leaves);

void add_inner(const std::string& step, const Json& json, JsonPath& path,
               std::vector<Leaf>& leaves) {
    path.push_back(step);
    add_leaves(json, path, leaves);
    path.pop_back();
}

Json number_of(double value) {
    Json json;
    json.kind = Json::Kind::number;
    json.number = value;
    return json;
}

/// As deep as the document, whose depth is bounded.
void add_leaves(const Json& json, JsonPath& path, std::vector<Leaf>& leaves) {
    for (const auto& [key, value] : json.object) add_inner(key, value, path, leaves);
    for (std::size_t i = 0; i < json.array.size(); ++i) {
        add_inner(std::to_string(i), json.array[i], path, leaves);
    }
    for (std::size_t i = 0; i < json.numbers.size(); ++i) {
        path.push_back(std::to_string(i));
        leaves.push_back({.path = path, .value = number_of(json.numbers[i]), .is_element = true});
        path.pop_back();
    }
    if (!json.object.empty() || !json.array.empty() || !json.numbers.empty()) return;
    leaves.push_back({.path = path, .value = json});
}

const Json* inside(const Json& json, const std::string& step) {
    if (json.is_object()) return json.find(step);
    std::size_t index = 0;
    std::from_chars(step.data(), step.data() + step.size(), index);
    return index < json.array.size() ? &json.array[index] : nullptr;
}

}  // namespace

std::vector<Leaf> leaves_of(const Json& document) {
    std::vector<Leaf> leaves;
    JsonPath path;
    add_leaves(document, path, leaves);
    return leaves;
}

std::string dotted(const JsonPath& path) {
    return fmt::format("{}", fmt::join(path, "."));
}

std::string pointed(const JsonPath& path) {
    std::string text;
    for (const auto& step : path) {
        text += '/';
        for (const char c : step) {
            if (c == '~') {
                text += "~0";
            } else if (c == '/') {
                text += "~1";
            } else {
                text += c;
            }
        }
    }
    return text;
}

std::vector<const Json*> all_around(const Json& document, const JsonPath& leaf) {
    std::vector<const Json*> all{&document};
    for (std::size_t i = 0; i + 1 < leaf.size(); ++i) {
        const auto* inner = inside(*all.back(), leaf[i]);
        if (inner == nullptr) break;
        all.push_back(inner);
    }
    return all;
}

const Json* find_around(const Json& document, const JsonPath& leaf, std::string_view name) {
    const Json* found = nullptr;
    for (const auto* around : all_around(document, leaf)) {
        if (const auto* member = around->find(name); member != nullptr) found = member;
    }
    return found;
}

}  // namespace drivers::mqtt
