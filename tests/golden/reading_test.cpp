// SPDX-License-Identifier: Apache-2.0
// plan: NAME.jenkinsfile gives NAME.txt and NAME.json. convert: NAME.jenkinsfile gives NAME.json,
// that gives NAME.groovy, and that the same NAME.json; NAME.bad.json gives the error NAME.bad.txt.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text.hpp"
#include "pipeline/convert/to_groovy.hpp"
#include "pipeline/convert/to_json.hpp"
#include "pipeline/interpreter/plan.hpp"
#include "pipeline/steps/all.hpp"
#include "support/step_signatures.hpp"

namespace cupel::pipeline {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<fs::path> files(const fs::path& directory, std::string_view ending) {
  std::vector<fs::path> list;
  for (const auto& entry : fs::recursive_directory_iterator(directory))
    if (entry.path().string().ends_with(ending)) list.push_back(entry.path());
  std::sort(list.begin(), list.end());
  return list;
}

std::string test_name(const testing::TestParamInfo<fs::path>& file) {
  auto name = file.param.filename().string();
  name = name.substr(0, name.find('.'));
  return name;
}

/// Compares with the file beside, or writes it.
void expect(const std::string& found, fs::path path, const std::string& extension) {
  path.replace_extension(extension);
  if (std::getenv("CUPEL_ACCEPT") != nullptr)
    std::ofstream(path, std::ios::binary) << found;
  else
    EXPECT_EQ(found, read(path)) << path;
}

/// JSON on several lines, so that a difference can be read.
std::string spread(const std::string& json) {
  std::string made;
  bool quoted = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (json[i] == '"' && (i == 0 || json[i - 1] != '\\')) quoted = !quoted;
    made += json[i];
    if (!quoted && (json[i] == ',' || json[i] == '{' || json[i] == '[')) made += '\n';
  }
  return made + "\n";
}

struct Read {
  explicit Read(const fs::path& path) : Read("Jenkinsfile", read(path)) {}
  Read(std::string name, std::string text)
      : source(std::move(name), std::move(text)),
        steps(syntax::some_steps()),
        file(syntax::read_jenkinsfile(source, steps)) {}
  syntax::Source source;
  std::vector<syntax::StepSignature> steps;
  syntax::Jenkinsfile file;
};

/// "// name: value" lines at the top: branch, tag, change-request, and parameter: NAME=VALUE.
Assumptions assumptions(const std::string& text) {
  Assumptions made;
  for (const auto& line : split(text, '\n')) {
    if (!line.starts_with("// ")) break;
    const auto colon = line.find(": ");
    if (colon == std::string::npos) continue;
    const auto name = line.substr(3, colon - 3);
    const auto value = line.substr(colon + 2);
    if (name == "branch") made.branch = value;
    if (name == "tag") made.tag = value;
    if (name == "change-request") made.change_request = value;
    if (name == "parameter")
      made.parameters[value.substr(0, value.find('='))] = value.substr(value.find('=') + 1);
  }
  return made;
}

class PlanGolden : public testing::TestWithParam<fs::path> {};

TEST_P(PlanGolden, SaysWhatWouldRun) {
  const Read one(GetParam());
  ASSERT_TRUE(one.file.valid()) << syntax::render(one.source, one.file.diagnostics);
  const auto plan = make_plan(one.source, one.file, assumptions(one.source.text()));
  expect(to_text(plan), GetParam(), ".txt");
  expect(spread(json::write(to_json(plan))), GetParam(), ".json");
}

class ConvertGolden : public testing::TestWithParam<fs::path> {};

TEST_P(ConvertGolden, ComesBackTheSame) {
  const Read one(GetParam());
  ASSERT_TRUE(one.file.valid()) << syntax::render(one.source, one.file.diagnostics);
  const auto document = *convert::to_json(one.source, one.file.script, one.steps);
  expect(spread(json::write(document)), GetParam(), ".json");

  const auto groovy = convert::to_groovy(document, one.steps);
  ASSERT_TRUE(groovy) << groovy.error().text();
  expect(*groovy, GetParam(), ".groovy");

  const Read again("made", *groovy);
  ASSERT_TRUE(again.file.valid()) << syntax::render(again.source, again.file.diagnostics);
  EXPECT_EQ(json::write(*convert::to_json(again.source, again.file.script, again.steps)),
            json::write(document));
}

TEST(Convert, EveryDeclarativePipelineOfTheGoldensComesBack) {
  const auto steps = steps::all();
  int converted = 0;
  for (const auto& path : files(CUPEL_GOLDEN_PIPELINE, ".jenkinsfile")) {
    SCOPED_TRACE(path.string());
    const syntax::Source source("Jenkinsfile", read(path));
    // Code outside of pipeline { } does not come along, and what it declares is then not known.
    syntax::Vocabulary vocabulary(steps.signatures());
    vocabulary.others = syntax::Vocabulary::Others::of_libraries;
    const auto file = syntax::read_jenkinsfile(source, vocabulary);
    if (!file.valid() || !file.pipeline) continue;
    const auto document = convert::to_json(source, file.script, vocabulary);
    ASSERT_TRUE(document) << document.error().text();
    const auto groovy = convert::to_groovy(*document, vocabulary);
    ASSERT_TRUE(groovy) << groovy.error().text();
    const syntax::Source made("made", *groovy);
    const auto again = syntax::read_jenkinsfile(made, vocabulary);
    ASSERT_TRUE(again.valid()) << *groovy << syntax::render(made, again.diagnostics);
    const auto back = convert::to_json(made, again.script, vocabulary);
    ASSERT_TRUE(back) << back.error().text();
    EXPECT_EQ(json::write(*back), json::write(*document));
    ++converted;
  }
  EXPECT_GT(converted, 300);
}

class BadJsonGolden : public testing::TestWithParam<fs::path> {};

TEST_P(BadJsonGolden, IsNamedByItsPlace) {
  const auto document = json::parse(read(GetParam()));
  ASSERT_TRUE(document) << document.error().text();
  const auto steps = syntax::some_steps();
  const auto made = convert::to_groovy(*document, steps);
  expect((made ? *made : made.error().text()) + "\n", GetParam(), ".txt");
}

INSTANTIATE_TEST_SUITE_P(Files, PlanGolden,
                         testing::ValuesIn(files(CUPEL_GOLDEN_PLAN, ".jenkinsfile")), test_name);
INSTANTIATE_TEST_SUITE_P(Files, ConvertGolden,
                         testing::ValuesIn(files(CUPEL_GOLDEN_CONVERT, ".jenkinsfile")), test_name);
INSTANTIATE_TEST_SUITE_P(Files, BadJsonGolden,
                         testing::ValuesIn(files(CUPEL_GOLDEN_CONVERT, ".bad.json")), test_name);

}  // namespace
}  // namespace cupel::pipeline
