// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <variant>
#include <vector>

#include "pipeline/syntax/expression.hpp"
#include "pipeline/syntax/statement.hpp"

namespace cupel::pipeline::syntax {

/// A whole file, as a tree.
///
/// Plain values: each node owns what is below it through unique_ptr, so that a Script is moved but
/// not copied, and the address of a node stays the same when the Script is moved. A node is a
/// struct with a span and a variant of kinds; walk it with std::visit(overloaded{...}, x.node).
/// The tree is no deeper than max_height (the parser refuses more), so recursion over it is safe.
///
///   sh 'make'            Call{name "sh", arguments {positional StringLiteral}, style command}
///   a.b(c: 1) { x }      Call{receiver a, name "b", arguments {c: 1, trailing Closure}}
///   "v${n}"              GString{texts {"v", ""}, values {n}}
///   def (a, b) = f()     VariableDeclaration{multiple, declarators a b, initial f()}
///   { a, b = 2 -> a }    Closure{parameters a b, explicit_parameters, body}
struct Script {
  std::vector<StatementPtr> statements;
};

}  // namespace cupel::pipeline::syntax
