// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/tool_homes.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace cupel::pipeline {

Result<std::string> tool_home(const Operation& operation, const std::string& kind,
                              const std::string& name) {
  std::vector<std::string> known;
  for (const auto& [one, homes] : operation.tools) {
    for (const auto& [other, home] : homes) {
      if (one == kind && other == name) return home;
      known.push_back(one + " '" + other + "'");
    }
  }
  return fail(Fault::not_found,
              "there is no tool {} '{}'; {} (cupel.toml: [tools.{}] \"{}\" = \"DIRECTORY\")", kind,
              name, known.empty() ? "there are none" : "there are: " + join(known, ", "), kind,
              name);
}

void set_tool(const std::string& kind, const std::string& home, Context& context) {
  std::string upper = kind;
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char c) { return std::isalnum(c) ? std::toupper(c) : '_'; });
  if (kind == "jdk") {
    context.overrides["JAVA_HOME"] = home;
  } else if (kind == "maven") {
    context.overrides["M2_HOME"] = home;
    context.overrides["MAVEN_HOME"] = home;
  } else {
    context.overrides[upper + "_HOME"] = home;
  }
  context.set_variable("PATH+" + upper, home + "/bin");
}

}  // namespace cupel::pipeline
