// SPDX-License-Identifier: Apache-2.0
#include "pipeline/syntax/parser.hpp"

#include <fmt/format.h>

#include <utility>

#include "pipeline/syntax/descent.hpp"
#include "pipeline/syntax/height.hpp"

namespace cupel::pipeline::syntax {

namespace {

std::string describe(const Token& token) {
  switch (token.kind) {
    case TokenKind::end: return "the end of the file";
    case TokenKind::string:
    case TokenKind::gstring_begin: return "a string";
    case TokenKind::gstring_text:
    case TokenKind::gstring_path:
    case TokenKind::gstring_end: return "the end of the string";
    default: return fmt::format("'{}'", token.word.substr(0, 40));
  }
}

}  // namespace

Script parse(const Source& source, Diagnostics& diagnostics) {
  return Parser(source, diagnostics).run();
}

Parser::Parser(const Source& source, Diagnostics& diagnostics)
    : source_(source), diagnostics_(diagnostics), tokens_(tokenize(source, diagnostics)) {
  end_.span = tokens_.back().span;
}

Script Parser::run() {
  Script script;
  while (!at_kind(TokenKind::end)) {
    auto more = statements(Place::script);
    std::ranges::move(more, std::back_inserter(script.statements));
    if (at_kind(TokenKind::end)) break;
    error(token().span, fmt::format("unexpected {}", describe(token())),
          at_symbol("}") ? "no '{' is open here" : "");
    panic_ = given_up_;
    take();
  }
  return script;
}

Parser::Level::Level(Parser& parser, int weight) : parser_(parser), weight_(weight) {
  parser_.depth_ += weight;
  if (parser_.depth_ > deepest_nesting) parser_.too_deep();
}

bool Parser::at_keyword(std::string_view word, std::size_t ahead) const {
  const auto& next = token(ahead);
  return next.kind == TokenKind::keyword && next.word == word;
}

bool Parser::same_line(std::size_t ahead) const {
  return !newlines_matter_ || !token(ahead).newline_before;
}

const Token& Parser::take() {
  const auto& taken = token();
  last_ = taken.span;
  if (taken.kind != TokenKind::end) ++at_;
  return taken;
}

bool Parser::accept_symbol(std::string_view symbol) {
  if (!at_symbol(symbol)) return false;
  take();
  return true;
}

bool Parser::accept_keyword(std::string_view word) {
  if (!at_keyword(word)) return false;
  take();
  return true;
}

bool Parser::expect_symbol(std::string_view symbol, std::string_view where) {
  if (accept_symbol(symbol)) return true;
  unexpected(fmt::format("'{}'{}{}", symbol, where.empty() ? "" : " ", where));
  return false;
}

void Parser::close(std::string_view symbol, const Span& opening) {
  if (accept_symbol(symbol) || panic_) return;
  if (at_kind(TokenKind::end))
    error(opening, fmt::format("'{}' is not closed", source_.text_of(opening)),
          fmt::format("add a '{}'", symbol));
  else
    unexpected(fmt::format("'{}' to close the '{}' of line {}", symbol, source_.text_of(opening),
                           opening.begin.line));
}

Name Parser::expect_name(std::string_view what) {
  if (at_kind(TokenKind::identifier)) return name_of(take());
  unexpected(what);
  return {};
}

bool Parser::at_closing() const {
  return at_symbol("}") || at_symbol(")") || at_symbol("]") || at_kind(TokenKind::end) ||
         at_kind(TokenKind::interpolation_end);
}

void Parser::error(const Span& span, std::string message, std::string hint) {
  if (panic_) return;
  panic_ = true;
  diagnostics_.error(span, std::move(message), std::move(hint));
  if (diagnostics_.full() || tokens_[at_].kind == TokenKind::end) give_up();
}

/// Nothing more is parsed or reported: what follows would only echo the last error.
void Parser::give_up() {
  at_ = tokens_.size() - 1;
  given_up_ = panic_ = true;
}

void Parser::unexpected(std::string_view expected) {
  const auto& found = token();
  // The lexer has reported it already.
  if (found.kind == TokenKind::bad) {
    panic_ = true;
    return;
  }
  error(found.span, fmt::format("expected {}, but found {}", expected, describe(found)));
}

void Parser::too_deep() {
  error(token().span, "the code is nested too deeply here");
  give_up();
}

void Parser::skip_balanced() {
  std::size_t open = 0;
  do {
    if (at_symbol("{") || at_kind(TokenKind::interpolation_begin)) ++open;
    if (at_symbol("}") || at_kind(TokenKind::interpolation_end)) --open;
    take();
  } while (open > 0 && !at_kind(TokenKind::end));
}

void Parser::recover(std::size_t statement_start) {
  if (given_up_) return;
  panic_ = false;
  bool first = at_ == statement_start;
  while (!at_kind(TokenKind::end) && !at_symbol("}") && !at_kind(TokenKind::interpolation_end)) {
    if (!first && (token().newline_before || at_symbol(";"))) return;
    first = false;
    skip_balanced();
  }
}

ExpressionPtr Parser::make(const Span& first, Expression::Node node) {
  auto made = std::make_unique<Expression>(since(first), std::move(node));
  made->height = height_of(made->node);
  if (made->height > max_height) too_deep();
  return made;
}

StatementPtr Parser::make_statement(const Span& first, Statement::Node node) {
  auto made = std::make_unique<Statement>(since(first), std::move(node));
  made->height = height_of(made->node);
  if (made->height > max_height) too_deep();
  return made;
}

std::vector<StatementPtr> Parser::statements(Place place) {
  const Newlines newlines(*this, true);
  std::vector<StatementPtr> list;
  for (;;) {
    while (accept_symbol(";")) {
    }
    if (at_closing()) return list;
    if (place == Place::switch_case && (at_keyword("case") || at_keyword("default"))) return list;
    const auto start = at_;
    list.push_back(statement(place));
    end_of_statement();
    if (!panic_) continue;
    // Whoever reads the tree must not complain about half a statement.
    list.back() = make_statement(list.back()->span, BadStatement{});
    recover(start);
  }
}

void Parser::end_of_statement() {
  if (panic_ || at_closing() || token().newline_before || at_symbol(";")) return;
  if (at_symbol("{") && at_ > 0 &&
      (tokens_[at_ - 1].kind == TokenKind::string ||
       tokens_[at_ - 1].kind == TokenKind::gstring_end))
    return error(token().span, "a block cannot follow an argument without parentheses",
                 "put the arguments into parentheses: step('x') { }");
  if (at_ > 0 && tokens_[at_ - 1].word == ":") return;
  unexpected("a new line or ';'");
}

Block Parser::block() {
  Block result;
  const auto opening = token().span;
  if (!expect_symbol("{", "to start a block")) return result;
  const Level level(*this);
  result.statements = statements(Place::block);
  close("}", opening);
  result.span = since(opening);
  return result;
}

}  // namespace cupel::pipeline::syntax
