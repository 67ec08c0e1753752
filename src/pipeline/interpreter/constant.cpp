// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/constant.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace cupel::pipeline {
namespace {

namespace s = syntax;
using Maybe = std::optional<Constant>;

constexpr std::size_t longest_text = 1U << 16;

class Folder {
 public:
  explicit Folder(const Names& names) : names_(names) {}

  Maybe fold(const s::Expression& expression) const {
    if (const auto* text = expression.as<s::StringLiteral>()) return Constant{text->text};
    if (const auto* flag = expression.as<s::BooleanLiteral>()) return Constant{flag->value};
    if (expression.as<s::NullLiteral>()) return Constant{};
    if (const auto* number = expression.as<s::IntegerLiteral>()) return integer(*number);
    if (const auto* text = expression.as<s::GString>()) return gstring(*text);
    if (const auto* list = expression.as<s::ListLiteral>()) return this->list(*list);
    if (const auto* variable = expression.as<s::Variable>()) return names_("", variable->name);
    if (const auto* property = expression.as<s::Property>()) return this->property(*property);
    if (const auto* index = expression.as<s::Index>()) return this->index(*index);
    if (const auto* unary = expression.as<s::Unary>()) return this->unary(*unary);
    if (const auto* binary = expression.as<s::Binary>()) return this->binary(*binary);
    if (const auto* call = expression.as<s::Call>()) return this->call(*call);
    if (const auto* choice = expression.as<s::Ternary>()) {
      const auto condition = fold(*choice->condition);
      if (!condition) return std::nullopt;
      return fold(condition->is_true() ? *choice->yes : *choice->no);
    }
    if (const auto* elvis = expression.as<s::Elvis>()) {
      auto value = fold(*elvis->value);
      if (!value || value->is_true()) return value;
      return fold(*elvis->otherwise);
    }
    return std::nullopt;
  }

 private:
  static Maybe integer(const s::IntegerLiteral& number) {
    if (number.width == s::IntegerLiteral::Width::big || number.value > INT64_MAX)
      return std::nullopt;
    return Constant{static_cast<std::int64_t>(number.value)};
  }

  Maybe gstring(const s::GString& string) const {
    std::string whole;
    for (std::size_t i = 0; i < string.texts.size(); ++i) {
      whole += string.texts[i];
      if (i >= string.values.size()) continue;
      const auto value = fold(*string.values[i]);
      if (!value) return std::nullopt;
      whole += value->text();
      if (whole.size() > longest_text) return std::nullopt;
    }
    return Constant{std::move(whole)};
  }

  Maybe list(const s::ListLiteral& literal) const {
    std::vector<Constant> elements;
    for (const auto& element : literal.elements) {
      auto value = fold(*element);
      if (!value) return std::nullopt;
      elements.push_back(std::move(*value));
    }
    return Constant{std::move(elements)};
  }

  Maybe of(const s::Expression& receiver, std::string_view name) const {
    const auto* variable = receiver.as<s::Variable>();
    if (!variable || (variable->name != "env" && variable->name != "params")) return std::nullopt;
    return names_(variable->name, name);
  }

  Maybe property(const s::Property& property) const {
    if (property.computed_name || property.attribute) return std::nullopt;
    return of(*property.receiver, property.name.text);
  }

  Maybe index(const s::Index& index) const {
    if (index.arguments.size() != 1) return std::nullopt;
    const auto key = fold(*index.arguments[0].value);
    return key ? of(*index.receiver, key->text()) : std::nullopt;
  }

  Maybe unary(const s::Unary& unary) const {
    const auto value = fold(*unary.operand);
    if (!value) return std::nullopt;
    if (unary.op == s::UnaryOperator::negate) return Constant{!value->is_true()};
    const auto* number = std::get_if<std::int64_t>(&value->value);
    if (unary.op == s::UnaryOperator::minus && number && *number != INT64_MIN)
      return Constant{-*number};
    return std::nullopt;
  }

