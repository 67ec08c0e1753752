// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>
#include <utility>

#include "pipeline/syntax/descent.hpp"

namespace cupel::pipeline::syntax {

namespace {

using Op = BinaryOperator;

struct Operator {
  std::string_view symbol;
  Op op;
  int strength;
};
constexpr int relational = 8;
constexpr int range_strength = 9;
constexpr auto operators = std::to_array<Operator>({
    {"||", Op::or_, 1},
    {"&&", Op::and_, 2},
    {"|", Op::bit_or, 3},
    {"^", Op::bit_xor, 4},
    {"&", Op::bit_and, 5},
    {"=~", Op::find, 6},
    {"==~", Op::match, 6},
    {"==", Op::equal, 7},
    {"!=", Op::not_equal, 7},
    {"===", Op::identical, 7},
    {"!==", Op::not_identical, 7},
    {"<=>", Op::compare, 7},
    {"<", Op::less, relational},
    {"<=", Op::less_equal, relational},
    {">", Op::greater, relational},
    {">=", Op::greater_equal, relational},
    {"in", Op::in, relational},
    {"<<", Op::shift_left, range_strength},
    {">>", Op::shift_right, range_strength},
    {">>>", Op::shift_right_unsigned, range_strength},
    {"+", Op::add, 10},
    {"-", Op::subtract, 10},
    {"*", Op::multiply, 11},
    {"/", Op::divide, 11},
    {"%", Op::remainder, 11},
});

struct CompoundAssignment {
  std::string_view symbol;
  Op op;
};
constexpr auto compound_assignments =
    std::to_array<CompoundAssignment>({{"+=", Op::add},
                                       {"-=", Op::subtract},
                                       {"*=", Op::multiply},
                                       {"/=", Op::divide},
                                       {"%=", Op::remainder},
                                       {"**=", Op::power},
                                       {"<<=", Op::shift_left},
                                       {">>=", Op::shift_right},
                                       {">>>=", Op::shift_right_unsigned},
                                       {"&=", Op::bit_and},
                                       {"|=", Op::bit_or},
                                       {"^=", Op::bit_xor}});

const Operator* find_operator(const Token& token) {
  if (token.kind != TokenKind::symbol && token.kind != TokenKind::keyword) return nullptr;
  for (const auto& known : operators)
    if (known.symbol[0] == token.word[0] && known.symbol == token.word) return &known;
  return nullptr;
}

bool is_assignable(const Expression& target) {
  return target.as<Variable>() != nullptr || target.as<Property>() != nullptr ||
         target.as<Index>() != nullptr || target.as<BadExpression>() != nullptr;
}

}  // namespace

ExpressionPtr Parser::expression() {
  const Level level(*this);
  auto value = ternary();
  return at_assignment() ? assignment_tail(std::move(value)) : std::move(value);
}

ExpressionPtr Parser::command_expression() {
  const Level level(*this);
  auto value = ternary();
  if (at_assignment()) return assignment_tail(std::move(value));
  const bool chained = at_kind(TokenKind::identifier) && same_line();
  return chained || at_command_argument() ? command(std::move(value)) : std::move(value);
}

bool Parser::at_assignment() const {
  const auto& next = token();
  return next.kind == TokenKind::symbol && next.word.ends_with('=') && same_line() &&
         find_operator(next) == nullptr;
}

ExpressionPtr Parser::assignment_tail(ExpressionPtr target) {
  const auto first = target->span;
  const auto symbol = take().word;
  if (!is_assignable(*target)) {
    error(first, "this cannot be assigned to");
    return target;
  }
  Assignment made;
  made.elvis = symbol == "?=";
  for (const auto& compound : compound_assignments)
    if (compound.symbol == symbol) made.op = compound.op;
  made.target = std::move(target);
  made.value = command_expression();
  return make(first, std::move(made));
}

ExpressionPtr Parser::ternary() {
  auto condition = binary(1);
  if (accept_symbol("?:")) {
    const auto first = condition->span;
    const Level level(*this);
    auto otherwise = ternary();
    return make(first, Elvis{std::move(condition), std::move(otherwise)});
  }
  if (!at_symbol("?")) return condition;
  const auto first = condition->span;
  take();
  auto yes = expression();
  if (!expect_symbol(":", "behind the first value of '?'")) return yes;
  auto no = expression();
  return make(first, Ternary{std::move(condition), std::move(yes), std::move(no)});
}

/// Precedence climbing; `least` is the weakest operator that belongs to this call.
ExpressionPtr Parser::binary(int least) {
  const Level level(*this);
  auto left = unary();
  for (bool more = true; more && !panic_;) left = binary_tail(std::move(left), least, more);
  return left;
}

ExpressionPtr Parser::binary_tail(ExpressionPtr left, int least, bool& more) {
  const auto first = left->span;
  more = true;
  const bool continues = same_line() || at_symbol("&&") || at_symbol("||");
  const bool negated = at_symbol("!") && !token(1).space_before &&
                       (at_keyword("in", 1) || at_keyword("instanceof", 1));
  if (continues && least <= relational) {
    if (at_keyword("as")) {
      take();
      auto target = type();
      return make(first, Cast{Cast::Form::as, std::move(target), std::move(left)});
    }
    if (at_keyword("instanceof") || (negated && at_keyword("instanceof", 1))) {
      if (negated) take();
      take();
      auto tested = type();
      return make(first, InstanceOf{std::move(left), std::move(tested), negated});
    }
    if (negated) {
      take();
      take();
      auto right = binary(relational + 1);
      return make(first, Binary{Op::not_in, std::move(left), std::move(right)});
    }
  }
  const bool range = at_symbol("..") || at_symbol("..<") || at_symbol("<..") || at_symbol("<..<");
  if (continues && range && least <= range_strength) {
    const auto symbol = take().word;
    auto to = binary(range_strength + 1);
    return make(first, Range{std::move(left), std::move(to), symbol.starts_with('<'),
                             symbol.ends_with('<')});
  }
  const auto* known = continues ? find_operator(token()) : nullptr;
  more = known != nullptr && known->strength >= least;
  if (!more) return left;
  take();
  auto right = binary(known->strength + 1);
  return make(first, Binary{known->op, std::move(left), std::move(right)});
}

ExpressionPtr Parser::unary() {
  const auto& next = token();
  if (next.kind != TokenKind::symbol) return power();
  const auto first = next.span;
  const auto apply = [&](UnaryOperator op) {
    const Level level(*this);
    take();
    auto operand = unary();
    return make(first, Unary{op, std::move(operand)});
  };
  if (next.word == "-") return apply(UnaryOperator::minus);
  if (next.word == "+") return apply(UnaryOperator::plus);
  if (next.word == "!") return apply(UnaryOperator::negate);
  if (next.word == "~") return apply(UnaryOperator::complement);
  if (next.word == "++" || next.word == "--") {
    const Level level(*this);
    const int step = take().word == "++" ? 1 : -1;
    auto target = unary();
    if (!is_assignable(*target)) error(target->span, "this cannot be incremented");
    return make(first, Increment{Increment::Form::before, step, std::move(target)});
  }
  if (next.word == "(" && at_cast()) return cast();
  return power();
}

ExpressionPtr Parser::power() {
  auto base = path();
  if (!at_symbol("**") || !same_line()) return base;
  const Level level(*this);
  const auto first = base->span;
  take();
  auto exponent = unary();
  return make(first, Binary{Op::power, std::move(base), std::move(exponent)});
}

}  // namespace cupel::pipeline::syntax
