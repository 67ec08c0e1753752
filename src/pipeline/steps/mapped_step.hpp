// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "pipeline/interpreter/operation.hpp"
#include "pipeline/interpreter/step.hpp"

namespace cupel::pipeline::steps {

/// A step that [steps] of cupel.toml maps to a script or to nothing. Takes any arguments, and a
/// body or none.
std::unique_ptr<Step> make_mapped_step(const std::string& name, const MappedStep& mapped);

}  // namespace cupel::pipeline::steps