  Maybe binary(const s::Binary& binary) const {
    using Op = s::BinaryOperator;
    const auto left = fold(*binary.left);
    // One side is enough where it decides.
    if (binary.op == Op::and_ || binary.op == Op::or_) {
      const bool decides = binary.op == Op::or_;
      if (left && left->is_true() == decides) return Constant{decides};
      const auto right = fold(*binary.right);
      if (right && right->is_true() == decides && left) return Constant{decides};
      return left && right ? Maybe(Constant{right->is_true()}) : std::nullopt;
    }
    const auto right = fold(*binary.right);
    if (!left || !right) return std::nullopt;
    if (binary.op == Op::equal) return Constant{*left == *right};
    if (binary.op == Op::not_equal) return Constant{*left != *right};
    if (binary.op == Op::in || binary.op == Op::not_in) {
      const auto* list = std::get_if<std::vector<Constant>>(&right->value);
      if (!list) return std::nullopt;
      const bool found = std::find(list->begin(), list->end(), *left) != list->end();
      return Constant{found == (binary.op == Op::in)};
    }
    const auto* text = std::get_if<std::string>(&left->value);
    if (binary.op == Op::add && text && text->size() < longest_text)
      return Constant{*text + right->text()};
    return compared(binary.op, *left, *right);
  }

  static Maybe compared(s::BinaryOperator op, const Constant& left, const Constant& right) {
    using Op = s::BinaryOperator;
    const auto* a = std::get_if<std::int64_t>(&left.value);
    const auto* b = std::get_if<std::int64_t>(&right.value);
    if (!a || !b) return std::nullopt;
    if (op == Op::less) return Constant{*a < *b};
    if (op == Op::less_equal) return Constant{*a <= *b};
    if (op == Op::greater) return Constant{*a > *b};
    if (op == Op::greater_equal) return Constant{*a >= *b};
    return std::nullopt;
  }

  Maybe call(const s::Call& call) const {
    if (!call.receiver || call.computed_name || call.arguments.items.size() > 1)
      return std::nullopt;
    const auto receiver = fold(*call.receiver);
    if (!receiver) return std::nullopt;
    if (call.access == s::Access::safe && receiver->value.index() == 0) return Constant{};
    const auto* text = std::get_if<std::string>(&receiver->value);
    const auto* flag = std::get_if<bool>(&receiver->value);
    const auto& name = call.name.text;
    if (call.arguments.items.empty()) {
      if (name == "toString") return Constant{receiver->text()};
      if (name == "toBoolean" && flag) return Constant{*flag};
      return text ? method(*text, name) : std::nullopt;
    }
    const auto& item = call.arguments.items[0];
    const auto argument =
        item.kind == s::Argument::Kind::positional ? fold(*item.value) : std::nullopt;
    if (!argument) return std::nullopt;
    if (name == "equals") return Constant{*receiver == *argument};
    if (const auto* list = std::get_if<std::vector<Constant>>(&receiver->value)) {
      if (name != "contains") return std::nullopt;
      return Constant{std::find(list->begin(), list->end(), *argument) != list->end()};
    }
    const auto* other = std::get_if<std::string>(&argument->value);
    return text && other ? method(*text, name, *other) : std::nullopt;
  }

  static Maybe method(const std::string& text, const std::string& name) {
    if (name == "trim") return Constant{std::string(trim(text))};
    if (name == "toLowerCase") return Constant{lower(text)};
    if (name == "isEmpty") return Constant{text.empty()};
    if (name == "toBoolean") {
      const auto word = lower(trim(text));
      return Constant{word == "true" || word == "y" || word == "1"};
    }
    return std::nullopt;
  }

  static Maybe method(const std::string& text, const std::string& name, const std::string& other) {
    if (name == "startsWith") return Constant{text.starts_with(other)};
    if (name == "endsWith") return Constant{text.ends_with(other)};
    if (name == "contains") return Constant{text.find(other) != std::string::npos};
    if (name == "equalsIgnoreCase") return Constant{lower(text) == lower(other)};
    return std::nullopt;
  }

  const Names& names_;
};

}  // namespace

bool Constant::is_true() const {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag;
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number != 0;
  if (const auto* text = std::get_if<std::string>(&value)) return !text->empty();
  if (const auto* list = std::get_if<std::vector<Constant>>(&value)) return !list->empty();
  return false;
}

std::string Constant::text() const {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* list = std::get_if<std::vector<Constant>>(&value)) {
    std::string whole = "[";
    for (const auto& one : *list) whole += (whole.size() > 1 ? ", " : "") + one.text();
    return whole + "]";
  }
  return "null";
}

std::optional<Constant> constant(const syntax::Expression& expression, const Names& names) {
  return Folder(names).fold(expression);
}

std::optional<Constant> constant(const syntax::Block& block, const Names& names) {
  if (block.statements.size() != 1) return std::nullopt;
  const auto& only = *block.statements[0];
  if (const auto* expression = only.as<syntax::ExpressionStatement>())
    return constant(*expression->value, names);
  const auto* returned = only.as<syntax::Return>();
  return returned && returned->value ? constant(*returned->value, names) : std::nullopt;
}

}  // namespace cupel::pipeline
