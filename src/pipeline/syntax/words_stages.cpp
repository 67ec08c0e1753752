// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "pipeline/syntax/words.hpp"

namespace cupel::pipeline::syntax {

std::span<const Section> pipeline_sections() {
  static const std::vector<Section> sections{
      {"agent", "Where the pipeline runs: any, none, or a block that says which node."},
      {"environment", "Variables of the environment, as NAME = value."},
      {"libraries", "Shared libraries to load: lib('name@version')."},
      {"options", "How the run behaves: timeout, retry, buildDiscarder, ..."},
      {"parameters", "What the build is started with."},
      {"post", "Steps to run at the end, by how it ended."},
      {"stages", "The stages, one after the other."},
      {"tools", "Tools to put on the PATH: type 'version'."},
      {"triggers", "What starts the pipeline by itself: cron, pollSCM, upstream."}};
  return sections;
}

std::span<const Section> stage_sections() {
  static const std::vector<Section> sections{
      {"agent", "Where the stage runs, if not where the pipeline does."},
      {"environment", "Variables of the environment of this stage, as NAME = value."},
      {"failFast", "true: the first branch that fails stops the others."},
      {"input", "Asks a person before the stage goes on."},
      {"matrix", "Stages for each combination of axes."},
      {"options", "How the stage behaves: timeout, retry, skipDefaultCheckout, ..."},
      {"parallel", "Stages that run at the same time."},
      {"post", "Steps to run at the end of the stage, by how it ended."},
      {"stages", "Stages inside this one, one after the other."},
      {"steps", "What the stage does."},
      {"tools", "Tools to put on the PATH in this stage: type 'version'."},
      {"when", "Conditions under which the stage runs."}};
  return sections;
}

std::span<const Section> matrix_sections() {
  static const std::vector<Section> sections{
      {"agent", "Where each cell runs."},
      {"axes", "The axes with their values."},
      {"environment", "Variables of the environment of each cell."},
      {"excludes", "Combinations that do not run."},
      {"input", "Asks a person before each cell."},
      {"options", "How each cell behaves."},
      {"post", "Steps to run at the end of each cell."},
      {"stages", "The stages of each cell."},
      {"tools", "Tools to put on the PATH in each cell."},
      {"when", "Conditions under which a cell runs."}};
  return sections;
}

std::span<const Section> when_flags() {
  static const std::vector<Section> flags{
      {"beforeAgent", "true: the conditions are evaluated before a node is taken."},
      {"beforeInput", "true: the conditions are evaluated before the input."},
      {"beforeOptions", "true: the conditions are evaluated before the options of the stage."}};
  return flags;
}

std::span<const Section> post_conditions() {
  static const std::vector<Section> conditions{
      {"always", "However it ended."},
      {"changed", "If it ended in another way than the run before."},
      {"fixed", "If it succeeded and the run before failed or was unstable."},
      {"regression", "If it ended worse than the run before."},
      {"aborted", "If it was aborted."},
      {"success", "If it succeeded."},
      {"unsuccessful", "If it did not succeed."},
      {"unstable", "If it is unstable."},
      {"failure", "If it failed."},
      {"notBuilt", "If it was not built."},
      {"cleanup", "However it ended, after all other conditions."}};
  return conditions;
}

std::vector<std::string> names_of(std::span<const StepSignature> table) {
  std::vector<std::string> names;
  names.reserve(table.size());
  for (const auto& one : table) names.push_back(one.name);
  return names;
}

std::vector<std::string> names_of(std::span<const Section> table) {
  std::vector<std::string> names;
  names.reserve(table.size());
  for (const auto& one : table) names.push_back(one.name);
  return names;
}

bool is_job_property(std::string_view name) {
  static constexpr auto words = std::to_array<std::string_view>(
      {"buildDiscarder", "disableConcurrentBuilds", "disableResume", "durabilityHint",
       "overrideIndexTriggers", "preserveStashes", "quietPeriod", "rateLimitBuilds"});
  return std::ranges::find(words, name) != words.end();
}

}  // namespace cupel::pipeline::syntax
