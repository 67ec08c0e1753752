// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "base/stop.hpp"
#include "machine/machine.hpp"
#include "machine/snapshots.hpp"

namespace cupel::machine {

/// Whether KVM truly works here, and what says so. /dev/kvm may exist and still run no kernel.
struct Acceleration {
  Accelerator accelerator = Accelerator::tcg;
  std::string reason;  ///< "a machine booted with KVM in 0.9 s", "/dev/kvm is missing"
  std::string mend;    ///< the command that may change it; empty if there is nothing to mend
  friend bool operator==(const Acceleration&, const Acceleration&) = default;
};

/// What a verdict holds for; another kernel, processor, QEMU or boot is tried anew.
struct HostFacts {
  std::string kernel, cpu, qemu, boot;
  friend bool operator==(const HostFacts&, const HostFacts&) = default;
};
Result<HostFacts> host_facts();

/// Decides by booting the recipe once with KVM; the verdict is kept in `paths.acceleration`. The
/// recipe should be the smallest there is. The first time it blocks for a second where KVM works,
/// for a minute at the most, and tells of it.
Result<Acceleration> decide_acceleration(const Paths& paths, Recipe trial, const Progress& progress,
                                         const Stop& stop);

/// The shape with processors of that kind.
MachineShape accelerated(MachineShape shape, Accelerator accelerator, const HostFacts& host);

/// A kept verdict, if the text is one for this host. Pure, as the next.
std::optional<Acceleration> parse_verdict(std::string_view text, const HostFacts& host);
std::string write_verdict(const Acceleration& verdict, const HostFacts& host);

}  // namespace cupel::machine
