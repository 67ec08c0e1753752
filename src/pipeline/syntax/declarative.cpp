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

std::span<const Annotation> annotations_of(const Statement& statement) {
  if (const auto* import = statement.as<Import>()) return import->annotations;
  if (const auto* method = statement.as<MethodDeclaration>()) return method->modifiers.annotations;
  if (const auto* declared = statement.as<VariableDeclaration>())
    return declared->modifiers.annotations;
  return {};
}

void check_annotations(const Statement& statement, Diagnostics& diagnostics) {
  for (const auto& annotation : annotations_of(statement)) {
    if (is_unsupported(Where::annotation, annotation.name.text))
      diagnostics.error(annotation.span,
                        fmt::format("cupel does not support '@{}' yet", annotation.name.text));
    if (annotation.name.text.starts_with("Grab"))
      diagnostics.error(annotation.span,
                        "'@Grab' is refused: a pipeline must not fetch code by itself");
  }
}

}  // namespace

bool Jenkinsfile::valid() const {
  return std::ranges::none_of(diagnostics,
                              [](const auto& d) { return d.severity == Severity::error; });
}

void PipelineBuilder::script_statement(const Statement& statement) {
  const auto directive = directive_of(statement);
  if (!directive || directive->call == nullptr || declared_.contains(directive->name)) return;
  if (const auto* signature = find_signature(steps_, directive->name)) {
    arguments(*directive, *signature);
  } else if (is_unsupported(Where::script, directive->name)) {
    diagnostics_.error(
        directive->name_span,
        fmt::format("cupel does not support '{}' in a scripted pipeline yet", directive->name),
        "write a declarative 'pipeline { }'");
  } else {
    unknown_step(*directive);
  }
}

std::optional<Pipeline> build_pipeline(const Script& script, std::span<const StepSignature> steps,
                                       Diagnostics& diagnostics) {
  PipelineBuilder builder(steps, diagnostics);
  builder.declare(script);
  std::optional<Pipeline> made;
  std::vector<const Statement*> before;
  std::vector<const Statement*> after;
  for (const auto& statement : script.statements) {
    check_annotations(*statement, diagnostics);
    if (!is_pipeline(*statement))
      (made ? after : before).push_back(statement.get());
    else if (made)
      diagnostics.error(statement->span, "only one pipeline { } block is allowed");
    else
      made = builder.pipeline(*directive_of(*statement));
  }
  if (made) {
    made->before = std::move(before);
    made->after = std::move(after);
  } else {
    for (const auto* statement : before) builder.script_statement(*statement);
  }
  return made;
}

Jenkinsfile read_jenkinsfile(const Source& source, std::span<const StepSignature> steps) {
  Diagnostics diagnostics;
  Jenkinsfile made;
  made.script = parse(source, diagnostics);
  made.pipeline = build_pipeline(made.script, steps, diagnostics);
  if (made.script.statements.empty() && !diagnostics.has_errors())
    diagnostics.error({}, "the file holds no pipeline");
  made.diagnostics = diagnostics.sorted();
  return made;
}

}  // namespace cupel::pipeline::syntax
