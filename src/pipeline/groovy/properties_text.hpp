// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/groovy/java_class.hpp"

namespace cupel::pipeline {

/// Keys and values of a .properties text, one for each line, as java.util.Properties.load reads it:
/// comments, the separators = : and blanks, continued lines, \uXXXX; UTF-8 here. Foreign bytes:
/// whatever they are, this ends; fails (invalid) on a broken \uXXXX alone, as Java does.
Result<std::vector<std::pair<std::string, std::string>>> parse_properties(std::string_view text);

/// new java.util.Properties(): a map that can load() and store() text.
Outcome<Value> new_properties(StaticCall& call);

}  // namespace cupel::pipeline
