// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pipeline/syntax/descent.hpp"
#include "pipeline/syntax/words.hpp"

namespace cupel::pipeline::syntax {

namespace {

bool ends_in_a_name(const Expression& callee) {
  return !callee.parenthesised &&
         (callee.as<Variable>() != nullptr || callee.as<Property>() != nullptr);
}

/// Blocks of Pipeline that stand side by side, where a line is missing between two.
bool is_block_of_pipeline(std::string_view name) {
  const auto has = [name](std::span<const Section> table) {
    return std::ranges::any_of(table, [name](const Section& one) { return one.name == name; });
  };
  return name == "pipeline" || name == "node" || name == "stage" || name == "script" ||
         has(pipeline_sections()) || has(stage_sections()) || has(matrix_sections()) ||
         has(post_conditions());
}

/// Whether a name behind it, in its line, is a method of what it gives: behind f { } or f(x) { }.
bool may_be_chained(const Expression& callee) {
  if (callee.parenthesised) return false;
  if (const auto* value = callee.as<ValueCall>()) return value->arguments.trailing_closures > 0;
  const auto* call = callee.as<Call>();
  return call && call->arguments.trailing_closures > 0 &&
         (call->receiver || !is_block_of_pipeline(call->name.text));
}

Arguments* arguments_of(Expression& call) {
  if (auto* named = std::get_if<Call>(&call.node)) return &named->arguments;
  if (auto* value = std::get_if<ValueCall>(&call.node)) return &value->arguments;
  return nullptr;
}

}  // namespace

bool Parser::may_take_closure(const Expression& callee) {
  return !callee.parenthesised &&
         (callee.as<Variable>() != nullptr || callee.as<Property>() != nullptr ||
          callee.as<Call>() != nullptr || callee.as<ValueCall>() != nullptr ||
          callee.as<Index>() != nullptr);
}

ExpressionPtr Parser::path() { return path_tail(primary()); }

ExpressionPtr Parser::path_tail(ExpressionPtr value) {
  for (;;) {
    const auto first = value->span;
    const auto& next = token();
    if (next.kind != TokenKind::symbol) return value;
    const bool member_access = next.word == "." || next.word == "?." || next.word == "*." ||
                               next.word == ".&" || next.word == ".@" || next.word == "::";
    if (member_access) {
      value = member(std::move(value));
    } else if (!same_line()) {
      return value;
    } else if (next.word == "(") {
      auto list = arguments();
      value = call(std::move(value), std::move(list), first);
    } else if (next.word == "{" && may_take_closure(*value)) {
      auto* existing = arguments_of(*value);
      if (existing != nullptr) {
        trailing_closures(*existing);
        auto node = std::move(value->node);
        value = make(first, std::move(node));
      } else {
        Arguments list;
        list.style = Arguments::Style::closure_only;
        trailing_closures(list);
        value = call(std::move(value), std::move(list), first);
      }
    } else if (next.word == "[" &&
               !(next.space_before && ends_in_a_name(*value) && at_map_literal())) {
      value = index(std::move(value));
    } else if (next.word == "++" || next.word == "--") {
      const int step = take().word == "++" ? 1 : -1;
      value = make(first, Increment{Increment::Form::after, step, std::move(value)});
      return value;
    } else {
      return value;
    }
  }
}

ExpressionPtr Parser::member(ExpressionPtr receiver) {
  const auto first = receiver->span;
  const auto symbol = take().word;
  const auto access = symbol == "?."   ? Access::safe
                      : symbol == "*." ? Access::spread
                                       : Access::plain;
  const bool attribute = symbol == ".@" || (symbol != ".&" && symbol != "::" && accept_symbol("@"));
  Name name;
  ExpressionPtr computed;
  if (at_kind(TokenKind::identifier) || at_kind(TokenKind::keyword)) {
    name = name_of(take());
  } else if (at_kind(TokenKind::string)) {
    name = {token().text, token().span};
    take();
  } else if (at_kind(TokenKind::gstring_begin)) {
    computed = gstring();
  } else if (at_symbol("(")) {
    computed = parenthesised();
  } else {
    unexpected(fmt::format("a name behind '{}'", symbol));
  }
  if (symbol == ".&" || symbol == "::")
    return make(first, MethodPointer{std::move(receiver), std::move(name), std::move(computed)});
  return make(first, Property{std::move(receiver), access, std::move(name), std::move(computed),
                              attribute});
}

/// callee(...): a name is called, any other value is asked to call itself.
ExpressionPtr Parser::call(ExpressionPtr callee, Arguments arguments, const Span& first) {
  if (const auto* variable = callee->as<Variable>();
      variable != nullptr && !callee->parenthesised) {
    Call made;
    made.name = {variable->name, callee->span};
    made.arguments = std::move(arguments);
    return make(first, std::move(made));
  }
  auto* property = std::get_if<Property>(&callee->node);
  if (property == nullptr || callee->parenthesised || property->attribute)
    return make(first, ValueCall{std::move(callee), std::move(arguments)});
  Call made;
  made.receiver = std::move(property->receiver);
  made.access = property->access;
  made.name = std::move(property->name);
  made.computed_name = std::move(property->computed_name);
  made.arguments = std::move(arguments);
  return make(first, std::move(made));
}

Arguments Parser::arguments() {
  Arguments made;
  const auto opening = take().span;
  {
    const Newlines newlines(*this, false);
    made.items = argument_list(")");
    close(")", opening);
  }
  trailing_closures(made);
  return made;
}

void Parser::trailing_closures(Arguments& arguments) {
  while (at_symbol("{") && same_line()) {
    Argument next;
    next.value = closure();
    next.span = next.value->span;
    arguments.items.push_back(std::move(next));
    ++arguments.trailing_closures;
  }
}

Argument Parser::argument() {
  Argument made;
  const auto first = token().span;
  const bool word = at_kind(TokenKind::identifier) || at_kind(TokenKind::keyword);
  if (accept_symbol("*:")) {
    made.kind = Argument::Kind::spread_map;
    made.value = expression();
  } else if (accept_symbol("*")) {
    made.kind = Argument::Kind::spread;
    made.value = expression();
  } else if (word && at_symbol(":", 1)) {
    made.kind = Argument::Kind::named;
    const auto name = take();
    made.key = make(name.span, StringLiteral{std::string(name.word)});
    take();
    made.value = expression();
  } else {
    made.value = expression();
    if (accept_symbol(":")) {
      made.kind = Argument::Kind::named;
      made.key = std::move(made.value);
      made.value = expression();
    }
  }
  made.span = since(first);
  return made;
}

std::vector<Argument> Parser::argument_list(std::string_view closing) {
  std::vector<Argument> list;
  while (!at_symbol(closing) && !at_kind(TokenKind::end)) {
    list.push_back(argument());
    if (!accept_symbol(",")) break;
  }
  return list;
}

ExpressionPtr Parser::index(ExpressionPtr receiver) {
  const auto first = receiver->span;
  const auto opening = take().span;
  Index made;
  made.receiver = std::move(receiver);
  {
    const Newlines newlines(*this, false);
    made.arguments = argument_list("]");
    close("]", opening);
  }
  return make(first, std::move(made));
}

/// Whether a "[" here opens a map: `checkout [$class: 'GitSCM']` cannot mean an index.
bool Parser::at_map_literal() const {
  if (!at_symbol("[")) return false;
  if (at_symbol(":", 1) || at_symbol("*:", 1)) return true;
  return at_symbol(":", 2) && (at_kind(TokenKind::identifier, 1) ||
                               at_kind(TokenKind::keyword, 1) || at_kind(TokenKind::string, 1));
}

/// Whether what was just read is followed by arguments without parentheses.
bool Parser::at_command_argument() const {
  if (at_ == 0 || panic_ || !same_line()) return false;
  const auto& before = tokens_[at_ - 1];
  if (before.kind != TokenKind::identifier && before.kind != TokenKind::keyword &&
      before.kind != TokenKind::string)
    return false;
  return at_operand(0) || (at_kind(TokenKind::keyword) && at_symbol(":", 1)) || at_map_literal() ||
         at_symbol("*:");
}

/// f a, b and the chains f a g b, which mean f(a).g(b), as f { } g { } means f({ }).g({ }).
ExpressionPtr Parser::command(ExpressionPtr callee) {
  const auto first = callee->span;
  ExpressionPtr value;
  if (ends_in_a_name(*callee) && at_command_argument()) {
    auto list = command_arguments();
    value = call(std::move(callee), std::move(list), first);
  } else {
    const auto& next = token(1);
    const bool goes_on =
        !next.newline_before && (at_symbol("{", 1) || at_symbol("(", 1) || at_operand(1));
    if (!goes_on || !may_be_chained(*callee)) return callee;
    value = std::move(callee);
  }
  while (at_kind(TokenKind::identifier) && same_line() && !panic_) {
    const auto name = name_of(take());
    Property next;
    next.receiver = std::move(value);
    next.name = name;
    value = path_tail(make(first, std::move(next)));
    if (!at_command_argument() || !ends_in_a_name(*value)) continue;
    auto more = command_arguments();
    value = call(std::move(value), std::move(more), first);
  }
  return value;
}

Arguments Parser::command_arguments() {
  Arguments made;
  made.style = Arguments::Style::command;
  do made.items.push_back(argument());
  while (accept_symbol(","));
  return made;
}

}  // namespace cupel::pipeline::syntax
