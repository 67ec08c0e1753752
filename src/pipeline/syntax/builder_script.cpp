// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "pipeline/syntax/builder.hpp"
#include "pipeline/syntax/children.hpp"
#include "pipeline/syntax/describable.hpp"

namespace cupel::pipeline::syntax {

namespace {

/// What every script can call beside steps: methods of Script and Object.
constexpr auto always_there = std::to_array<std::string_view>(
    {"any",        "collect", "dump",       "each",        "equals",      "every",       "evaluate",
     "find",       "findAll", "getBinding", "getClass",    "hashCode",    "identity",    "inspect",
     "iterator",   "load",    "library",    "node",        "notify",      "parallel",    "pipeline",
     "print",      "printf",  "println",    "properties",  "resolve",     "run",         "script",
     "setBinding", "sprintf", "stage",      "tap",         "toString",    "use",         "with",
     "this",       "super",   "call",       "getProperty", "setProperty", "invokeMethod"});

/// Methods whose closures look names up where they were written.
constexpr auto plain_closures = std::to_array<std::string_view>(
    {"any",    "collect",   "collectEntries", "collectMany",   "count",
     "downto", "each",      "eachLine",       "eachWithIndex", "every",
     "find",   "findAll",   "groupBy",        "inject",        "max",
     "min",    "removeAll", "sort",           "step",          "sum",
     "times",  "toSorted",  "unique",         "upto"});

template <std::size_t size>
bool among(const std::array<std::string_view, size>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

/// The names that code declares anywhere (variables, parameters, methods, fields, what is
/// assigned), and whether it loads a library: library 'x', library(identifier: ...), load
/// 'x.groovy'.
class DeclaredNames final : public Children {
 public:
  explicit DeclaredNames(std::set<std::string, std::less<>>& names) : names_(names) {}
  bool loads = false;

  void child(const Statement& statement) override {
    if (const auto* method = statement.as<MethodDeclaration>()) {
      names_.insert(method->name.text);
      parameters(method->parameters);
    } else if (const auto* declared = statement.as<VariableDeclaration>()) {
      for (const auto& one : declared->declarators) names_.insert(one.name.text);
    } else if (const auto* loop = statement.as<ForIn>()) {
      names_.insert(loop->variable.name.text);
    } else if (const auto* import = statement.as<Import>()) {
      const auto dot = import->path.text.rfind('.');
      names_.insert(import->alias.text.empty() ? import->path.text.substr(dot + 1)
                                               : import->alias.text);
    } else if (const auto* type = statement.as<ClassDeclaration>()) {
      names_.insert(type->name.text);
    }
    show_children(statement.node, *this);
  }

  void child(const Expression& expression) override {
    if (const auto* closure = expression.as<Closure>()) {
      parameters(closure->parameters);
    } else if (const auto* assignment = expression.as<Assignment>()) {
      if (const auto* target = assignment->target->as<Variable>()) names_.insert(target->name);
    } else if (const auto* call = expression.as<Call>()) {
      const auto& name = call->name.text;
      loads = loads || (!call->receiver && (name == "library" || name == "load"));
    }
    show_children(expression.node, *this);
  }

 private:
  void parameters(const std::vector<Parameter>& list) {
    for (const auto& one : list) names_.insert(one.name.text);
  }
  std::set<std::string, std::less<>>& names_;
};

std::span<const Annotation> annotations_of(const Statement& statement) {
  if (const auto* import = statement.as<Import>()) return import->annotations;
  if (const auto* method = statement.as<MethodDeclaration>()) return method->modifiers.annotations;
  if (const auto* declared = statement.as<VariableDeclaration>())
    return declared->modifiers.annotations;
  if (const auto* type = statement.as<ClassDeclaration>()) return type->modifiers.annotations;
  return {};
}

}  // namespace

namespace {

/// Code that tries whether a step is there.
bool expects_missing_methods(const Try& attempt) {
  return std::ranges::any_of(attempt.catches, [](const Catch& one) {
    return std::ranges::any_of(one.types, [](const TypeName& type) {
      return type.name == "Throwable" || type.name.ends_with("Error") ||
             type.name.ends_with("MissingMethodException");
    });
  });
}

}  // namespace

/// Walks code. `certain`: a call without a receiver can only be one of the script's own, or a step.
class PipelineBuilder::ScriptWalk final : public Children {
 public:
  explicit ScriptWalk(PipelineBuilder& builder) : builder_(builder) {}

