// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>

#include "os/files.hpp"
#include "pipeline/steps/all.hpp"

/// docs/steps.md lists every step as the table has it. CUPEL_ACCEPT=1 rewrites the list.
namespace cupel::pipeline::steps {
namespace {

constexpr std::string_view heading = "## The list\n\n";

std::string kind_name(syntax::ParameterKind kind) {
  using Kind = syntax::ParameterKind;
  switch (kind) {
    case Kind::text: return "text";
    case Kind::number: return "number";
    case Kind::flag: return "true or false";
    case Kind::list: return "list";
    case Kind::map: return "map";
    case Kind::any: break;
  }
  return "anything";
}

std::string parameter_text(const syntax::StepParameter& parameter, bool unnamed) {
  auto text = "  - `" + parameter.name + "`";
  if (unnamed) text += " (unnamed)";
  text += ": " + kind_name(parameter.kind);
  if (!parameter.choices.empty()) {
    text += " (";
    for (const auto& choice : parameter.choices)
      text += (&choice == &parameter.choices.front() ? "" : ", ") + choice;
    text += ")";
  }
  if (parameter.required)
    text += ", must be given";
  else if (!parameter.otherwise.empty())
    text += ", else " + parameter.otherwise;
  return text + (parameter.about.empty() ? "" : ". " + parameter.about) + "\n";
}

std::string list_of(const StepTable& table) {
  std::string text;
  for (const auto& step : table.signatures()) {
    text += "- **" + step.name + "**";
    if (step.takes_body) text += step.body_optional ? " (may have a body)" : " (has a body)";
    text += step.about.empty() ? "\n" : ": " + step.about + "\n";
    for (const auto& parameter : step.parameters)
      text += parameter_text(parameter, parameter.name == step.default_parameter);
    if (step.open) text += "  - any other names\n";
  }
  return text;
}

TEST(StepsDoc, ListsEveryStepAsItIs) {
  const os::fs::path file = CUPEL_STEPS_DOC;
  const auto text = os::read_file(file);
  ASSERT_TRUE(text) << text.error().text();
  const auto begin = text->find(heading);
  ASSERT_NE(begin, std::string::npos);
  const auto head = text->substr(0, begin + heading.size());

  const auto expected = head + list_of(all());

  const auto* accept = std::getenv("CUPEL_ACCEPT");
  if (accept && std::string_view(accept) == "1") {
    ASSERT_TRUE(os::write_file(file, expected));
    GTEST_SKIP() << "rewrote " << file;
  }
  EXPECT_TRUE(*text == expected)
      << "a step changed: run this test with CUPEL_ACCEPT=1, and read the difference";
}

TEST(StepsDoc, EveryStepOfThisTableSaysWhatItDoes) {
  const auto steps = all();
  for (const auto& step : steps.signatures()) {
    if (step.name.starts_with("docker."))
      continue;  // of the variable docker; nobody calls them by name
    EXPECT_FALSE(step.about.empty()) << step.name;
    for (const auto& parameter : step.parameters)
      EXPECT_FALSE(parameter.about.empty()) << step.name << " " << parameter.name;
  }
}

}  // namespace
}  // namespace cupel::pipeline::steps
