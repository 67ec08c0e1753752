// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "pipeline/syntax/descent.hpp"

namespace cupel::pipeline::syntax {

bool Parser::at_class() const {
  if (at_symbol("@") && at_keyword("interface", 1)) return true;
  if (at_kind(TokenKind::identifier) && token().word == "trait")
    return at_kind(TokenKind::identifier, 1) && same_line(1) &&
           (at_symbol("{", 2) || at_symbol("<", 2) || at_keyword("extends", 2) ||
            at_keyword("implements", 2));
  return at_keyword("class") || at_keyword("interface") || at_keyword("enum");
}

StatementPtr Parser::class_declaration(const Span& first, Modifiers modifiers) {
  using Kind = ClassDeclaration::Kind;
  ClassDeclaration made;
  made.modifiers = std::move(modifiers);
  if (accept_symbol("@")) made.kind = Kind::annotation_;
  const auto word = take().word;
  if (made.kind != Kind::annotation_)
    made.kind = word == "class"       ? Kind::class_
                : word == "interface" ? Kind::interface_
                : word == "enum"      ? Kind::enum_
                                      : Kind::trait_;
  made.name = expect_name("the class's name");
  if (at_symbol("<")) {
    take();
    do {
      made.type_parameters.push_back(type());
      while (accept_keyword("extends") || accept_symbol("&")) type();  // a bound, not kept
    } while (accept_symbol(","));
    close_type_arguments();
  }
  if (accept_keyword("extends")) {
    if (made.kind == Kind::interface_)
      made.interfaces = types("an interface");
    else
      made.base = type();
  }
  if (accept_keyword("implements")) made.interfaces = types("an interface");
  made.body = class_body(made.kind, made.name.text);
  return make_statement(first, std::move(made));
}

ClassBody Parser::class_body(ClassDeclaration::Kind kind, std::string_view class_name) {
  ClassBody made;
  const Level level(*this);
  const Newlines newlines(*this, true);
  const auto opening = token().span;
  if (!expect_symbol("{", "to start the class's body")) return made;
  if (kind == ClassDeclaration::Kind::enum_) enum_constants(made);
  for (;;) {
    while (accept_symbol(";")) {
    }
    if (at_closing()) break;
    const auto start = at_;
    const auto first = token().span;
    if (at_symbol("{")) {
      auto inner = block();
      made.members.push_back(make_statement(first, BlockStatement{std::move(inner)}));
    } else if (at_keyword("static") && at_symbol("{", 1)) {
      take();
      auto inner = block();
      made.members.push_back(make_statement(first, StaticBlock{std::move(inner)}));
    } else {
      made.members.push_back(declaration(Place::script, class_name));
      end_of_statement();
    }
    if (panic_) recover(start);
  }
  close("}", opening);
  made.span = since(opening);
  return made;
}

void Parser::enum_constants(ClassBody& body) {
  while (at_kind(TokenKind::identifier) &&
         (at_symbol(",", 1) || at_symbol("(", 1) || at_symbol(";", 1) || at_symbol("}", 1) ||
          at_symbol("{", 1) || token(1).newline_before)) {
    EnumConstant made;
    made.name = name_of(take());
    if (at_symbol("(")) {
      const auto opening = take().span;
      made.arguments = argument_list(")");
      close(")", opening);
    }
    if (at_symbol("{"))
      made.body = std::make_unique<ClassBody>(class_body(ClassDeclaration::Kind::class_, ""));
    body.constants.push_back(std::move(made));
    if (!accept_symbol(",")) return;
  }
}

}  // namespace cupel::pipeline::syntax
