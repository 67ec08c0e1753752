// SPDX-License-Identifier: Apache-2.0
#include "pipeline/syntax/children.hpp"

namespace cupel::pipeline::syntax {

namespace {

/// Goes through whatever a node is made of; one overload for each shape of a part.
class Shower {
 public:
  explicit Shower(Children& children) : children_(children) {}

  template <typename... Parts>
  void add(const Parts&... parts) {
    (one(parts), ...);
  }

 private:
  void one(const ExpressionPtr& part) {
    if (part) children_.child(*part);
  }
  void one(const StatementPtr& part) {
    if (part) children_.child(*part);
  }
  template <typename Part>
  void one(const std::vector<Part>& parts) {
    for (const auto& part : parts) one(part);
  }
  void one(const Argument& part) { add(part.key, part.value); }
  void one(const Arguments& part) { one(part.items); }
  void one(const Block& part) { one(part.statements); }
  void one(const Annotation& part) { one(part.arguments); }
  void one(const Modifiers& part) { one(part.annotations); }
  void one(const Parameter& part) { add(part.annotations, part.initial); }
  void one(const Declarator& part) { one(part.initial); }
  void one(const SwitchCase& part) { add(part.value, part.statements); }
  void one(const Catch& part) { one(part.body); }
  void one(const std::optional<Block>& part) {
    if (part) one(*part);
  }
  void one(const std::unique_ptr<ClassBody>& part) {
    if (part) one(*part);
  }
  void one(const ClassBody& part) { add(part.constants, part.members); }
  void one(const EnumConstant& part) { add(part.arguments, part.body); }

  Children& children_;
};

struct ShowExpression {
  Shower all;
  template <typename Leaf>
  void operator()(const Leaf&) {}  // a kind without children
  void operator()(const GString& x) { all.add(x.values); }
  void operator()(const ListLiteral& x) { all.add(x.elements); }
  void operator()(const MapLiteral& x) { all.add(x.entries); }
  void operator()(const Range& x) { all.add(x.from, x.to); }
  void operator()(const Closure& x) { all.add(x.parameters, x.body); }
  void operator()(const Property& x) { all.add(x.receiver, x.computed_name); }
  void operator()(const Index& x) { all.add(x.receiver, x.arguments); }
  void operator()(const Call& x) { all.add(x.receiver, x.computed_name, x.arguments); }
  void operator()(const ValueCall& x) { all.add(x.callee, x.arguments); }
  void operator()(const MethodPointer& x) { all.add(x.receiver, x.computed_name); }
  void operator()(const New& x) { all.add(x.arguments, x.dimensions, x.elements, x.body); }
  void operator()(const Unary& x) { all.add(x.operand); }
  void operator()(const Increment& x) { all.add(x.target); }
  void operator()(const Binary& x) { all.add(x.left, x.right); }
  void operator()(const Ternary& x) { all.add(x.condition, x.yes, x.no); }
  void operator()(const Elvis& x) { all.add(x.value, x.otherwise); }
  void operator()(const Assignment& x) { all.add(x.target, x.value); }
  void operator()(const InstanceOf& x) { all.add(x.value); }
  void operator()(const Cast& x) { all.add(x.value); }
  void operator()(const Spread& x) { all.add(x.value); }
};

struct ShowStatement {
  Shower all;
  template <typename Leaf>
  void operator()(const Leaf&) {}  // a kind without children
  void operator()(const ExpressionStatement& x) { all.add(x.value); }
  void operator()(const VariableDeclaration& x) { all.add(x.modifiers, x.declarators, x.initial); }
  void operator()(const BlockStatement& x) { all.add(x.block); }
  void operator()(const If& x) { all.add(x.condition, x.yes, x.no); }
  void operator()(const While& x) { all.add(x.condition, x.body); }
  void operator()(const DoWhile& x) { all.add(x.condition, x.body); }
  void operator()(const For& x) { all.add(x.initial, x.condition, x.updates, x.body); }
  void operator()(const ForIn& x) { all.add(x.variable, x.values, x.body); }
  void operator()(const Switch& x) { all.add(x.subject, x.cases); }
  void operator()(const Try& x) { all.add(x.resources, x.body, x.catches, x.finally); }
  void operator()(const Throw& x) { all.add(x.value); }
  void operator()(const Return& x) { all.add(x.value); }
  void operator()(const Assert& x) { all.add(x.condition, x.message); }
  void operator()(const Labeled& x) { all.add(x.statement); }
  void operator()(const Synchronized& x) { all.add(x.lock, x.body); }
  void operator()(const Import& x) { all.add(x.annotations); }
  void operator()(const MethodDeclaration& x) { all.add(x.modifiers, x.parameters, x.body); }
  void operator()(const ClassDeclaration& x) { all.add(x.modifiers, x.body); }
  void operator()(const StaticBlock& x) { all.add(x.block); }
};

}  // namespace

void show_children(const Expression::Node& node, Children& children) {
  std::visit(ShowExpression{Shower(children)}, node);
}

void show_children(const Statement::Node& node, Children& children) {
  std::visit(ShowStatement{Shower(children)}, node);
}

}  // namespace cupel::pipeline::syntax
