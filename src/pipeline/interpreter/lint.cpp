// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/lint.hpp"

namespace cupel::pipeline {

std::vector<syntax::Diagnostic> lint(const syntax::Source& source, const StepTable& steps) {
  auto file = syntax::read_jenkinsfile(source, steps.signatures());
  auto diagnostics = std::move(file.diagnostics);
  if (!file.pipeline && diagnostics.empty())
    diagnostics.push_back({{},
                           "there is no pipeline { }: scripted pipelines are not supported yet",
                           "",
                           syntax::Severity::error});
  return diagnostics;
}

}  // namespace cupel::pipeline
