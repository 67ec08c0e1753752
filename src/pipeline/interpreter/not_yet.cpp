// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/not_yet.hpp"

#include <fmt/format.h>

namespace cupel::pipeline {
namespace {

/// Walks the model; keeps the first thing that it meets in written order.
class Search {
 public:
  void pipeline(const syntax::Pipeline& pipeline) {
    if (!pipeline.libraries.empty()) found(pipeline.libraries[0].span, "'libraries'");
  }

  void found(const syntax::Span& span, const std::string& what) {
    if (first_ && first_->span.begin.offset <= span.begin.offset) return;
    first_ = {span, fmt::format("{} is not supported yet", what), "", syntax::Severity::error};
  }

  std::optional<syntax::Diagnostic> first() && { return std::move(first_); }

 private:
  std::optional<syntax::Diagnostic> first_;
};

}  // namespace

std::optional<syntax::Diagnostic> not_yet(const syntax::Jenkinsfile& file) {
  Search search;
  for (const auto& statement : file.script.statements)
    if (const auto* declared = statement->as<syntax::VariableDeclaration>())
      for (const auto& annotation : declared->modifiers.annotations)
        if (annotation.name.text == "Library") search.found(annotation.span, "'@Library'");
  if (file.pipeline) search.pipeline(*file.pipeline);
  return std::move(search).first();
}

}  // namespace cupel::pipeline
