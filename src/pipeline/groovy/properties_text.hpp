// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/groovy/java_class.hpp"

namespace cupel::pipeline {

/// Keys and values of a .properties text, as java.util.Properties.load reads it: comments, the
/// separators = : and blanks, continued lines, \uXXXX.
std::vector<std::pair<std::string, std::string>> parse_properties(std::string_view text);

/// new java.util.Properties(): a map that can load() and store() text.
Outcome<Value> new_properties(StaticCall& call);

}  // namespace cupel::pipeline
