// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/given_answers.hpp"

#include <gtest/gtest.h>

namespace cupel::pipeline {
namespace {

using Decision = PromptAnswer::Decision;

Question deploy(std::vector<PromptParameter> parameters = {}) {
  return {"Deploy", "Deploy it?", "Ship", std::move(parameters), ""};
}
PromptParameter choice() {
  return {"WHERE", PromptParameter::Kind::choice, "", "", {"test", "production"}};
}
PromptParameter flag() { return {"FORCE", PromptParameter::Kind::flag, "", "false", {}}; }

TEST(GivenAnswers, ProceedOrAbort) {
  auto yes = GivenAnswers::parse({"deploy=ship"}, "ann", nullptr);
  auto no = GivenAnswers::parse({"Deploy=abort"}, "ann", nullptr);
  auto odd = GivenAnswers::parse({"deploy=perhaps"}, "ann", nullptr);

  EXPECT_EQ(yes->ask(deploy(), Stop())->decision, Decision::proceed);
  EXPECT_EQ(no->ask(deploy({choice()}), Stop())->decision, Decision::abort);
  EXPECT_EQ(odd->ask(deploy(), Stop()).error().fault(), Fault::invalid);
}

TEST(GivenAnswers, GiveParametersTheirValues) {
  auto one = GivenAnswers::parse({"deploy=production"}, "ann", nullptr);
  auto two = GivenAnswers::parse({"deploy.FORCE=yes"}, "ann", nullptr);

  EXPECT_EQ(one->ask(deploy({choice()}), Stop())->values.front().second, "production");
  const auto both = two->ask(deploy({choice(), flag()}), Stop());
  ASSERT_TRUE(both) << both.error().text();
  EXPECT_EQ(both->values[0].second, "test") << "the first choice";
  EXPECT_EQ(both->values[1].second, "true");
}

TEST(GivenAnswers, RefuseWhatDoesNotFit) {
  auto given = GivenAnswers::parse({"deploy=mars"}, "ann", nullptr);

  EXPECT_EQ(given->ask(deploy({choice()}), Stop()).error().text(),
            "--answer deploy: 'WHERE' must be one of test, production, not 'mars'");
  EXPECT_FALSE(GivenAnswers::parse({"deploy"}, "ann", nullptr));
}

TEST(GivenAnswers, SayHowToAnswerWhatTheyDoNot) {
  auto given = GivenAnswers::parse({}, "ann", nullptr);

  const auto asked = given->ask(deploy(), Stop());

  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().fault(), Fault::unavailable);
  EXPECT_NE(asked.error().text().find("--answer deploy=proceed"), std::string::npos);
}

}  // namespace
}  // namespace cupel::pipeline
