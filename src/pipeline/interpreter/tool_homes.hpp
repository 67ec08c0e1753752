// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "pipeline/interpreter/context.hpp"
#include "pipeline/interpreter/operation.hpp"

namespace cupel::pipeline {

/// The directory of a tool, as cupel.toml's [tools] says. not_found: the text lists what there is.
Result<std::string> tool_home(const Operation& operation, const std::string& kind,
                              const std::string& name);

/// Sets the variables that Jenkins' plugins set for such a tool, and puts its programs first in
/// PATH: JAVA_HOME for a jdk, M2_HOME and MAVEN_HOME for maven, KIND_HOME for the others.
void set_tool(const std::string& kind, const std::string& home, Context& context);

}  // namespace cupel::pipeline
