// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "pipeline/groovy/object.hpp"
#include "pipeline/interpreter/stage_runner.hpp"

namespace cupel::pipeline {

/// What `pipeline { }` calls where it does not stand at the top of the Jenkinsfile: in a method of
/// a shared library, in an if. It is checked when it is reached. One for a run.
class PipelineGlobal final : public Object {
 public:
  explicit PipelineGlobal(std::optional<model::Verdict> previous) : previous_(previous) {}

  std::string type_name() const override {
    return "org.jenkinsci.plugins.pipeline.modeldefinition.ModelStepLoader";
  }
  /// The run's only pipeline has begun.
  void begin() { begun_ = true; }
  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override;

 private:
  Outcome<Value> run(const std::shared_ptr<Closure>& closure, Context& context);

  std::optional<model::Verdict> previous_;
  bool begun_ = false;
  std::shared_ptr<Closure> closure_;  // shared: a Groovy value; keeps the tree of the model
  std::unique_ptr<syntax::Pipeline> model_;
  std::unique_ptr<StageRunner> runner_;
};

}  // namespace cupel::pipeline
