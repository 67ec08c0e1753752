// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "pipeline/interpreter/foresight.hpp"
#include "pipeline/syntax/declarative.hpp"

namespace cupel::pipeline {

/// One step as written: its name and its arguments in a line.
struct PlannedStep {
  std::string name;
  std::string arguments;
  std::vector<PlannedStep> body;
};

struct PlannedPost {
  std::string condition;
  std::vector<PlannedStep> steps;
};

/// The conditions of a stage, and what is known of them.
struct PlannedWhen {
  std::vector<std::string> conditions;  ///< as written
  std::string evaluated;                ///< "on the agent", "before the agent", ...
  Foresight::Holds holds = Foresight::Holds::depends;
  std::string why;
};

/// A setting in a line: "timeout 30 MINUTES", "maven 'x'".
using PlannedSettings = std::vector<std::pair<std::string, std::string>>;

/// A stage, a matrix's cell, or the pipeline itself (without a name).
struct PlannedStage {
  std::string name;
  std::uint32_t line = 0;
  std::string
      agent;  ///< "any", "none", "label 'x'", "docker 'y'"; empty: stays where its parent is
  std::optional<PlannedWhen> when;
  std::string input;                     ///< the message; empty: none
  PlannedSettings options;               ///< without those of Jenkins' server
  std::vector<std::string> environment;  ///< names
  PlannedSettings tools;
  enum class Order { steps, in_sequence, in_parallel, matrix } order = Order::steps;
  bool fail_fast = false;
  std::vector<PlannedStep> steps;
  std::vector<PlannedStage> stages;    ///< of a matrix: its cells
  std::vector<PlannedStage> excluded;  ///< cells that are taken out
  std::vector<PlannedPost> post;       ///< in the order of evaluation
};

struct PlannedParameter {
  std::string name;
  std::string type;  ///< "string", "choice", ...
  std::vector<std::string> choices;
  std::optional<std::string> value;  ///< what it would be, where that is known
  std::string expression;  ///< as written: what gives its default or its choices when it runs
};

/// What a pipeline would do: what runs where, in which order, under which conditions.
struct Plan {
  std::vector<PlannedParameter> parameters;
  PlannedSettings triggers;
  std::vector<std::string> libraries;
  PlannedStage pipeline;
  bool scripted = false;  ///< there is no pipeline { }: what the code does is known when it runs
};

/// Pure; runs nothing. Expressions appear as they are written; conditions are evaluated as far as
/// they follow from the assumptions.
Plan make_plan(const syntax::Source& source, const syntax::Jenkinsfile& file,
               const Assumptions& assumptions = {});
/// For people: one line a thing, indented.
std::string to_text(const Plan& plan);
/// For programs; docs/cli.md describes it.
json::Value to_json(const Plan& plan);

}  // namespace cupel::pipeline
