// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "pipeline/interpreter/step.hpp"

namespace cupel::pipeline {

/// What a person would want to see of a step's arguments, in one short line.
std::string step_label(const syntax::StepSignature& signature, const Arguments& arguments);
/// The first line that says something, cut at a readable length.
std::string one_line(std::string_view text);

}  // namespace cupel::pipeline
