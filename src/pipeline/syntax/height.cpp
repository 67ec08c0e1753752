// SPDX-License-Identifier: Apache-2.0
#include "pipeline/syntax/height.hpp"

#include <algorithm>

namespace cupel::pipeline::syntax {

namespace {

/// The height of the highest of whatever it is shown; one overload for each shape of a part.
class Tallest {
 public:
  std::uint32_t value() const { return value_; }

  template <typename... Parts>
  void add(const Parts&... parts) {
    (one(parts), ...);
  }

 private:
  void one(const ExpressionPtr& part) { raise(part ? part->height : 0); }
  void one(const StatementPtr& part) { raise(part ? part->height : 0); }
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

  void raise(std::uint32_t height) { value_ = std::max(value_, height); }

  std::uint32_t value_ = 0;
};

struct ShowExpression {
  Tallest& all;
  template <typename Leaf>
  void operator()(const Leaf&) const {}  // a kind without children
  void operator()(const GString& x) const { all.add(x.values); }
  void operator()(const ListLiteral& x) const { all.add(x.elements); }
  void operator()(const MapLiteral& x) const { all.add(x.entries); }
  void operator()(const Range& x) const { all.add(x.from, x.to); }
  void operator()(const Closure& x) const { all.add(x.parameters, x.body); }
  void operator()(const Property& x) const { all.add(x.receiver, x.computed_name); }
  void operator()(const Index& x) const { all.add(x.receiver, x.arguments); }
  void operator()(const Call& x) const { all.add(x.receiver, x.computed_name, x.arguments); }
  void operator()(const ValueCall& x) const { all.add(x.callee, x.arguments); }
  void operator()(const MethodPointer& x) const { all.add(x.receiver, x.computed_name); }
  void operator()(const New& x) const { all.add(x.arguments, x.dimensions, x.elements, x.body); }
  void operator()(const Unary& x) const { all.add(x.operand); }
  void operator()(const Increment& x) const { all.add(x.target); }
  void operator()(const Binary& x) const { all.add(x.left, x.right); }
  void operator()(const Ternary& x) const { all.add(x.condition, x.yes, x.no); }
  void operator()(const Elvis& x) const { all.add(x.value, x.otherwise); }
  void operator()(const Assignment& x) const { all.add(x.target, x.value); }
  void operator()(const InstanceOf& x) const { all.add(x.value); }
  void operator()(const Cast& x) const { all.add(x.value); }
  void operator()(const Spread& x) const { all.add(x.value); }
};

struct ShowStatement {
  Tallest& all;
  template <typename Leaf>
  void operator()(const Leaf&) const {}  // a kind without children
  void operator()(const ExpressionStatement& x) const { all.add(x.value); }
  void operator()(const VariableDeclaration& x) const {
    all.add(x.modifiers, x.declarators, x.initial);
  }
  void operator()(const BlockStatement& x) const { all.add(x.block); }
  void operator()(const If& x) const { all.add(x.condition, x.yes, x.no); }
  void operator()(const While& x) const { all.add(x.condition, x.body); }
  void operator()(const DoWhile& x) const { all.add(x.condition, x.body); }
  void operator()(const For& x) const { all.add(x.initial, x.condition, x.updates, x.body); }
  void operator()(const ForIn& x) const { all.add(x.variable, x.values, x.body); }
  void operator()(const Switch& x) const { all.add(x.subject, x.cases); }
  void operator()(const Try& x) const { all.add(x.resources, x.body, x.catches, x.finally); }
  void operator()(const Throw& x) const { all.add(x.value); }
  void operator()(const Return& x) const { all.add(x.value); }
  void operator()(const Assert& x) const { all.add(x.condition, x.message); }
  void operator()(const Labeled& x) const { all.add(x.statement); }
  void operator()(const Synchronized& x) const { all.add(x.lock, x.body); }
  void operator()(const Import& x) const { all.add(x.annotations); }
  void operator()(const MethodDeclaration& x) const { all.add(x.modifiers, x.parameters, x.body); }
  void operator()(const ClassDeclaration& x) const { all.add(x.modifiers, x.body); }
  void operator()(const StaticBlock& x) const { all.add(x.block); }
};

template <typename Show, typename Node>
std::uint32_t height(const Node& node) {
  Tallest all;
  std::visit(Show{all}, node);
  return all.value() + 1;
}

}  // namespace

std::uint32_t height_of(const Expression::Node& node) { return height<ShowExpression>(node); }
std::uint32_t height_of(const Statement::Node& node) { return height<ShowStatement>(node); }

}  // namespace cupel::pipeline::syntax
