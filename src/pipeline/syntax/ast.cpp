// SPDX-License-Identifier: Apache-2.0
#include "pipeline/syntax/ast.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cupel::pipeline::syntax {

Expression::Expression(Span where, Node what) : span(where), node(std::move(what)) {}
Expression::~Expression() = default;

Statement::Statement(Span where, Node what) : span(where), node(std::move(what)) {}
Statement::~Statement() = default;

bool Modifiers::has(std::string_view word) const {
  return std::ranges::any_of(words, [&](const Name& name) { return name.text == word; });
}

std::string_view symbol(BinaryOperator op) {
  constexpr std::array<std::string_view, 27> symbols{
      "**",  "*",  "/",  "%",   "+",   "-",   "<<", ">>",  ">>>", "<", "<=", ">",  ">=", "in",
      "!in", "==", "!=", "===", "!==", "<=>", "=~", "==~", "&",   "^", "|",  "&&", "||"};
  return symbols.at(static_cast<std::size_t>(op));
}

std::string_view symbol(UnaryOperator op) {
  constexpr std::array<std::string_view, 4> symbols{"-", "+", "!", "~"};
  return symbols.at(static_cast<std::size_t>(op));
}

}  // namespace cupel::pipeline::syntax
