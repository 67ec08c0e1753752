// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "pipeline/syntax/ast.hpp"

namespace cupel::pipeline::syntax {

/// The tree in brackets, for tests: "(+ a (* b 2))". One line for each statement.
std::string tree_text(const Script& script);
std::string tree_text(const Expression& expression);

}  // namespace cupel::pipeline::syntax
