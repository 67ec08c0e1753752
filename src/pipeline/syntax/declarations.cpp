// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "pipeline/syntax/descent.hpp"

namespace cupel::pipeline::syntax {

namespace {

constexpr auto primitives = std::to_array<std::string_view>(
    {"boolean", "byte", "char", "double", "float", "int", "long", "short", "void"});
constexpr auto modifier_words =
    std::to_array<std::string_view>({"abstract", "final", "native", "private", "protected",
                                     "public", "static", "strictfp", "transient", "volatile"});

bool is_primitive(const Token& token) {
  return token.kind == TokenKind::keyword &&
         std::ranges::find(primitives, token.word) != primitives.end();
}

bool starts_upper_case(std::string_view word) {
  return !word.empty() && word[0] >= 'A' && word[0] <= 'Z';
}

}  // namespace

std::optional<std::size_t> Parser::skip_type_arguments(std::size_t ahead) const {
  constexpr std::size_t longest = 200;  // no sane type has more tokens
  int open = 0;
  for (const auto limit = ahead + longest; ahead < limit; ++ahead) {
    const auto& next = token(ahead);
    const bool part = next.kind == TokenKind::identifier || is_primitive(next) ||
                      next.word == "." || next.word == "," || next.word == "?" ||
                      next.word == "extends" || next.word == "super" || next.word == "[" ||
                      next.word == "]";
    if (next.word == "<")
      ++open;
    else if (next.word == ">" || next.word == ">>" || next.word == ">>>")
      open -= static_cast<int>(next.word.size());
    else if (!part)
      return std::nullopt;
    if (open == 0) return ahead + 1;
    if (open < 0) return std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::size_t> Parser::skip_type(std::size_t ahead) const {
  if (is_primitive(token(ahead))) {
    ++ahead;
  } else {
    if (!at_kind(TokenKind::identifier, ahead)) return std::nullopt;
    ++ahead;
    while (at_symbol(".", ahead) && at_kind(TokenKind::identifier, ahead + 1)) ahead += 2;
  }
  if (at_symbol("<", ahead)) {
    const auto behind = skip_type_arguments(ahead);
    if (!behind) return std::nullopt;
    ahead = *behind;
  }
  while (at_symbol("[", ahead) && at_symbol("]", ahead + 1)) ahead += 2;
  return ahead;
}

/// Types are told from other words as Groovy does: by an upper-case letter, brackets or keyword.
bool Parser::looks_like_type(std::size_t ahead, std::size_t behind) const {
  if (is_primitive(token(ahead))) return true;
  const auto& last = token(behind - 1);
  return last.word == "]" || last.word.starts_with(">") || starts_upper_case(last.word);
}

bool Parser::at_modifier() const {
  const auto& next = token();
  if (at_symbol("@") && (at_kind(TokenKind::identifier, 1))) return true;
  if (next.kind != TokenKind::keyword) return false;
  return std::ranges::find(modifier_words, next.word) != modifier_words.end() ||
         (next.word == "synchronized" && !at_symbol("(", 1));
}

bool Parser::at_declaration(Place place) const {
  if (at_modifier() || at_keyword("def") || at_keyword("import") || at_keyword("package") ||
      at_class())
    return true;
  const auto behind = skip_type(0);
  if (!behind || !looks_like_type(0, *behind)) return false;
  if (!at_kind(TokenKind::identifier, *behind) || token(*behind).newline_before) return false;
  const auto next = *behind + 1;
  if (at_symbol("(", next)) return place == Place::script;
  return at_symbol("=", next) || at_symbol(",", next) || at_symbol(";", next) ||
         at_symbol("}", next) || at_kind(TokenKind::end, next) || token(next).newline_before;
}

Modifiers Parser::modifiers() {
  Modifiers made;
  while (at_modifier()) {
    if (at_symbol("@"))
      made.annotations.push_back(annotation());
    else
      made.words.push_back(name_of(take()));
  }
  return made;
}

Annotation Parser::annotation() {
  Annotation made;
  const auto first = take().span;
  made.name = dotted_name("the annotation's name");
  if (at_symbol("(") && same_line()) {
    const auto opening = take().span;
    made.arguments = argument_list(")");
    // @Library('x') names its argument by position, others by `name = value`.
    close(")", opening);
  }
  made.span = since(first);
  return made;
}

Name Parser::dotted_name(std::string_view what) {
  auto name = expect_name(what);
  while (at_symbol(".") && at_kind(TokenKind::identifier, 1)) {
    take();
    name.text += "." + std::string(take().word);
    name.span.end = last_.end;
  }
  return name;
}

TypeName Parser::type() {
  const Level level(*this);
  TypeName made;
  const auto first = token().span;
  if (is_primitive(token()))
    made.name = take().word;
  else
    made.name = dotted_name("a type").text;
  if (at_symbol("<")) {
    take();
    while (!at_symbol(">") && !at_kind(TokenKind::end)) {
      if (accept_symbol("?")) {
        if (!accept_keyword("extends") && !accept_keyword("super")) {
          made.arguments.push_back({"?", {}, 0, last_});
          if (!accept_symbol(",")) break;
          continue;
        }
      }
      made.arguments.push_back(type());
      while (accept_keyword("extends") || accept_symbol("&")) type();  // a bound, not kept
      if (!accept_symbol(",")) break;
    }
    close_type_arguments();
  }
  while (at_symbol("[") && at_symbol("]", 1)) {
    take();
    take();
    ++made.dimensions;
  }
  made.span = since(first);
  return made;
}

/// Takes one ">", also from the front of ">>" and ">>>".
void Parser::close_type_arguments() {
  if (accept_symbol(">")) return;
  if (!at_symbol(">>") && !at_symbol(">>>")) return unexpected("'>' behind the type's arguments");
  auto& token = tokens_[at_];
  token.word.remove_prefix(1);
  ++token.span.begin.column;
  ++token.span.begin.offset;
}

std::vector<TypeName> Parser::types(std::string_view what) {
  std::vector<TypeName> list;
  do {
    if (!at_kind(TokenKind::identifier)) {
      unexpected(what);
      break;
    }
    list.push_back(type());
  } while (accept_symbol(","));
  return list;
}

StatementPtr Parser::declaration(Place place, std::string_view class_name) {
  const auto first = token().span;
  auto marks = modifiers();
  if (at_keyword("import") || at_keyword("package")) return import(first, std::move(marks));
  if (at_class()) return class_declaration(first, std::move(marks));
  const bool is_def = accept_keyword("def");
  while (at_modifier()) marks.words.push_back(name_of(take()));
  if (is_def && at_symbol("(")) return multiple_variables(first, std::move(marks));
  if (at_symbol("<")) {  // type parameters of a method: they mean nothing at run time
    if (const auto behind = skip_type_arguments(0)) at_ += *behind;
  }
  TypeName declared;
  if (const auto behind = skip_type(0);
      behind && (at_kind(TokenKind::identifier, *behind) || at_kind(TokenKind::string, *behind)) &&
      !token(*behind).newline_before)
    declared = type();
  if (marks.annotations.size() + marks.words.size() > 0 && !at_kind(TokenKind::identifier) &&
      !at_kind(TokenKind::string)) {
    unexpected("a declaration behind the annotation or modifier");
    return make_statement(first, BadStatement{});
  }
  Name name;
  if (at_kind(TokenKind::string) && at_symbol("(", 1)) {
    name = {token().text, token().span};
    take();
  } else {
    name = expect_name("a name");
  }
  if (at_symbol("(") && (place == Place::script || is_def)) {
    auto made = method(first, std::move(marks), std::move(declared), std::move(name));
    if (auto* method = std::get_if<MethodDeclaration>(&made->node))
      method->constructor = !class_name.empty() && !is_def && method->name.text == class_name &&
                            method->type.name.empty();
    return made;
  }
  return variables(first, std::move(marks), std::move(declared), std::move(name));
}

StatementPtr Parser::variables(const Span& first, Modifiers modifiers, TypeName type, Name name) {
  VariableDeclaration made;
  made.modifiers = std::move(modifiers);
  for (;;) {
    Declarator next;
    next.type = type;
    next.name = std::move(name);
    if (accept_symbol("=")) next.initial = command_expression();
    made.declarators.push_back(std::move(next));
    if (!accept_symbol(",")) break;
    name = expect_name("a variable's name");
  }
  if (at_symbol("{") && same_line() && !made.modifiers.annotations.empty())
    error(first, "an annotation must stand before a declaration",
          fmt::format("write '@{}(...) _' on a line of its own",
                      made.modifiers.annotations.front().name.text));
  return make_statement(first, std::move(made));
}

/// def (a, int b) = values
StatementPtr Parser::multiple_variables(const Span& first, Modifiers modifiers) {
  VariableDeclaration made;
  made.modifiers = std::move(modifiers);
  made.multiple = true;
  const auto opening = take().span;
  do {
    Declarator next;
    const auto behind = skip_type(0);
    if (behind && at_kind(TokenKind::identifier, *behind)) next.type = type();
    next.name = expect_name("a variable's name");
    made.declarators.push_back(std::move(next));
  } while (accept_symbol(","));
  close(")", opening);
  if (expect_symbol("=", "behind the variables")) made.initial = command_expression();
  return make_statement(first, std::move(made));
}

StatementPtr Parser::method(const Span& first, Modifiers modifiers, TypeName type, Name name) {
  MethodDeclaration made;
  made.modifiers = std::move(modifiers);
  made.type = std::move(type);
  made.name = std::move(name);
  const auto opening = take().span;
  {
    const Newlines newlines(*this, false);
    made.parameters = parameters(")");
    close(")", opening);
  }
  if (accept_keyword("throws")) made.throws = types("an exception's type");
  if (accept_keyword("default")) command_expression();  // of an annotation's element
  if (at_symbol("{")) made.body = block();
  return make_statement(first, std::move(made));
}

std::vector<Parameter> Parser::parameters(std::string_view closing) {
  std::vector<Parameter> list;
  while (!at_symbol(closing) && !at_closing()) {
    list.push_back(parameter());
    if (!accept_symbol(",")) break;
  }
  return list;
}

Parameter Parser::parameter() {
  Parameter made;
  auto marks = modifiers();
  made.annotations = std::move(marks.annotations);
  accept_keyword("def");
  const auto behind = skip_type(0);
  if (behind && (at_kind(TokenKind::identifier, *behind) || at_symbol("...", *behind)))
    made.type = type();
  made.variadic = accept_symbol("...");
  made.name = expect_name("a parameter's name");
  if (accept_symbol("=")) made.initial = expression();
  return made;
}

StatementPtr Parser::import(const Span& first, Modifiers modifiers) {
  if (take().word == "package") {
    auto path = dotted_name("the package's name");
    return make_statement(first, Package{std::move(modifiers), std::move(path)});
  }
  Import made;
  made.annotations = std::move(modifiers.annotations);
  made.is_static = accept_keyword("static");
  made.path = dotted_name("what to import");
  if (at_symbol(".") && at_symbol("*", 1)) {
    take();
    take();
    made.everything = true;
  }
  if (accept_keyword("as")) made.alias = expect_name("a name behind 'as'");
  return make_statement(first, std::move(made));
}

}  // namespace cupel::pipeline::syntax
