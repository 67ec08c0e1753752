// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pipeline/interpreter/step.hpp"

namespace cupel::pipeline::steps {

/// Every step that cupel has, in the order of their names.
StepTable all();

}  // namespace cupel::pipeline::steps
