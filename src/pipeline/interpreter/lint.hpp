// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "pipeline/syntax/declarative.hpp"

namespace cupel::pipeline {

/// Reads a file, with all that can be known to be wrong without running: syntax, structure, steps
/// and their arguments, regular expressions.
syntax::Jenkinsfile read_and_lint(const syntax::Source& source,
                                  const syntax::Vocabulary& vocabulary);

}  // namespace cupel::pipeline
