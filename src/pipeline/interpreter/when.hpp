// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pipeline/interpreter/context.hpp"
#include "pipeline/syntax/when.hpp"

namespace cupel::pipeline {

/// Evaluates the conditions of `when { }`, from left to right and no further than needed. A text
/// that is no pattern, and an exception in an expression, are failures of the run.
Outcome<bool> holds(const syntax::When& when, Context& context);

/// A text against a pattern, as the comparators of `when` do: GLOB is Ant's and takes no notice of
/// case, REGEXP must match all of the text, EQUALS is exact.
Result<bool> compares(syntax::Comparator comparator, const std::string& pattern,
                      const std::string& text);

}  // namespace cupel::pipeline
