// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "pipeline/interpreter/operation.hpp"
#include "pipeline/interpreter/step.hpp"

namespace cupel::pipeline::steps {

/// Every step that cupel has, in the order of their names.
StepTable all();

/// The same with the steps that an operator maps. invalid: one of them is there already, or its
/// name cannot be called.
Result<StepTable> with_mapped(const std::map<std::string, MappedStep>& mapped);

}  // namespace cupel::pipeline::steps
