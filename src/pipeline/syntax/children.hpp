// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pipeline/syntax/ast.hpp"

namespace cupel::pipeline::syntax {

/// Is shown the children of a node.
class Children {
 public:
  virtual ~Children() = default;
  virtual void child(const Expression& expression) = 0;
  virtual void child(const Statement& statement) = 0;
};

/// Shows each child of the node, in written order; not what lies below the children. What lies in
/// the body of a closure or a class counts as a child of the node that holds it.
void show_children(const Expression::Node& node, Children& children);
void show_children(const Statement::Node& node, Children& children);

}  // namespace cupel::pipeline::syntax
