// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/lint.hpp"

namespace cupel::pipeline {

std::vector<syntax::Diagnostic> lint(const syntax::Source& source, const StepTable& steps) {
  auto file = syntax::read_jenkinsfile(source, steps.signatures());
  return std::move(file.diagnostics);
}

}  // namespace cupel::pipeline
