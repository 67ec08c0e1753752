// SPDX-License-Identifier: Apache-2.0
#include "pipeline/syntax/declarative.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "pipeline/syntax/builder.hpp"
#include "pipeline/syntax/parser.hpp"

namespace cupel::pipeline::syntax {

namespace {

bool is_pipeline(const Statement& statement) {
  const auto directive = directive_of(statement);
  return directive && directive->name == "pipeline" && directive->call != nullptr;
}

}  // namespace

bool Jenkinsfile::valid() const {
  return std::ranges::none_of(diagnostics,
                              [](const auto& d) { return d.severity == Severity::error; });
}

std::optional<Pipeline> build_pipeline(const Script& script, const Vocabulary& vocabulary,
                                       Diagnostics& diagnostics, JobProperties& job) {
  PipelineBuilder builder(vocabulary, diagnostics);
  builder.declare(script);
  std::optional<Pipeline> made;
  std::vector<const Statement*> before;
  std::vector<const Statement*> after;
  for (const auto& statement : script.statements) {
    if (!is_pipeline(*statement))
      (made ? after : before).push_back(statement.get());
    else if (made)
      diagnostics.error(statement->span, "only one pipeline { } block is allowed");
    else
      made = builder.pipeline(*directive_of(*statement));
  }
  for (const auto* statement : before) builder.script_statement(*statement);
  for (const auto* statement : after) builder.script_statement(*statement);
  job = builder.job(made);
  if (made) {
    made->before = std::move(before);
    made->after = std::move(after);
  }
  return made;
}

Pipeline build_pipeline(const Block& body, const Vocabulary& vocabulary, Diagnostics& diagnostics) {
  return PipelineBuilder(vocabulary, diagnostics).pipeline(body, body.span);
}

Jenkinsfile read_jenkinsfile(const Source& source, const Vocabulary& vocabulary) {
  Diagnostics diagnostics;
  Jenkinsfile made;
  made.script = parse(source, diagnostics);
  made.pipeline = build_pipeline(made.script, vocabulary, diagnostics, made.job);
  if (made.script.statements.empty() && !diagnostics.has_errors())
    diagnostics.error({}, "the file holds no pipeline");
  made.diagnostics = diagnostics.sorted();
  return made;
}

}  // namespace cupel::pipeline::syntax
