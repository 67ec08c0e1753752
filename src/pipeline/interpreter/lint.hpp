// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "pipeline/interpreter/step.hpp"
#include "pipeline/syntax/declarative.hpp"

namespace cupel::pipeline {

/// All that can be known to be wrong without running: syntax, structure, steps and their arguments.
/// What the interpreter does not support is found too, where it is certain.
std::vector<syntax::Diagnostic> lint(const syntax::Source& source, const StepTable& steps);

}  // namespace cupel::pipeline
