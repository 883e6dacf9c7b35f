#pragma once

#include <compare>
#include <string>
#include <utility>
#include <variant>

#include "base/ensure.hpp"
#include "base/result.hpp"
#include "drivers/core/sign.hpp"

namespace drivers {

/// Why a sensor gave no reading.
struct Refusal {
    std::string reason;  // For people, and for the record: "checksum".
    Sign sign = Sign::other;

    auto operator<=>(const Refusal&) const = default;
};

/// What a sensor gave, or why it gave nothing. Like base::Result, but programs can tell the
/// refusals apart.
template <class T>
class [[nodiscard]] Attempt {
  public:
    Attempt(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Attempt(Refusal refusal) : state_(std::in_place_index<1>, std::move(refusal)) {}
    Attempt(const base::Error& error) : Attempt(Refusal{.reason = error.detail}) {}

    explicit operator bool() const noexcept { return state_.index() == 0; }

    const T& value() const {
        ENSURE(*this);
        return *std::get_if<0>(&state_);
    }
    const Refusal& refusal() const {
        ENSURE(!*this);
        return *std::get_if<1>(&state_);
    }

  private:
    std::variant<T, Refusal> state_;
};

}  // namespace drivers
