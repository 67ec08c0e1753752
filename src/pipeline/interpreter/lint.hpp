// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "pipeline/syntax/declarative.hpp"

namespace cupel::pipeline {

/// All that can be known to be wrong without running: syntax, structure, steps and their arguments,
/// regular expressions.
std::vector<syntax::Diagnostic> lint(const syntax::Source& source,
                                     const syntax::Vocabulary& vocabulary);
/// The same together with what was read.
syntax::Jenkinsfile read_and_lint(const syntax::Source& source,
                                  const syntax::Vocabulary& vocabulary);

}  // namespace cupel::pipeline
