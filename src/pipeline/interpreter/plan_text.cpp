// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.hpp"
#include "pipeline/interpreter/plan.hpp"

namespace cupel::pipeline {
namespace {

using Holds = Foresight::Holds;

/// Writes lines, each indented by its depth.
class Writer {
 public:
  void line(int depth, std::string_view line) {
    text.append(static_cast<std::size_t>(depth) * 2, ' ').append(line) += '\n';
  }

  void parameter(const PlannedParameter& parameter) {
    auto about = parameter.type;
    if (!parameter.choices.empty()) about += ": " + join(parameter.choices, ", ");
    const auto value = parameter.value ? " = " + *parameter.value
                       : parameter.expression.empty()
                           ? ""
                           : ", known when it runs: " + parameter.expression;
    line(1, fmt::format("parameter {} ({}){}", parameter.name, about, value));
  }

  void settings(int depth, std::string_view what, const PlannedSettings& settings) {
    for (const auto& [name, value] : settings)
      line(depth, fmt::format("{}{}{}{}", what, name, value.empty() ? "" : " ", value));
  }

  void stages(int depth, const PlannedStage& stage) {
    for (const auto& one : stage.stages) {
      line(depth, stage.order == PlannedStage::Order::matrix
                      ? fmt::format("cell {}", one.name.substr(one.name.find('-') + 2))
                      : fmt::format("stage '{}'", one.name));
      this->stage(depth + 1, one);
    }
  }

  void stage(int depth, const PlannedStage& stage) {
    if (stage.when) when(depth, *stage.when);
    // What is certainly skipped is not shown in detail.
    if (stage.when && stage.when->holds == Holds::no) return;
    // The options of a stage are around its agent; those of the pipeline are inside of it.
    const bool outermost = stage.name.empty();
    if (!outermost) settings(depth, "", stage.options);
    if (!stage.input.empty()) line(depth, "input " + stage.input);
    if (!stage.agent.empty()) line(depth, "agent " + stage.agent);
    if (outermost) settings(depth, "", stage.options);
    if (!stage.environment.empty()) line(depth, "environment " + join(stage.environment, ", "));
    settings(depth, "tool ", stage.tools);
    steps(depth, stage.steps);
    body(depth, stage);
    for (const auto& post : stage.post) {
      line(depth, "post " + post.condition);
      steps(depth + 1, post.steps);
    }
  }

  std::string text;

 private:
  void when(int depth, const PlannedWhen& when) {
    line(depth, fmt::format("when {}: {}", when.evaluated, join(when.conditions, ", ")));
    if (when.holds == Holds::no) line(depth, "skipped: " + when.why);
    if (when.holds == Holds::yes) line(depth, "runs: " + when.why);
    if (when.holds == Holds::depends) line(depth, "may be skipped: " + when.why);
  }

  void body(int depth, const PlannedStage& stage) {
    const auto* fast = stage.fail_fast ? ", the first failure stops the others:" : ":";
    if (stage.order == PlannedStage::Order::in_parallel) {
      line(depth, fmt::format("in parallel{}", fast));
      return stages(depth + 1, stage);
    }
    if (stage.order != PlannedStage::Order::matrix) return stages(depth, stage);
    line(depth, fmt::format("in parallel, a matrix of {} cells{}", stage.stages.size(), fast));
    stages(depth + 1, stage);
    for (const auto& one : stage.excluded)
      line(depth + 1, fmt::format("excluded at line {}: {}", one.line,
                                  one.name.substr(one.name.find('-') + 2)));
  }

  void steps(int depth, const std::vector<PlannedStep>& steps) {
    for (const auto& step : steps) {
      auto words = step.name;
      if (!words.empty() && !step.arguments.empty()) words += ' ';
      line(depth, words + step.arguments);
      this->steps(depth + 1, step.body);
    }
  }
};

}  // namespace

std::string to_text(const Plan& plan) {
  Writer writer;
  writer.line(0, plan.scripted ? "script" : "pipeline");
  for (const auto& library : plan.libraries) writer.line(1, "library " + library);
  for (const auto& parameter : plan.parameters) writer.parameter(parameter);
  writer.settings(1, "trigger ", plan.triggers);
  if (plan.scripted)
    writer.line(1, "code: its stages are known when it runs");
  else
    writer.stage(1, plan.pipeline);
  return std::move(writer.text);
}

}  // namespace cupel::pipeline
