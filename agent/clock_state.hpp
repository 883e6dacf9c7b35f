#pragma once

#include "wire/record.hpp"

namespace agent {

/// Tells how far this machine's wall clock can be trusted now.
class ClockWatch {
  public:
    virtual ~ClockWatch() = default;
    virtual wire::ClockState state() const = 0;
};

/// Asks the kernel (adjtimex(2)): `synced` while a time service disciplines the clock, else
/// `holdover`. Never says `boot`: that needs records that tie the boot clock to UTC later.
class KernelClockWatch final : public ClockWatch {
  public:
    wire::ClockState state() const override;
};

}  // namespace agent
