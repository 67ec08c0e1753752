// SPDX-License-Identifier: Apache-2.0
#include "pipeline/syntax/declarative.hpp"

#include <gtest/gtest.h>

#include "support/step_signatures.hpp"

namespace cupel::pipeline::syntax {
namespace {

using namespace std::chrono_literals;

Jenkinsfile read(std::string text) {
  return read_jenkinsfile(Source("t", std::move(text)), some_steps());
}

TEST(Declarative, KeepsWhatTheFileSays) {
  const auto file = read(R"(
    def helper() { 1 }
    pipeline {
      agent { label 'linux && kvm' }
      options { timeout(time: 30, unit: 'SECONDS'); timestamps() }
      environment { A = 'x'; B = "${A}y" }
      parameters { choice(name: 'C', choices: ['a', 'b']); booleanParam(name: 'D', defaultValue: true) }
      stages {
        stage('One') { failFast true; parallel { stage('a') { steps { echo 'a' } }
                                                 stage('b') { agent none; steps { echo 'b' } } } }
        stage('Two') { stages { stage('Three') { steps { sh 'c' } } } }
      }
      post { cleanup { echo 'last' }; always { echo 'first' } }
    }
    echo 'behind')");

  ASSERT_TRUE(file.valid()) << file.diagnostics.front().message;
  const auto& pipeline = *file.pipeline;
  EXPECT_EQ(pipeline.agent.label, *parse_label("linux && kvm"));
  EXPECT_EQ(pipeline.options.timeout->unit, 1s);
  EXPECT_TRUE(pipeline.options.timestamps);
  ASSERT_EQ(pipeline.environment.size(), 2U);
  EXPECT_EQ(pipeline.environment[1].name.text, "B");
  ASSERT_EQ(pipeline.parameters.size(), 2U);
  EXPECT_EQ(pipeline.parameters[0].choices, (std::vector<std::string>{"a", "b"}));
  ASSERT_EQ(pipeline.stages.size(), 2U);
  const auto& parallel = std::get<Parallel>(pipeline.stages[0].body);
  EXPECT_TRUE(parallel.fail_fast);
  EXPECT_EQ(parallel.branches[1].agent->kind, Agent::Kind::none);
  EXPECT_EQ(std::get<Stages>(pipeline.stages[1].body).stages[0].name.text, "Three");
  ASSERT_EQ(pipeline.post.size(), 2U);
  EXPECT_EQ(pipeline.post[0].condition, PostCondition::always);
  EXPECT_EQ(pipeline.before.size(), 1U);
  EXPECT_EQ(pipeline.after.size(), 1U);
}

TEST(Declarative, OutlivesTheMoveOfItsScript) {
  auto file = read("pipeline { agent any; stages { stage('a') { steps { echo 'x' } } } }");
  const auto moved = std::move(file);
  const auto& steps = std::get<Steps>(moved.pipeline->stages[0].body);
  EXPECT_EQ(steps.body->statements.size(), 1U);
}

TEST(Declarative, TakesAnEmptyLabelForAny) {
  EXPECT_EQ(read("pipeline { agent { label '' }; stages { stage('a') { steps { echo 'x' } } } }")
                .pipeline->agent.kind,
            Agent::Kind::any);
}

TEST(Declarative, LeavesScriptsWithoutPipelineAlone) {
  const auto file = read("def x = 1\necho \"$x\"\n");
  EXPECT_TRUE(file.valid());
  EXPECT_FALSE(file.pipeline);
}

TEST(Declarative, NamesThePostConditionsAsWritten) {
  EXPECT_EQ(name(PostCondition::not_built), "notBuilt");
  EXPECT_EQ(name(PostCondition::cleanup), "cleanup");
}

}  // namespace
}  // namespace cupel::pipeline::syntax
