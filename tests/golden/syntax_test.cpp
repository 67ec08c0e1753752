// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "pipeline/syntax/declarative.hpp"
#include "support/step_signatures.hpp"

namespace cupel::pipeline::syntax {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<fs::path> jenkinsfiles() {
  std::vector<fs::path> list;
  for (const auto& entry : fs::recursive_directory_iterator(CUPEL_GOLDEN_SYNTAX))
    if (entry.path().extension() == ".jenkinsfile") list.push_back(entry.path());
  std::ranges::sort(list);
  return list;
}

class SyntaxGolden : public testing::TestWithParam<fs::path> {};

TEST_P(SyntaxGolden, SaysWhatIsExpected) {
  const Source source("Jenkinsfile", read(GetParam()));
  const auto file = read_jenkinsfile(source, some_steps());
  std::string found = file.valid() ? "valid\n" : "";
  for (const auto& one : file.diagnostics) found += render_for_lint(source, one);

  auto expected = GetParam();
  expected.replace_extension(".expected");
  if (std::getenv("CUPEL_ACCEPT") != nullptr) {
    std::ofstream(expected) << found;
    GTEST_SKIP() << "accepted: read the diff of " << expected;
  }
  EXPECT_EQ(found, read(expected));
}

TEST(SyntaxExamples, TheSeedsJenkinsfileIsValid) {
  const Source source("Jenkinsfile", read(CUPEL_EXAMPLES "/seed/Jenkinsfile"));
  const auto file = read_jenkinsfile(source, some_steps());
  EXPECT_EQ(render(source, file.diagnostics), "");
  ASSERT_TRUE(file.pipeline);
  EXPECT_EQ(file.pipeline->agent.label, *parse_label("vagrant"));
}

INSTANTIATE_TEST_SUITE_P(
    Files, SyntaxGolden, testing::ValuesIn(jenkinsfiles()), [](const auto& file) {
      auto name = fs::relative(file.param, CUPEL_GOLDEN_SYNTAX).replace_extension().string();
      std::ranges::replace(name, '/', '_');
      return name;
    });

}  // namespace
}  // namespace cupel::pipeline::syntax
