// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/plan.hpp"

namespace cupel::pipeline {
namespace {

json::Value texts(const std::vector<std::string>& list) {
  json::Array array;
  for (const auto& one : list) array.emplace_back(one);
  return array;
}

json::Value settings(const PlannedSettings& list) {
  json::Array array;
  for (const auto& [name, value] : list)
    array.emplace_back(json::Object{{"name", name}, {"value", value}});
  return array;
}

json::Value steps(const std::vector<PlannedStep>& list) {
  json::Array array;
  for (const auto& step : list) {
    json::Object one{{"name", step.name}, {"arguments", step.arguments}};
    if (!step.body.empty()) one.emplace_back("steps", steps(step.body));
    array.emplace_back(std::move(one));
  }
  return array;
}

json::Value holds(Foresight::Holds holds) {
  if (holds == Foresight::Holds::depends) return nullptr;
  return holds == Foresight::Holds::yes;
}

json::Value when(const PlannedWhen& when) {
  return json::Object{{"conditions", texts(when.conditions)},
                      {"evaluated", when.evaluated},
                      {"holds", holds(when.holds)},
                      {"why", when.why}};
}

std::string_view name(PlannedStage::Order order) {
  switch (order) {
    case PlannedStage::Order::steps: return "steps";
    case PlannedStage::Order::in_sequence: return "sequence";
    case PlannedStage::Order::in_parallel: return "parallel";
    case PlannedStage::Order::matrix: return "matrix";
  }
  return "";
}

json::Object stage(const PlannedStage& planned) {
  json::Object made;
  if (!planned.name.empty()) made.emplace_back("name", planned.name);
  made.emplace_back("line", static_cast<std::int64_t>(planned.line));
  if (planned.when) made.emplace_back("when", when(*planned.when));
  if (!planned.agent.empty()) made.emplace_back("agent", planned.agent);
  if (!planned.input.empty()) made.emplace_back("input", planned.input);
  if (!planned.options.empty()) made.emplace_back("options", settings(planned.options));
  if (!planned.environment.empty()) made.emplace_back("environment", texts(planned.environment));
  if (!planned.tools.empty()) made.emplace_back("tools", settings(planned.tools));
  made.emplace_back("order", name(planned.order));
  if (planned.fail_fast) made.emplace_back("failFast", true);
  if (planned.order == PlannedStage::Order::steps) {
    made.emplace_back("steps", steps(planned.steps));
  } else {
    json::Array inner;
    for (const auto& one : planned.stages) inner.emplace_back(stage(one));
    made.emplace_back(planned.order == PlannedStage::Order::matrix ? "cells" : "stages",
                      std::move(inner));
  }
  if (!planned.excluded.empty()) {
    json::Array excluded;
    for (const auto& one : planned.excluded)
      excluded.emplace_back(
          json::Object{{"name", one.name}, {"line", static_cast<std::int64_t>(one.line)}});
    made.emplace_back("excluded", std::move(excluded));
  }
  if (!planned.post.empty()) {
    json::Array post;
    for (const auto& one : planned.post)
      post.emplace_back(json::Object{{"condition", one.condition}, {"steps", steps(one.steps)}});
    made.emplace_back("post", std::move(post));
  }
  return made;
}

}  // namespace

json::Value to_json(const Plan& plan) {
  json::Array parameters;
  for (const auto& parameter : plan.parameters) {
    json::Object one{{"name", parameter.name}, {"type", parameter.type}};
    if (!parameter.choices.empty()) one.emplace_back("choices", texts(parameter.choices));
    if (parameter.value) one.emplace_back("value", *parameter.value);
    if (!parameter.expression.empty()) one.emplace_back("expression", parameter.expression);
    parameters.emplace_back(std::move(one));
  }
  json::Object made{{"parameters", std::move(parameters)},
                    {"triggers", settings(plan.triggers)},
                    {"libraries", texts(plan.libraries)},
                    {"pipeline", plan.scripted ? json::Value() : stage(plan.pipeline)}};
  return made;
}

}  // namespace cupel::pipeline
