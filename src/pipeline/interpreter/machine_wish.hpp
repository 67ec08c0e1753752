// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "pipeline/groovy/value.hpp"
#include "pipeline/interpreter/node.hpp"

namespace cupel::pipeline {

/// The machine that a pipeline asks for, from the keys that a [[node]] of cupel.toml has: box,
/// cpus, cpu, memory, disk, and provision, a list of maps. invalid: a value is none that it may be.
/// Sources of provisioning stay relative to the project.
Result<MachineWish> machine_wish(const std::vector<std::pair<std::string, Value>>& keys);

}  // namespace cupel::pipeline
