// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pipeline/syntax/ast.hpp"
#include "pipeline/syntax/diagnostic.hpp"

namespace cupel::pipeline::syntax {

/// Groovy text to a tree. Goes on after an error; where one was reported, the tree holds
/// BadStatement and BadExpression, or lacks something: never run such a tree.
Script parse(const Source& source, Diagnostics& diagnostics);

}  // namespace cupel::pipeline::syntax
