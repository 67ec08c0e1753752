// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/plan.hpp"

#include <array>

#include "base/text.hpp"
#include "pipeline/interpreter/step_label.hpp"

namespace cupel::pipeline {
namespace {

/// Reads the model; needs the source to show expressions as written.
class Planner {
 public:
  explicit Planner(const syntax::Source& source) : source_(source) {}

  PlannedStage stage(const syntax::Stage& stage) const {
    PlannedStage planned;
    planned.name = stage.name.text;
    if (stage.agent) planned.agent = agent(*stage.agent);
    planned.timeout = timeout(stage.options);
    planned.environment = names(stage.environment);
    planned.post = post(stage.post);
    if (const auto* steps = std::get_if<syntax::Steps>(&stage.body)) {
      planned.steps = block(*steps->body);
    } else if (const auto* inner = std::get_if<syntax::Stages>(&stage.body)) {
      planned.order = PlannedStage::Order::in_sequence;
      for (const auto& one : inner->stages) planned.stages.push_back(this->stage(one));
    } else if (const auto* parallel = std::get_if<syntax::Parallel>(&stage.body)) {
      planned.order = PlannedStage::Order::in_parallel;
      planned.fail_fast = parallel->fail_fast;
      for (const auto& one : parallel->branches) planned.stages.push_back(this->stage(one));
    }
    return planned;
  }

  std::string agent(const syntax::Agent& agent) const {
    if (agent.kind == syntax::Agent::Kind::any) return "any";
    if (agent.kind == syntax::Agent::Kind::none) return "none";
    return agent.label_text ? "label " + written(*agent.label_text) : "container";
  }

  std::string timeout(const syntax::Options& options) const {
    if (!options.timeout) return "";
    using namespace std::chrono;
    static constexpr std::array<std::pair<std::string_view, nanoseconds>, 7> units = {{
        {"DAYS", days(1)},
        {"HOURS", hours(1)},
        {"MINUTES", minutes(1)},
        {"SECONDS", seconds(1)},
        {"MILLISECONDS", milliseconds(1)},
        {"MICROSECONDS", microseconds(1)},
        {"NANOSECONDS", nanoseconds(1)},
    }};
    std::string unit;
    for (const auto& [name, length] : units)
      if (length == options.timeout->unit) unit = name;
    return written(*options.timeout->time) + " " + unit;
  }

  std::vector<PlannedPost> post(const std::vector<syntax::PostBlock>& blocks) const {
    std::vector<PlannedPost> planned;
    for (const auto& one : blocks)
      planned.push_back({std::string(syntax::name(one.condition)), block(*one.body)});
    return planned;
  }

  static std::vector<std::string> names(const std::vector<syntax::EnvironmentEntry>& entries) {
    std::vector<std::string> names;
    for (const auto& entry : entries) names.push_back(entry.name.text);
    return names;
  }

 private:
  std::string written(const syntax::Expression& expression) const {
    return one_line(source_.text_of(expression.span));
  }

  std::vector<PlannedStep> block(const syntax::Block& block) const {
    std::vector<PlannedStep> steps;
    for (const auto& statement : block.statements) {
      const auto* expression = statement->as<syntax::ExpressionStatement>();
      const auto* call = expression ? expression->value->as<syntax::Call>() : nullptr;
      if (call && !call->receiver)
        steps.push_back(step(*call));
      else
        steps.push_back({"", one_line(source_.text_of(statement->span)), {}});
    }
    return steps;
  }

  PlannedStep step(const syntax::Call& call) const {
    PlannedStep planned;
    planned.name = call.name.text;
    const auto& items = call.arguments.items;
    for (std::size_t i = 0; i < items.size(); ++i) {
      const auto* closure = items[i].value->as<syntax::Closure>();
      if (closure && i + call.arguments.trailing_closures >= items.size()) {
        planned.body = block(closure->body);
        continue;
      }
      if (!planned.arguments.empty()) planned.arguments += ", ";
      if (items[i].key) {
        const auto* name = items[i].key->as<syntax::StringLiteral>();
        planned.arguments += (name ? name->text : written(*items[i].key)) + ": ";
      }
      planned.arguments += written(*items[i].value);
    }
    return planned;
  }

  const syntax::Source& source_;
};

std::string parameter_text(const syntax::BuildParameter& parameter) {
  using Kind = syntax::BuildParameter::Kind;
  if (parameter.kind == Kind::choice)
    return parameter.name.text + " (choice: " + join(parameter.choices, ", ") + ")";
  return parameter.name.text + (parameter.kind == Kind::flag ? " (true or false)" : " (text)");
}

/// Writes lines, each indented by its depth.
class Writer {
 public:
  void line(int depth, std::string_view line) {
    text.append(static_cast<std::size_t>(depth) * 2, ' ').append(line) += '\n';
  }

  void steps(int depth, const std::vector<PlannedStep>& steps) {
    for (const auto& step : steps) {
      auto words = step.name;
      if (!words.empty() && !step.arguments.empty()) words += ' ';
      line(depth, words + step.arguments);
      this->steps(depth + 1, step.body);
    }
  }

  void stage(int depth, const PlannedStage& stage) {
    if (!stage.agent.empty()) line(depth, "agent " + stage.agent);
    if (!stage.timeout.empty()) line(depth, "timeout " + stage.timeout);
    if (!stage.environment.empty()) line(depth, "environment " + join(stage.environment, ", "));
    steps(depth, stage.steps);
    if (stage.order == PlannedStage::Order::in_parallel)
      line(depth,
           stage.fail_fast ? "in parallel, the first failure stops the others:" : "in parallel:");
    const int inner = stage.order == PlannedStage::Order::in_parallel ? depth + 1 : depth;
    for (const auto& one : stage.stages) {
      line(inner, "stage '" + one.name + "'");
      this->stage(inner + 1, one);
    }
    for (const auto& post : stage.post) {
      line(depth, "post " + post.condition);
      steps(depth + 1, post.steps);
    }
  }

  std::string text;
};

}  // namespace

Plan make_plan(const syntax::Source& source, const syntax::Pipeline& pipeline) {
  const Planner planner(source);
  Plan plan;
  for (const auto& parameter : pipeline.parameters)
    plan.parameters.push_back(parameter_text(parameter));
  auto& root = plan.pipeline;
  root.agent = planner.agent(pipeline.agent);
  root.timeout = planner.timeout(pipeline.options);
  root.environment = Planner::names(pipeline.environment);
  root.order = PlannedStage::Order::in_sequence;
  for (const auto& stage : pipeline.stages) root.stages.push_back(planner.stage(stage));
  root.post = planner.post(pipeline.post);
  return plan;
}

std::string to_text(const Plan& plan) {
  Writer writer;
  writer.line(0, "pipeline");
  for (const auto& parameter : plan.parameters) writer.line(1, "parameter " + parameter);
  writer.stage(1, plan.pipeline);
  return std::move(writer.text);
}

}  // namespace cupel::pipeline
