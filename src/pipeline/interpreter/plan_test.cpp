// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/plan.hpp"

#include <gtest/gtest.h>

#include "pipeline/interpreter/execute.hpp"
#include "pipeline/interpreter/stage_runner.hpp"

namespace cupel::pipeline {
namespace {

using model::Verdict;

const syntax::StepSignature shell{
    "sh", {{"script", syntax::ParameterKind::text, true}}, "script", false};

TEST(Plan, SaysWhatRunsWhereInWhichOrder) {
  const syntax::Source source("Jenkinsfile", R"(pipeline {
  agent { label 'vagrant' }
  options { timeout(time: 30, unit: 'MINUTES') }
  stages {
    stage('Build') {
      environment { MEMORY = '4096' }
      steps { sh './start.sh' }
    }
  }
  post {
    cleanup { sh 'rm x' }
    always { sh 'vagrant destroy -f' }
  }
})");
  const auto file = syntax::read_jenkinsfile(source, std::span(&shell, 1));
  ASSERT_TRUE(file.valid()) << syntax::render(source, file.diagnostics);

  const auto text = to_text(make_plan(source, file));

  EXPECT_EQ(text,
            "pipeline\n"
            "  agent label 'vagrant'\n"
            "  timeout 30 MINUTES\n"
            "  stage 'Build'\n"
            "    environment MEMORY\n"
            "    sh './start.sh'\n"
            "  post always\n"
            "    sh 'vagrant destroy -f'\n"
            "  post cleanup\n"
            "    sh 'rm x'\n");
}

TEST(PostCondition, ComparesWithThePreviousRun) {
  using Condition = syntax::PostCondition;
  EXPECT_TRUE(holds(Condition::changed, Verdict::success, Verdict::success, std::nullopt));
  EXPECT_FALSE(holds(Condition::regression, Verdict::failure, Verdict::failure, std::nullopt));
  EXPECT_TRUE(holds(Condition::regression, Verdict::failure, Verdict::failure, Verdict::unstable));
  EXPECT_TRUE(holds(Condition::fixed, Verdict::success, Verdict::success, Verdict::unstable));
  EXPECT_FALSE(holds(Condition::fixed, Verdict::success, Verdict::success, Verdict::aborted));
  EXPECT_FALSE(holds(Condition::failure, Verdict::aborted, Verdict::aborted, std::nullopt));
}

TEST(Parameters, AreCheckedAgainstTheirDeclaration) {
  syntax::BuildParameter colour;
  colour.kind = syntax::BuildParameter::Kind::choice;
  colour.name.text = "COLOUR";
  colour.choices = {"red", "green"};
  syntax::JobProperties declared;
  declared.parameters.push_back(std::move(colour));

  EXPECT_EQ(*resolve_parameters(declared, {})->values[0].second.as_text(), "red");
  EXPECT_EQ(resolve_parameters(declared, {{"COLOUR", "blue"}}).error().text(),
            "the parameter 'COLOUR' cannot be 'blue'; the choices are: red, green");
  EXPECT_EQ(resolve_parameters(declared, {{"X", ""}}).error().text(),
            "the pipeline has no parameter 'X'; it has: COLOUR");
  declared.open = true;
  EXPECT_EQ(resolve_parameters(declared, {{"X", ""}})->unclaimed.size(), 1U);
}

}  // namespace
}  // namespace cupel::pipeline
