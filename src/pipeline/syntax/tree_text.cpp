// SPDX-License-Identifier: Apache-2.0
#include "pipeline/syntax/tree_text.hpp"

#include <fmt/format.h>

namespace cupel::pipeline::syntax {

namespace {

std::string text(const ExpressionPtr& part) { return part ? tree_text(*part) : "-"; }
std::string text(const StatementPtr& part);
std::string text(const TypeName& type);
std::string text(const Argument& argument);
std::string text(const Parameter& parameter);

template <typename Parts>
std::string all(const Parts& parts) {
  std::string result;
  for (const auto& part : parts) result += " " + text(part);
  return result;
}

std::string text(const TypeName& type) {
  auto result = type.name.empty() ? "def" : type.name;
  if (!type.arguments.empty()) result += "<" + all(type.arguments).substr(1) + ">";
  for (std::uint32_t i = 0; i < type.dimensions; ++i) result += "[]";
  return result;
}

std::string text(const Block& block) { return "{" + all(block.statements) + " }"; }

std::string text(const Argument& argument) {
  switch (argument.kind) {
    case Argument::Kind::positional:
      return text(argument.value);
    case Argument::Kind::named:
      return text(argument.key) + ":" + text(argument.value);
    case Argument::Kind::spread:
      return "*" + text(argument.value);
    case Argument::Kind::spread_map:
      return "*:" + text(argument.value);
  }
  return {};
}

std::string text(const Parameter& parameter) {
  auto result = text(parameter.type) + (parameter.variadic ? "... " : " ") + parameter.name.text;
  return parameter.initial ? "(" + result + " = " + text(parameter.initial) + ")"
                           : "(" + result + ")";
}

std::string text(const Modifiers& modifiers) {
  std::string result;
  for (const auto& annotation : modifiers.annotations)
    result += "@" + annotation.name.text + "[" + all(annotation.arguments) + " ] ";
  for (const auto& word : modifiers.words) result += word.text + " ";
  return result;
}

std::string_view access_text(Access access) {
  return access == Access::safe ? "?." : access == Access::spread ? "*." : ".";
}

std::string name_text(const Name& name, const ExpressionPtr& computed) {
  return computed ? text(computed) : name.text;
}

struct ShowExpression {
  std::string operator()(const BadExpression&) const { return "BAD"; }
  std::string operator()(const NullLiteral&) const { return "null"; }
  std::string operator()(const BooleanLiteral& x) const { return x.value ? "true" : "false"; }
  std::string operator()(const IntegerLiteral& x) const {
    constexpr std::string_view marks[]{"", "L", "G"};
    return x.digits + std::string(marks[static_cast<std::size_t>(x.width)]);
  }
  std::string operator()(const DecimalLiteral& x) const {
    constexpr std::string_view marks[]{"", "f", "d"};
    return x.text + std::string(marks[static_cast<std::size_t>(x.width)]);
  }
  std::string operator()(const StringLiteral& x) const { return "'" + x.text + "'"; }
  std::string operator()(const GString& x) const {
    std::string result = "\"" + x.texts.front();
    for (std::size_t i = 0; i < x.values.size(); ++i)
      result += "${" + text(x.values[i]) + "}" + x.texts[i + 1];
    return result + "\"";
  }
  std::string operator()(const ListLiteral& x) const { return "[" + all(x.elements) + " ]"; }
  std::string operator()(const MapLiteral& x) const { return "[:" + all(x.entries) + " ]"; }
  std::string operator()(const Range& x) const {
    return fmt::format("({}..{} {} {})", x.excludes_from ? "<" : "", x.excludes_to ? "<" : "",
                       text(x.from), text(x.to));
  }
  std::string operator()(const Closure& x) const {
    auto result = std::string("{") + all(x.parameters);
    if (x.explicit_parameters) result += " ->";
    return result + all(x.body.statements) + " }";
  }
  std::string operator()(const Variable& x) const { return x.name; }
  std::string operator()(const This&) const { return "this"; }
  std::string operator()(const Super&) const { return "super"; }
  std::string operator()(const Property& x) const {
    return text(x.receiver) + std::string(access_text(x.access)) + (x.attribute ? "@" : "") +
           name_text(x.name, x.computed_name);
  }
  std::string operator()(const Index& x) const {
    return "(index " + text(x.receiver) + all(x.arguments) + ")";
  }
  std::string operator()(const Call& x) const {
    const auto receiver = x.receiver ? text(x.receiver) + std::string(access_text(x.access)) : "";
    return fmt::format("(call {}{}{}{})", receiver, name_text(x.name, x.computed_name),
                       all(x.arguments.items), std::string(x.arguments.trailing_closures, '^'));
  }
  std::string operator()(const ValueCall& x) const {
    return "(call-value " + text(x.callee) + all(x.arguments.items) + ")";
  }
  std::string operator()(const MethodPointer& x) const {
    return "(& " + text(x.receiver) + " " + name_text(x.name, x.computed_name) + ")";
  }
  std::string operator()(const New& x) const {
    return fmt::format("(new {}{}{}{}{})", text(x.type), all(x.arguments.items),
                       x.array ? " array" : "", all(x.dimensions), all(x.elements));
  }
  std::string operator()(const Unary& x) const {
    return fmt::format("({} {})", symbol(x.op), text(x.operand));
  }
  std::string operator()(const Increment& x) const {
    const auto* mark = x.step > 0 ? "++" : "--";
    return x.form == Increment::Form::before ? mark + text(x.target) : text(x.target) + mark;
  }
  std::string operator()(const Binary& x) const {
    return fmt::format("({} {} {})", symbol(x.op), text(x.left), text(x.right));
  }
  std::string operator()(const Ternary& x) const {
    return fmt::format("(? {} {} {})", text(x.condition), text(x.yes), text(x.no));
  }
  std::string operator()(const Elvis& x) const {
    return fmt::format("(?: {} {})", text(x.value), text(x.otherwise));
  }
  std::string operator()(const Assignment& x) const {
    return fmt::format("({}{}= {} {})", x.elvis ? "?" : "", x.op ? symbol(*x.op) : "",
                       text(x.target), text(x.value));
  }
  std::string operator()(const InstanceOf& x) const {
    return fmt::format("({}instanceof {} {})", x.negated ? "!" : "", text(x.value), text(x.type));
  }
  std::string operator()(const Cast& x) const {
    return fmt::format("({} {} {})", x.form == Cast::Form::as ? "as" : "cast", text(x.type),
                       text(x.value));
  }
  std::string operator()(const Spread& x) const { return "*" + text(x.value); }
};

std::string text(const Declarator& x) {
  return fmt::format(" ({} {} {})", text(x.type), x.name.text, text(x.initial));
}

struct ShowStatement {
  std::string operator()(const BadStatement&) const { return "BAD"; }
  std::string operator()(const ExpressionStatement& x) const { return text(x.value); }
  std::string operator()(const VariableDeclaration& x) const {
    auto result = "(" + text(x.modifiers) + (x.multiple ? "var*" : "var");
    for (const auto& declarator : x.declarators) result += text(declarator);
    return result + (x.initial ? " " + text(x.initial) : "") + ")";
  }
  std::string operator()(const BlockStatement& x) const { return text(x.block); }
  std::string operator()(const If& x) const {
    return fmt::format("(if {} {} {})", text(x.condition), text(x.yes), text(x.no));
  }
  std::string operator()(const While& x) const {
    return fmt::format("(while {} {})", text(x.condition), text(x.body));
  }
  std::string operator()(const DoWhile& x) const {
    return fmt::format("(do {} {})", text(x.body), text(x.condition));
  }
  std::string operator()(const For& x) const {
    return fmt::format("(for [{} ] {} [{} ] {})", all(x.initial), text(x.condition), all(x.updates),
                       text(x.body));
  }
  std::string operator()(const ForIn& x) const {
    return fmt::format("(for-in {} {} {})", text(x.variable), text(x.values), text(x.body));
  }
  std::string operator()(const Switch& x) const {
    auto result = "(switch " + text(x.subject);
    for (const auto& one : x.cases)
      result += fmt::format(" (case {}{})", text(one.value), all(one.statements));
    return result + ")";
  }
  std::string operator()(const Try& x) const {
    auto result = "(try" + all(x.resources) + " " + text(x.body);
    for (const auto& one : x.catches)
      result += fmt::format(" (catch{} {} {})", all(one.types), one.name.text, text(one.body));
    return result + (x.finally ? " (finally " + text(*x.finally) + ")" : "") + ")";
  }
  std::string operator()(const Throw& x) const { return "(throw " + text(x.value) + ")"; }
  std::string operator()(const Return& x) const { return "(return " + text(x.value) + ")"; }
  std::string operator()(const Break& x) const { return "(break " + x.label.text + ")"; }
  std::string operator()(const Continue& x) const { return "(continue " + x.label.text + ")"; }
  std::string operator()(const Assert& x) const {
    return fmt::format("(assert {} {})", text(x.condition), text(x.message));
  }
  std::string operator()(const Labeled& x) const {
    return fmt::format("({}: {})", x.label.text, text(x.statement));
  }
  std::string operator()(const Synchronized& x) const {
    return fmt::format("(sync {} {})", text(x.lock), text(x.body));
  }
  std::string operator()(const Import& x) const {
    return fmt::format("(import {}{}{} {})", x.is_static ? "static " : "", x.path.text,
                       x.everything ? ".*" : "", x.alias.text);
  }
  std::string operator()(const Package& x) const { return "(package " + x.path.text + ")"; }
  std::string operator()(const MethodDeclaration& x) const {
    return fmt::format("({}{} {} {}{} {})", text(x.modifiers),
                       x.constructor ? "constructor" : "method", text(x.type), x.name.text,
                       all(x.parameters), x.body ? text(*x.body) : "-");
  }
  std::string operator()(const ClassDeclaration& x) const {
    std::string constants;
    for (const auto& one : x.body.constants) constants += " " + one.name.text + all(one.arguments);
    return fmt::format("({}class {} {}{} [{} ]{})", text(x.modifiers), x.name.text, text(x.base),
                       all(x.interfaces), constants, all(x.body.members));
  }
  std::string operator()(const StaticBlock& x) const { return "(static " + text(x.block) + ")"; }
};

std::string text(const StatementPtr& part) {
  return part ? std::visit(ShowStatement{}, part->node) : "-";
}

}  // namespace

std::string tree_text(const Expression& expression) {
  return std::visit(ShowExpression{}, expression.node);
}

std::string tree_text(const Script& script) {
  std::string result;
  for (const auto& statement : script.statements) result += text(statement) + "\n";
  return result;
}

}  // namespace cupel::pipeline::syntax
