// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "machine/shape.hpp"

namespace cupel::machine {

/// All that a snapshot's key is made of but the box's own words, so that another host can compare
/// it with what it would make itself.
struct Origin {
  MachineShape shape;
  std::string qemu;           ///< qemu_identity(); empty: nothing is known
  Digest box;                 ///< Box::digest
  std::string disk;           ///< Box::disk, which the snapshot's disk names; empty: none
  Digest guest;               ///< of the guest program
  std::vector<Digest> steps;  ///< of provisioning, from the lowest
  friend bool operator==(const Origin&, const Origin&) = default;
};

json::Object write_origin(const Origin& origin);
Result<Origin> parse_origin(const json::Value& value);

/// The keys of the box's snapshot and of the layers on it, the last is the snapshot's own: as this
/// program would make them for a box with that command to get ready. Pure.
std::vector<Digest> keys_of(const Origin& origin, const std::vector<std::string>& ready);

}  // namespace cupel::machine