  void child(const Statement& statement) override {
    if (statement.as<ClassDeclaration>() != nullptr) return;
    const bool was = certain_;
    const auto* attempt = statement.as<Try>();
    if (attempt != nullptr && expects_missing_methods(*attempt)) certain_ = false;
    show_children(statement.node, *this);
    certain_ = was;
  }

  void child(const Expression& expression) override {
    const auto* call = expression.as<Call>();
    if (call == nullptr) {
      // A closure that is kept: who calls it may give it a delegate.
      const bool was = certain_;
      if (expression.as<Closure>() != nullptr && !passed_) certain_ = false;
      passed_ = false;
      show_children(expression.node, *this);
      certain_ = was;
      return;
    }
    const bool own = !call->receiver && !call->computed_name;
    if (own && certain_ && builder_.takes_over(*directive_of(expression))) return;
    if (own && !certain_) builder_.may_declare(call->name.text);
    if (own && certain_) builder_.script_call(*directive_of(expression));
    const bool plain = own ? !builder_.declared_.contains(call->name.text) &&
                                 call->name.text != "with" && call->name.text != "tap"
                           : among(plain_closures, call->name.text);
    if (call->receiver) child(*call->receiver);
    if (call->computed_name) child(*call->computed_name);
    for (const auto& argument : call->arguments.items) {
      if (argument.key) child(*argument.key);
      passed_ = plain && argument.value->as<Closure>() != nullptr;
      child(*argument.value);
      passed_ = false;
    }
  }

 private:
  PipelineBuilder& builder_;
  bool certain_ = true;
  bool passed_ = false;  // the closure that comes next is passed to something that just calls it
};

void PipelineBuilder::declare(const Script& script) {
  DeclaredNames names(declared_);
  for (const auto& statement : script.statements) {
    names.child(*statement);
    for (const auto& annotation : annotations_of(*statement)) {
      if (annotation.name.text == "Library") has_libraries_ = true;
      if (annotation.name.text.starts_with("Grab"))
        error(annotation.span, "'@Grab' is refused: a pipeline must not fetch code by itself");
    }
  }
  has_libraries_ = has_libraries_ || names.loads;
}

void PipelineBuilder::script_statement(const Statement& statement) {
  ScriptWalk(*this).child(statement);
}

void PipelineBuilder::script_block(const Block& block) {
  ScriptWalk walk(*this);
  for (const auto& statement : block.statements) walk.child(*statement);
}

void PipelineBuilder::script_value(const Expression& value) { ScriptWalk(*this).child(value); }
void PipelineBuilder::may_declare(std::string_view name) {
  if (name == "properties" || name == "pipeline") job_.open = true;
}

bool PipelineBuilder::takes_over(const Directive& directive) {
  if (declared_.contains(directive.name)) return false;
  if (directive.name == "properties") return properties(directive);
  if (directive.name != "pipeline" || directive.only_block() == nullptr) return false;
  job_.open = true;
  static_cast<void>(pipeline(directive));  // its mistakes; the model is made when it is reached
  return true;
}

void PipelineBuilder::script_call(const Directive& directive) {
  if (declared_.contains(directive.name)) return;
  const auto* signature = find_step(directive.name);
  if (signature != nullptr) {
    script_arguments(directive, *signature);
    if (signature->name == "withCredentials") credential_bindings(directive);
  } else if (find_describable(directive.name) == nullptr && !among(always_there, directive.name) &&
             directive.name != "$" && !(directive.name[0] >= 'A' && directive.name[0] <= 'Z')) {
    unknown_step(directive);
  }
}

/// Only what cannot be right: values and maps are made at run time.
void PipelineBuilder::script_arguments(const Directive& directive, const StepSignature& signature) {
  const auto given = directive.arguments();
  const bool named = std::ranges::any_of(
      given, [](const Argument* one) { return one->kind == Argument::Kind::named; });
  const bool literal = std::ranges::all_of(given, [](const Argument* one) {
    return one->kind == Argument::Kind::named ||
           (one->kind == Argument::Kind::positional &&
            (one->value->as<StringLiteral>() != nullptr || one->value->as<GString>() != nullptr));
  });
  const bool body = directive.call->arguments.trailing_closures > 0;
  if (body && !signature.takes_body && may_be_of_library()) return;
  if (body && !signature.takes_body)
    return error(directive.name_span, fmt::format("the step '{}' takes no block", directive.name));
  const bool open = std::ranges::any_of(signature.parameters, [](const auto& one) {
    return one.kind == ParameterKind::map && one.required;
  });
  if (literal && !open && (named || given.size() <= 1)) arguments(directive, signature);
}

}  // namespace cupel::pipeline::syntax
