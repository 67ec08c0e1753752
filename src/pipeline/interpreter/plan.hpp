// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "pipeline/syntax/declarative.hpp"

namespace cupel::pipeline {

/// One step as written: its name and its arguments in a line.
struct PlannedStep {
  std::string name;
  std::string arguments;
  std::vector<PlannedStep> body;
  friend bool operator==(const PlannedStep&, const PlannedStep&) = default;
};

struct PlannedPost {
  std::string condition;
  std::vector<PlannedStep> steps;
  friend bool operator==(const PlannedPost&, const PlannedPost&) = default;
};

/// A stage, or the pipeline itself (without a name).
struct PlannedStage {
  std::string name;
  std::string agent;    ///< "any", "none", "label 'x'"; empty: stays where its parent is
  std::string timeout;  ///< "30 MINUTES"; empty: none
  std::vector<std::string> environment;  ///< names
  enum class Order { steps, in_sequence, in_parallel } order = Order::steps;
  bool fail_fast = false;
  std::vector<PlannedStep> steps;
  std::vector<PlannedStage> stages;
  std::vector<PlannedPost> post;  ///< in the order of evaluation
  friend bool operator==(const PlannedStage&, const PlannedStage&) = default;
};

/// What a pipeline would do: what runs where, in which order, under which conditions.
struct Plan {
  std::vector<std::string> parameters;  ///< "NAME (choice: a, b)"
  PlannedStage pipeline;
  friend bool operator==(const Plan&, const Plan&) = default;
};

/// Pure; evaluates nothing. Expressions appear as they are written.
Plan make_plan(const syntax::Source& source, const syntax::Pipeline& pipeline);
/// For people: one line a thing, indented.
std::string to_text(const Plan& plan);

}  // namespace cupel::pipeline
