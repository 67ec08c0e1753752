// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/not_yet.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cupel::pipeline {
namespace {

/// Walks the model; keeps the first thing that it meets in written order.
class Search {
 public:
  void pipeline(const syntax::Pipeline& pipeline) {
    agent(pipeline.agent);
    options(pipeline.options);
    environment(pipeline.environment);
    for (const auto& one : pipeline.parameters)
      if (one.kind > syntax::BuildParameter::Kind::choice || one.choices_value != nullptr)
        found(one.name.span, fmt::format("the kind of the parameter '{}'", one.name.text));
    if (!pipeline.tools.empty()) found(pipeline.tools[0].type.span, "'tools'");
    if (!pipeline.libraries.empty()) found(pipeline.libraries[0].span, "'libraries'");
    stages(pipeline.stages);
  }

  void found(const syntax::Span& span, const std::string& what) {
    if (first_ && first_->span.begin.offset <= span.begin.offset) return;
    first_ = {span, fmt::format("{} is not supported yet", what), "", syntax::Severity::error};
  }

  std::optional<syntax::Diagnostic> first() && { return std::move(first_); }

 private:
  void agent(const syntax::Agent& agent) {
    if (agent.kind > syntax::Agent::Kind::label) found(agent.span, "an agent of this kind");
    if (agent.custom_workspace) found(agent.span, "'customWorkspace'");
  }

  void options(const syntax::Options& options) {
    for (const auto& one : options.wrappers)
      if (one.name.text != "timeout" && one.name.text != "timestamps")
        found(one.span, fmt::format("the option '{}'", one.name.text));
  }

  void environment(const std::vector<syntax::EnvironmentEntry>& entries) {
    for (const auto& one : entries)
      if (one.credentials) found(one.value->span, "'credentials()' in an environment");
  }

  void stages(const std::vector<syntax::Stage>& list) {
    for (const auto& one : list) {
      if (one.agent) agent(*one.agent);
      options(one.options);
      environment(one.environment);
      if (one.when) found(one.when->span, "'when'");
      if (one.input) found(one.input->span, "'input'");
      if (!one.tools.empty()) found(one.tools[0].type.span, "'tools'");
      if (const auto* inner = std::get_if<syntax::Stages>(&one.body)) stages(inner->stages);
      if (const auto* inner = std::get_if<syntax::Parallel>(&one.body)) stages(inner->branches);
      if (const auto* inner = std::get_if<syntax::Matrix>(&one.body))
        found(inner->span, "'matrix'");
    }
  }

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
