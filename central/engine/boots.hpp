#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "central/engine/changes.hpp"
#include "central/engine/memory.hpp"
#include "wire/record.hpp"

namespace engine {

/// The boot that a record's times count from; nothing when they are UTC.
std::optional<std::string_view> boot_counted_from(const wire::Record& record);

/// Whether a clock record promises more for the readings of its boot than what is known: the error
/// that it would have at the boot itself is smaller, as the time since a boot may drift by 100 ppm.
/// Readings without a clock were taken before the first sync, so that is the way to them.
bool is_better(const BootTie& tie, const std::optional<BootTie>& known);

/// The same record with UTC for the time since the boot; nothing when that is no time. It keeps
/// ClockState::boot.
std::optional<wire::Record> placed(const wire::Record& record, const BootTie& tie);

/// The boots in use. Reads one from the memory when it is first met.
class Boots {
  public:
    explicit Boots(Memory& memory) : memory_(memory) {}

    /// For changing; a new one when nobody knows it. The reference holds until take() or forget().
    base::Result<BootRow*> change(const std::string& node, const std::string& boot);

    /// As change(), of a boot that is only looked at.
    base::Result<const BootRow*> find(const std::string& node, const std::string& boot);

    /// Gives out what changed, as if it were committed.
    void take(Changes& changes);

    void forget();

  private:
    struct Slot {
        BootRow row;
        bool changed = false;
    };

    base::Result<Slot*> meet(const std::string& node, const std::string& boot);

    Memory& memory_;
    std::map<std::pair<std::string, std::string>, Slot> boots_;
    std::vector<Slot*> changed_;
};

}  // namespace engine
