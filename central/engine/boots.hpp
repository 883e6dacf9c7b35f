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

/// Whether a clock record ties a boot to UTC better than what is known: whether its error at the
/// boot itself is smaller, where the time since the boot may drift by 100 ppm. The boot is what
/// counts, because readings without a clock were made between it and the first sync.
bool is_better(const BootTie& tie, const std::optional<BootTie>& known);

/// How far off the boot's beginning may be by a tie.
base::Duration error_at_boot(const BootTie& tie);

/// Notes that a record belongs to the boot.
void note_record(BootRow& boot, const RecordPlace& place);

/// The same record with UTC in place of the time since the boot, and still ClockState::boot.
/// Nothing when the result cannot be a time.
std::optional<wire::Record> with_utc(const wire::Record& record, const BootTie& tie);

/// The boots in use. Reads a boot from the memory when it is first needed.
class Boots {
  public:
    explicit Boots(Memory& memory) : memory_(memory) {}

    /// The boot, to be changed; a new one when it is not known yet. The pointer holds until
    /// take_changes() or forget().
    base::Result<BootRow*> change(const std::string& node, const std::string& boot);

    /// Like change(), for reading only.
    base::Result<const BootRow*> find(const std::string& node, const std::string& boot);

    /// Moves out what changed; from now on it counts as committed.
    void take_changes(Changes& changes);

    void forget();

  private:
    struct Slot {
        BootRow row;
        bool changed = false;
    };

    base::Result<Slot*> slot(const std::string& node, const std::string& boot);

    Memory& memory_;
    std::map<std::pair<std::string, std::string>, Slot> boots_;
    std::vector<Slot*> changed_;
};

}  // namespace engine
