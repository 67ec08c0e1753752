// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "base/text.hpp"
#include "pipeline/syntax/descent.hpp"

namespace cupel::pipeline::syntax {

ExpressionPtr Parser::primary() {
  const Level level(*this);
  const auto first = token().span;
  switch (token().kind) {
    case TokenKind::identifier: {
      const auto word = take().word;
      return make(first, Variable{std::string(word)});
    }
    case TokenKind::keyword:
      return keyword_primary();
    case TokenKind::integer:
    case TokenKind::decimal:
      return number();
    case TokenKind::string:
      return string();
    case TokenKind::gstring_begin:
      return gstring();
    case TokenKind::symbol:
      if (at_symbol("(")) return parenthesised();
      if (at_symbol("[")) return list_or_map();
      if (at_symbol("{")) return closure();
      if (at_symbol("@")) {
        take();
        error(first, "an annotation cannot stand here");
        return bad();
      }
      break;
    default:
      break;
  }
  unexpected("an expression");
  return bad();
}

ExpressionPtr Parser::keyword_primary() {
  const auto first = token().span;
  const auto word = token().word;
  if (word == "new") return creation();
  const auto literal = [&](Expression::Node node) {
    take();
    return make(first, std::move(node));
  };
  if (word == "null") return literal(NullLiteral{});
  if (word == "true") return literal(BooleanLiteral{true});
  if (word == "false") return literal(BooleanLiteral{false});
  if (word == "this") return literal(This{});
  if (word == "super") return literal(Super{});
  if (const auto behind = skip_type(0)) {  // int.class, int[]
    auto named = type();
    for (std::uint32_t i = 0; i < named.dimensions; ++i) named.name += "[]";
    return make(first, Variable{std::move(named.name)});
  }
  unexpected("an expression");
  return bad();
}

ExpressionPtr Parser::number() {
  const auto taken = take();
  if (taken.kind == TokenKind::decimal) {
    using Width = DecimalLiteral::Width;
    const auto width = taken.suffix == 'f'   ? Width::float_
                       : taken.suffix == 'd' ? Width::double_
                                             : Width::big_decimal;
    return make(taken.span, DecimalLiteral{width, taken.text});
  }
  using Width = IntegerLiteral::Width;
  IntegerLiteral made;
  made.digits = taken.text;
  const auto* end = taken.text.data() + taken.text.size();
  const auto [stop, failure] = std::from_chars(taken.text.data(), end, made.value);
  constexpr std::uint64_t largest_int = (1ULL << 31U) - 1;
  constexpr std::uint64_t largest_long = (1ULL << 63U) - 1;
  // -2147483648 and -9223372036854775808 are written as a minus before one more than the largest.
  const bool negative = at_ >= 2 && tokens_[at_ - 2].word == "-";
  const std::uint64_t more = negative ? 1 : 0;
  const bool big = failure != std::errc{} || made.value > largest_long + more;
  if (taken.suffix == 'g' || (big && taken.suffix == 0))
    made.width = Width::big;
  else if (big || (taken.suffix == 'i' && made.value > largest_int + more))
    error(taken.span,
          fmt::format("number does not fit into {}", taken.suffix == 'i' ? "an int" : "a long"));
  else if (taken.suffix == 'l' || made.value > largest_int + more)
    made.width = Width::long_integer;
  return make(taken.span, std::move(made));
}

ExpressionPtr Parser::string() {
  const auto& taken = take();
  return make(taken.span, StringLiteral{taken.text});
}

ExpressionPtr Parser::gstring() {
  const auto first = take().span;
  GString made;
  for (;;) {
    if (at_kind(TokenKind::gstring_text)) {
      const auto& part = take();
      if (made.texts.size() > made.values.size())
        made.texts.back() += part.text;
      else
        made.texts.push_back(part.text);
    } else if (at_kind(TokenKind::gstring_path)) {
      made.values.push_back(interpolated_path());
    } else if (at_kind(TokenKind::interpolation_begin)) {
      made.values.push_back(interpolated_block());
    } else {
      break;
    }
  }
  if (made.texts.size() == made.values.size()) made.texts.emplace_back();
  if (at_kind(TokenKind::gstring_end))
    take();
  else
    unexpected("the end of the string");
  return make(first, std::move(made));
}

/// $a.b
ExpressionPtr Parser::interpolated_path() {
  const auto taken = take();
  ExpressionPtr value;
  for (const auto& word : split(taken.word.substr(1), '.')) {
    if (!value && word == "this")
      value = make(taken.span, This{});
    else if (!value)
      value = make(taken.span, Variable{word});
    else {
      Property next;
      next.receiver = std::move(value);
      next.name = {word, taken.span};
      value = make(taken.span, std::move(next));
    }
  }
  return value;
}

/// ${ ... }
ExpressionPtr Parser::interpolated_block() {
  const Level level(*this);
  const auto first = take().span;
  const bool lazy = accept_symbol("->");
  auto list = statements(Place::block);
  auto* only = list.size() == 1 ? std::get_if<ExpressionStatement>(&list.front()->node) : nullptr;
  ExpressionPtr value;
  if (only != nullptr && !lazy) {
    value = std::move(only->value);
  } else if (list.empty() && !lazy) {
    value = make(first, NullLiteral{});
  } else {
    Closure closure;
    closure.explicit_parameters = true;
    closure.body.statements = std::move(list);
    closure.body.span = since(first);
    value = make(first, std::move(closure));
    // Several statements are a closure that is called at once: its last value is what is printed.
    if (!lazy) value = make(first, ValueCall{std::move(value), {}});
  }
  if (at_kind(TokenKind::interpolation_end))
    take();
  else
    unexpected("'}' to close the '${'");
  return value ? std::move(value) : bad();
}

ExpressionPtr Parser::list_or_map() {
  const auto first = take().span;
  const Newlines newlines(*this, false);
  if (at_symbol(":") && at_symbol("]", 1)) {
    take();
    take();
    return make(first, MapLiteral{});
  }
  auto items = argument_list("]");
  close("]", first);
  const auto is_entry = [](const Argument& item) {
    return item.kind == Argument::Kind::named || item.kind == Argument::Kind::spread_map;
  };
  if (!items.empty() && is_entry(items.front())) {
    for (const auto& item : items)
      if (!is_entry(item)) error(item.span, "a map entry needs a key", "write 'key: value'");
    return make(first, MapLiteral{std::move(items)});
  }
  ListLiteral made;
  for (auto& item : items) {
    if (is_entry(item)) error(item.span, "a list element cannot have a key");
    if (item.kind == Argument::Kind::spread)
      made.elements.push_back(make(item.span, Spread{std::move(item.value)}));
    else
      made.elements.push_back(std::move(item.value));
  }
  return make(first, std::move(made));
}

ExpressionPtr Parser::parenthesised() {
  const auto first = take().span;
  const Newlines newlines(*this, false);
  auto value = command_expression();
  close(")", first);
  value->parenthesised = true;
  value->span = since(first);
  return value;
}

/// "(" type ")" and then something that only an operand can start with.
bool Parser::at_cast() const {
  const auto behind = skip_type(1);
  if (!behind || !at_symbol(")", *behind) || !looks_like_type(1, *behind)) return false;
  const auto next = *behind + 1;
  if (token(next).newline_before && newlines_matter_) return false;
  // (int) -x is a cast, (a) - x is not.
  if (token(1).kind == TokenKind::keyword && (at_symbol("-", next) || at_symbol("+", next)))
    return true;
  return at_operand(next) || at_symbol("(", next) || at_symbol("[", next) || at_symbol("{", next);
}

bool Parser::at_operand(std::size_t ahead) const {
  switch (token(ahead).kind) {
    case TokenKind::identifier:
    case TokenKind::integer:
    case TokenKind::decimal:
    case TokenKind::string:
    case TokenKind::gstring_begin:
      return true;
    case TokenKind::keyword:
      return at_keyword("new", ahead) || at_keyword("this", ahead) || at_keyword("super", ahead) ||
             at_keyword("null", ahead) || at_keyword("true", ahead) || at_keyword("false", ahead);
    case TokenKind::symbol:
      return at_symbol("!", ahead) || at_symbol("~", ahead);
    default:
      return false;
  }
}

ExpressionPtr Parser::cast() {
  const Level level(*this);
  const auto first = take().span;
  auto target = type();
  close(")", first);
  auto value = unary();
  return make(first, Cast{Cast::Form::parenthesised, std::move(target), std::move(value)});
}

ExpressionPtr Parser::creation() {
  const auto first = take().span;
  New made;
  made.type = type();
  if (made.type.dimensions > 0 || at_symbol("["))
    return array_creation(first, std::move(made.type));
  if (!at_symbol("(")) {
    unexpected("'(' behind the class of 'new'");
    return bad();
  }
  const auto opening = take().span;
  {
    const Newlines newlines(*this, false);
    made.arguments.items = argument_list(")");
    close(")", opening);
  }
  if (at_symbol("{") && same_line())
    made.body = std::make_unique<ClassBody>(class_body(ClassDeclaration::Kind::class_, ""));
  return make(first, std::move(made));
}

ExpressionPtr Parser::array_creation(const Span& first, TypeName type) {
  New made;
  made.array = true;
  made.dimensions.resize(std::exchange(type.dimensions, 0));
  made.type = std::move(type);
  while (at_symbol("[") && same_line()) {
    const auto opening = take().span;
    made.dimensions.push_back(at_symbol("]") ? nullptr : expression());
    close("]", opening);
  }
  if (at_symbol("{") && same_line()) {
    const auto opening = take().span;
    const Newlines newlines(*this, false);
    while (!at_symbol("}") && !at_kind(TokenKind::end)) {
      made.elements.push_back(expression());
      if (!accept_symbol(",")) break;
    }
    close("}", opening);
  }
  return make(first, std::move(made));
}

/// Behind the "{": names, types and defaults, up to an arrow on the same line.
bool Parser::at_closure_parameters() const {
  constexpr std::size_t longest = 300;
  int open = 0;
  for (std::size_t i = 1; i < longest; ++i) {
    const auto& next = token(i);
    if (next.kind == TokenKind::end || next.kind == TokenKind::bad) return false;
    if (open == 0 && at_symbol("->", i)) return true;
    if (open == 0 && i > 1 && next.newline_before && !at_symbol(",", i - 1)) return false;
    if (at_symbol(";", i)) return false;
    if (at_symbol("(", i) || at_symbol("[", i) || at_symbol("{", i) ||
        next.kind == TokenKind::interpolation_begin)
      ++open;
    if (at_symbol(")", i) || at_symbol("]", i) || at_symbol("}", i) ||
        next.kind == TokenKind::interpolation_end)
      if (--open < 0) return false;
  }
  return false;
}

ExpressionPtr Parser::closure() {
  const Level level(*this);
  const bool has_parameters = at_closure_parameters();
  const auto first = take().span;
  const Newlines newlines(*this, true);
  Closure made;
  made.explicit_parameters = has_parameters;
  if (has_parameters) {
    made.parameters = parameters("->");
    expect_symbol("->", "behind the closure's parameters");
  }
  made.body.statements = statements(Place::block);
  close("}", first);
  made.body.span = since(first);
  return make(first, std::move(made));
}

}  // namespace cupel::pipeline::syntax
