// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/syntax/ast.hpp"
#include "pipeline/syntax/token.hpp"

namespace cupel::pipeline::syntax {

/// The recursive descent behind parse(). Its parts lie in parser.cpp (tokens, errors, blocks),
/// statements.cpp, declarations.cpp, classes.cpp, expressions.cpp, paths.cpp and primaries.cpp.
///
/// After an error it panics: it sees nothing but the end of the file, so that each rule returns,
/// until the innermost list of statements takes up again at the next line. Rules thus need no
/// checks for failure; they return a BadExpression or whatever they have.
class Parser {
 public:
  Parser(const Source& source, Diagnostics& diagnostics);
  Script run();

 private:
  // Nesting deeper than this is refused: each level costs stack.
  static constexpr int deepest_nesting = 1500;

  /// Counts a level of recursion while it lives; `weight` is how much stack it takes, roughly.
  class Level {
   public:
    explicit Level(Parser& parser, int weight = 1);
    ~Level() { parser_.depth_ -= weight_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    Parser& parser_;
    int weight_;
  };

  /// Whether newlines end expressions here: in braces they do, in brackets they don't.
  class Newlines {
   public:
    Newlines(Parser& parser, bool matter) : parser_(parser), before_(parser.newlines_matter_) {
      parser.newlines_matter_ = matter;
    }
    ~Newlines() { parser_.newlines_matter_ = before_; }
    Newlines(const Newlines&) = delete;
    Newlines& operator=(const Newlines&) = delete;

   private:
    Parser& parser_;
    bool before_;
  };

  // parser.cpp: tokens
  // Asked more than anything else, with texts that are known where they are asked for.
  const Token& token(std::size_t ahead = 0) const {
    return panic_ || at_ + ahead >= tokens_.size() ? end_ : tokens_[at_ + ahead];
  }
  bool at_symbol(std::string_view symbol, std::size_t ahead = 0) const {
    const auto& next = token(ahead);
    return next.kind == TokenKind::symbol && next.word[0] == symbol[0] && next.word == symbol;
  }
  bool at_keyword(std::string_view word, std::size_t ahead = 0) const;
  bool at_kind(TokenKind kind, std::size_t ahead = 0) const { return token(ahead).kind == kind; }
  /// Whether the token continues the line, where lines matter.
  bool same_line(std::size_t ahead = 0) const;
  const Token& take();
  bool accept_symbol(std::string_view symbol);
  bool accept_keyword(std::string_view word);
  bool expect_symbol(std::string_view symbol, std::string_view where);
  /// The closing bracket of what was opened by the given token.
  void close(std::string_view symbol, const Span& opening);
  Name expect_name(std::string_view what);
  Name name_of(const Token& token) const { return {std::string(token.word), token.span}; }
  bool at_closing() const;

  // parser.cpp: errors and nodes
  void error(const Span& span, std::string message, std::string hint = {});
  void unexpected(std::string_view expected);
  void too_deep();
  void give_up();
  void recover(std::size_t statement_start);
  void skip_balanced();
  /// From the first token's beginning to the end of the last one that was taken.
  Span since(const Span& first) const { return {first.begin, last_.end}; }
  ExpressionPtr make(const Span& first, Expression::Node node);
  StatementPtr make_statement(const Span& first, Statement::Node node);
  ExpressionPtr bad() { return make(token().span, BadExpression{}); }

  // parser.cpp: blocks
  enum class Place { script, block, switch_case };
  std::vector<StatementPtr> statements(Place place);
  void end_of_statement();
  Block block();

  // statements.cpp
  StatementPtr statement(Place place);
  StatementPtr keyword_statement();
  StatementPtr body();
  StatementPtr if_statement();
  StatementPtr while_statement();
  StatementPtr do_statement();
  StatementPtr for_statement();
  bool at_for_in() const;
  StatementPtr for_in(const Span& first);
  StatementPtr switch_statement();
  StatementPtr try_statement();
  Catch catch_clause();
  StatementPtr jump_statement();
  StatementPtr assert_statement();
  StatementPtr expression_statement();
  ExpressionPtr multiple_assignment();
  bool at_multiple_assignment() const;
  ExpressionPtr condition();

  // declarations.cpp
  /// The token behind a type that starts `ahead`, if one does.
  std::optional<std::size_t> skip_type(std::size_t ahead) const;
  std::optional<std::size_t> skip_type_arguments(std::size_t ahead) const;
  bool looks_like_type(std::size_t ahead, std::size_t behind) const;
  bool at_declaration(Place place) const;
  bool at_modifier() const;
  Modifiers modifiers();
  Annotation annotation();
  TypeName type();
  void close_type_arguments();
  std::vector<TypeName> types(std::string_view what);
  StatementPtr declaration(Place place, std::string_view class_name);
  StatementPtr variables(const Span& first, Modifiers modifiers, TypeName type, Name name);
  StatementPtr multiple_variables(const Span& first, Modifiers modifiers);
  StatementPtr method(const Span& first, Modifiers modifiers, TypeName type, Name name);
  std::vector<Parameter> parameters(std::string_view closing);
  Parameter parameter();
  StatementPtr import(const Span& first, Modifiers modifiers);
  Name dotted_name(std::string_view what);

  // classes.cpp
  bool at_class() const;
  StatementPtr class_declaration(const Span& first, Modifiers modifiers);
  ClassBody class_body(ClassDeclaration::Kind kind, std::string_view class_name);
  void enum_constants(ClassBody& body);

  // expressions.cpp
  ExpressionPtr expression();
  /// Where a command without parentheses may stand: a statement, the right side of `=`.
  ExpressionPtr command_expression();
  ExpressionPtr ternary();
  ExpressionPtr binary(int least);
  ExpressionPtr binary_tail(ExpressionPtr left, int least, bool& more);
  ExpressionPtr unary();
  ExpressionPtr power();
  ExpressionPtr assignment_tail(ExpressionPtr target);
  bool at_assignment() const;

  // paths.cpp
  ExpressionPtr path();
  ExpressionPtr path_tail(ExpressionPtr start);
  ExpressionPtr member(ExpressionPtr receiver);
  ExpressionPtr call(ExpressionPtr callee, Arguments arguments, const Span& first);
  static bool may_take_closure(const Expression& callee);
  Arguments arguments();
  void trailing_closures(Arguments& arguments);
  Argument argument();
  std::vector<Argument> argument_list(std::string_view closing);
  ExpressionPtr index(ExpressionPtr receiver);
  bool at_command_argument() const;
  bool at_map_literal() const;
  ExpressionPtr command(ExpressionPtr callee);
  Arguments command_arguments();

  // primaries.cpp
  ExpressionPtr primary();
  ExpressionPtr keyword_primary();
  ExpressionPtr number();
  ExpressionPtr string();
  ExpressionPtr gstring();
  ExpressionPtr interpolated_path();
  ExpressionPtr interpolated_block();
  ExpressionPtr list_or_map();
  ExpressionPtr parenthesised();
  bool at_cast() const;
  /// Words, literals and signs that begin an operand wherever they stand.
  bool at_operand(std::size_t ahead) const;
  ExpressionPtr cast();
  ExpressionPtr creation();
  ExpressionPtr array_creation(const Span& first, TypeName type);
  ExpressionPtr closure();
  bool at_closure_parameters() const;

  const Source& source_;
  Diagnostics& diagnostics_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  Span last_;  // of the last token taken
  Token end_;  // what a panicking parser sees
  bool panic_ = false;
  bool given_up_ = false;
  bool newlines_matter_ = true;
  int depth_ = 0;
};

}  // namespace cupel::pipeline::syntax
