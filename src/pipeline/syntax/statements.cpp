// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <utility>

#include "pipeline/syntax/descent.hpp"

namespace cupel::pipeline::syntax {

StatementPtr Parser::statement(Place place) {
  const Level level(*this, 4);
  const auto first = token().span;
  if (at_kind(TokenKind::identifier) && at_symbol(":", 1)) {
    auto label = name_of(take());
    take();
    auto labeled = at_closing() ? make_statement(first, BlockStatement{}) : statement(Place::block);
    return make_statement(first, Labeled{std::move(label), std::move(labeled)});
  }
  if (at_declaration(place)) return declaration(place, {});
  if (at_symbol("{") && !at_closure_parameters()) {
    auto inner = block();
    return make_statement(first, BlockStatement{std::move(inner)});
  }
  if (at_kind(TokenKind::keyword))
    if (auto made = keyword_statement()) return made;
  return expression_statement();
}

StatementPtr Parser::keyword_statement() {
  const auto first = token().span;
  const auto word = token().word;
  if (word == "if") return if_statement();
  if (word == "while") return while_statement();
  if (word == "do") return do_statement();
  if (word == "for") return for_statement();
  if (word == "switch") return switch_statement();
  if (word == "try") return try_statement();
  if (word == "assert") return assert_statement();
  if (word == "return" || word == "throw" || word == "break" || word == "continue")
    return jump_statement();
  if (word == "synchronized") {
    take();
    auto lock = condition();
    auto inner = block();
    return make_statement(first, Synchronized{std::move(lock), std::move(inner)});
  }
  if (word == "else" || word == "catch" || word == "finally" || word == "case" ||
      word == "default") {
    error(first, fmt::format("'{}' without what it belongs to", word));
    return make_statement(first, BadStatement{});
  }
  return nullptr;
}

ExpressionPtr Parser::condition() {
  const auto opening = token().span;
  if (!expect_symbol("(", "")) return bad();
  const Newlines newlines(*this, false);
  auto value = expression();
  close(")", opening);
  return value;
}

/// The body of a loop or branch; null for a lone semicolon.
StatementPtr Parser::body() {
  if (accept_symbol(";")) return nullptr;
  const auto first = token().span;
  if (at_closing()) {
    unexpected("a statement");
    return make_statement(first, BadStatement{});
  }
  const Newlines newlines(*this, true);
  return statement(Place::block);
}

StatementPtr Parser::if_statement() {
  const auto first = take().span;
  If made;
  made.condition = condition();
  made.yes = body();
  if (!made.yes) made.yes = make_statement(last_, BlockStatement{});
  if (at_symbol(";") && at_keyword("else", 1)) take();
  if (accept_keyword("else")) made.no = body();
  return make_statement(first, std::move(made));
}

StatementPtr Parser::while_statement() {
  const auto first = take().span;
  While made;
  made.condition = condition();
  made.body = body();
  return make_statement(first, std::move(made));
}

StatementPtr Parser::do_statement() {
  const auto first = take().span;
  DoWhile made;
  made.body = body();
  accept_symbol(";");
  if (accept_keyword("while"))
    made.condition = condition();
  else
    unexpected("'while' behind the body of 'do'");
  return make_statement(first, std::move(made));
}

/// Looks behind the "(": an optional type, a name, then `in` or `:`.
bool Parser::at_for_in() const {
  std::size_t i = 1;
  while (at_keyword("final", i) || at_keyword("def", i)) ++i;
  const auto is_in = [&](std::size_t ahead) {
    return at_kind(TokenKind::identifier, ahead) &&
           (at_keyword("in", ahead + 1) || at_symbol(":", ahead + 1));
  };
  if (is_in(i)) return true;
  const auto behind = skip_type(i);
  return behind && is_in(*behind);
}

StatementPtr Parser::for_statement() {
  const auto first = take().span;
  if (!at_symbol("(")) {
    unexpected("'(' behind 'for'");
    return make_statement(first, BadStatement{});
  }
  if (at_for_in()) return for_in(first);
  const auto opening = take().span;
  For made;
  {
    const Newlines newlines(*this, false);
    if (!at_symbol(";")) made.initial.push_back(statement(Place::block));
    while (accept_symbol(",")) made.initial.push_back(expression_statement());
    expect_symbol(";", "behind the start of the loop");
    if (!at_symbol(";")) made.condition = expression();
    expect_symbol(";", "behind the condition of the loop");
    if (!at_symbol(")")) made.updates.push_back(expression());
    while (accept_symbol(",")) made.updates.push_back(expression());
    close(")", opening);
  }
  made.body = body();
  return make_statement(first, std::move(made));
}

StatementPtr Parser::for_in(const Span& first) {
  const auto opening = take().span;
  ForIn made;
  {
    const Newlines newlines(*this, false);
    made.variable = parameter();
    take();  // in, :
    made.values = expression();
    close(")", opening);
  }
  made.body = body();
  return make_statement(first, std::move(made));
}

StatementPtr Parser::switch_statement() {
  const auto first = take().span;
  Switch made;
  made.subject = condition();
  const auto opening = token().span;
  if (!expect_symbol("{", "behind the value of 'switch'"))
    return make_statement(first, std::move(made));
  const Newlines newlines(*this, true);
  while (at_keyword("case") || at_keyword("default")) {
    SwitchCase next;
    const auto start = token().span;
    if (take().word == "case") next.value = expression();
    expect_symbol(":", "behind the value of 'case'");
    next.statements = statements(Place::switch_case);
    next.span = since(start);
    made.cases.push_back(std::move(next));
  }
  if (!at_symbol("}") && !at_kind(TokenKind::end))
    unexpected("'case', 'default' or '}'");
  else
    close("}", opening);
  return make_statement(first, std::move(made));
}

StatementPtr Parser::try_statement() {
  const auto first = take().span;
  Try made;
  if (at_symbol("(")) {
    const auto opening = take().span;
    while (!at_symbol(")") && !at_closing()) {
      made.resources.push_back(statement(Place::block));
      if (!accept_symbol(";")) break;
    }
    close(")", opening);
  }
  made.body = block();
  while (at_keyword("catch")) made.catches.push_back(catch_clause());
  if (accept_keyword("finally")) made.finally = block();
  if (made.catches.empty() && !made.finally && made.resources.empty())
    unexpected("'catch' or 'finally' behind the block of 'try'");
  return make_statement(first, std::move(made));
}

Catch Parser::catch_clause() {
  take();
  Catch made;
  const auto opening = token().span;
  if (!expect_symbol("(", "behind 'catch'")) return made;
  {
    const Newlines newlines(*this, false);
    while (at_keyword("final")) take();
    const bool untyped = at_kind(TokenKind::identifier) && at_symbol(")", 1);
    if (untyped || accept_keyword("def"))
      made.types.emplace_back();
    else
      do made.types.push_back(type());
      while (accept_symbol("|"));
    made.name = expect_name("a name for the exception");
    close(")", opening);
  }
  made.body = block();
  return made;
}

StatementPtr Parser::jump_statement() {
  const auto& word = take();
  const auto first = word.span;
  const bool ends = at_closing() || token().newline_before || at_symbol(";");
  if (word.word == "return")
    return make_statement(first, Return{ends ? nullptr : command_expression()});
  if (word.word == "throw") return make_statement(first, Throw{expression()});
  const bool labeled = !ends && at_kind(TokenKind::identifier);
  auto label = labeled ? name_of(take()) : Name{};
  if (word.word == "break") return make_statement(first, Break{std::move(label)});
  return make_statement(first, Continue{std::move(label)});
}

StatementPtr Parser::assert_statement() {
  const auto first = take().span;
  Assert made;
  made.condition = expression();
  if (accept_symbol(":") || accept_symbol(",")) made.message = expression();
  return make_statement(first, std::move(made));
}

/// (a, b) = ...
bool Parser::at_multiple_assignment() const {
  if (!at_symbol("(")) return false;
  std::size_t i = 1;
  for (;; i += 2) {
    if (!at_kind(TokenKind::identifier, i)) return false;
    if (!at_symbol(",", i + 1)) break;
  }
  return at_symbol(")", i + 1) && at_symbol("=", i + 2);
}

ExpressionPtr Parser::multiple_assignment() {
  const auto first = take().span;
  ListLiteral names;
  do {
    const auto name = name_of(take());
    names.elements.push_back(make(name.span, Variable{name.text}));
  } while (accept_symbol(","));
  take();  // )
  auto target = make(first, std::move(names));
  take();  // =
  Assignment made;
  made.target = std::move(target);
  made.value = command_expression();
  return make(first, std::move(made));
}

StatementPtr Parser::expression_statement() {
  const auto first = token().span;
  auto value = at_multiple_assignment() ? multiple_assignment() : command_expression();
  // A block on a line of its own, as in "stages\n{": Groovy has no other meaning for it.
  if (at_symbol("{") && token().newline_before && may_take_closure(*value)) {
    const Newlines newlines(*this, false);
    value = path_tail(std::move(value));
  }
  return make_statement(first, ExpressionStatement{std::move(value)});
}

}  // namespace cupel::pipeline::syntax
