// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "pipeline/interpreter/interpreter.hpp"

namespace cupel::pipeline {
namespace {

void add_texts(const syntax::Expression& value, std::vector<std::string>& texts) {
  if (const auto* one = value.as<syntax::StringLiteral>()) texts.push_back(one->text);
  if (const auto* many = value.as<syntax::ListLiteral>())
    for (const auto& item : many->elements) add_texts(*item, texts);
}

/// name = value, or name: value
void read_argument(const syntax::Argument& argument, Generated& asked) {
  std::string name;
  const auto* value = argument.value.get();
  if (const auto* key = argument.key ? argument.key->as<syntax::StringLiteral>() : nullptr)
    name = key->text;
  if (const auto* assignment = value->as<syntax::Assignment>()) {
    if (const auto* target = assignment->target->as<syntax::Variable>()) name = target->name;
    value = assignment->value.get();
  }
  if (name == "includeNames")
    if (const auto* flag = value->as<syntax::BooleanLiteral>()) asked.with_names = flag->value;
  if (name == "excludes") add_texts(*value, asked.excludes);
}

/// What annotations ask to be generated.
Generated generated_by(const syntax::Modifiers& modifiers) {
  Generated asked;
  for (const auto& annotation : modifiers.annotations) {
    const auto name = simple_name(annotation.name.text);
    const bool all = name == "Canonical" || name == "Immutable" || name == "Data";
    asked.to_string |= all || name == "ToString";
    asked.equals |= all || name == "EqualsAndHashCode";
    asked.tuple |= all || name == "TupleConstructor";
    asked.immutable |= name == "Immutable";
    for (const auto& argument : annotation.arguments) read_argument(argument, asked);
  }
  return asked;
}

}  // namespace

Value Interpreter::class_of(const NamedClass& type) { return class_value(type.name); }

Interpreter::Found Interpreter::class_named(const std::string& name, Context& context) {
  const auto found = find_full_class(name, context);
  if (!found) return std::optional<Value>();
  return std::optional<Value>(class_of(*found));
}

std::optional<NamedClass> Interpreter::find_full_class(const std::string& name, Context& context) {
  if (const auto own = classes_.find(name); own != classes_.end()) {
    static_cast<void>(link(*own->second, context));
    return NamedClass{own->second.get(), name};
  }
  if (const auto* known = full_class_name(name); known && *known == name)
    return NamedClass{nullptr, name};
  if (!class_finder_ || asked_.contains(name)) return std::nullopt;
  asked_[name] = true;
  const auto there = class_finder_(name, context);
  asked_[name] = true;  // a file that was added has forgotten it
  if (!there) {
    class_failure_ = there.error();
    return std::nullopt;
  }
  const auto own = classes_.find(name);
  if (own == classes_.end()) return std::nullopt;
  static_cast<void>(link(*own->second, context));
  return NamedClass{own->second.get(), name};
}

std::optional<NamedClass> Interpreter::find_class(std::string_view name, const Unit& unit,
                                                  UserClass* inside, Context& context) {
  const std::string text(name);
  // Nested ones of the class around, and of its bases.
  for (auto* around = inside; around; around = around->outer) {
    if (around->simple == name) return NamedClass{around, around->name};
    for (auto* base = around; base; base = base->base)
      if (const auto own = classes_.find(base->name + "$" + text); own != classes_.end())
        return NamedClass{own->second.get(), own->first};
  }
  const auto known = unit.resolved.find(text);
  if (known != unit.resolved.end()) return known->second;
  const auto look = [&]() -> std::optional<NamedClass> {
    if (const auto dot = text.find('.'); dot != std::string::npos) {
      if (auto found = find_full_class(text, context)) return found;
      // Outer.Inner
      if (auto outer = find_class(text.substr(0, dot), unit, inside, context)) {
        auto inner = outer->name + "$" + text.substr(dot + 1);
        std::replace(inner.begin(), inner.end(), '.', '$');
        return find_full_class(inner, context);
      }
      return std::nullopt;
    }
    if (const auto import = unit.imports.find(text); import != unit.imports.end()) {
      if (auto found = find_full_class(import->second, context)) return found;
      // import a.b.Outer.Inner
      const auto dot = import->second.rfind('.');
      if (dot == std::string::npos) return std::nullopt;
      return find_full_class(import->second.substr(0, dot) + "$" + import->second.substr(dot + 1),
                             context);
    }
    if (!unit.package.empty())
      if (auto found = find_full_class(unit.package + "." + text, context)) return found;
    if (const auto own = classes_.find(text); own != classes_.end())
      return NamedClass{own->second.get(), text};
    if (const auto* full = full_class_name(text)) return NamedClass{nullptr, *full};
    for (const auto& package : unit.packages)
      if (auto found = find_full_class(package + "." + text, context)) return found;
    if (const auto* exception = known_exception(text)) return NamedClass{nullptr, *exception};
    if (text == "WorkflowScript" || text == unit.class_name)
      return NamedClass{nullptr, "groovy.lang.Script"};
    // A class of the default package, in a file of its own.
    if (text[0] >= 'A' && text[0] <= 'Z') return find_full_class(text, context);
    return std::nullopt;
  };
  auto found = look();
  if (found || !class_failure_) unit.resolved[text] = found;
  return found;
}

Outcome<NamedClass> Interpreter::need_class(const std::string& name, const Home& home,
                                            Context& context) {
  if (auto found = find_class(name, *home.unit, home.type, context)) {
    if (found->own) TRY(link(*found->own, context));
    return std::move(*found);
  }
  // Why the file of the class could not be read.
  if (class_failure_) return tl::unexpected(std::move(*std::exchange(class_failure_, {})));
  return refuse("unable to resolve class {}", name);
}

UserClass& Interpreter::declare(const syntax::ClassDeclaration& declaration, const Unit& unit,
                                UserClass* outer) {
  auto made = std::make_unique<UserClass>();
  made->simple = declaration.name.text;
  made->name = outer                  ? outer->name + "$" + made->simple
               : unit.package.empty() ? made->simple
                                      : unit.package + "." + made->simple;
  made->kind = declaration.kind;
  made->declaration = &declaration;
  made->body = &declaration.body;
  made->unit = &unit;
  made->outer = outer;
  made->abstract = declaration.modifiers.has("abstract");
  made->is_static =
      declaration.modifiers.has("static") || declaration.kind != UserClass::Kind::class_;
  made->generated = generated_by(declaration.modifiers);
  auto& type = *made;
  classes_[type.name] = std::move(made);
  asked_[type.name] = true;
  add_members(type, unit);
  return type;
}

void Interpreter::add_members(UserClass& type, const Unit& unit) {
  const bool interface = type.kind == UserClass::Kind::interface_;
  for (const auto& member : type.body->members) {
    if (const auto* inner = member->as<syntax::ClassDeclaration>()) {
      auto& nested = declare(*inner, unit, &type);
      nested.scope = type.scope;
      nested.is_static |= interface;
    } else if (const auto* method = member->as<syntax::MethodDeclaration>()) {
      const UserMethod made{method, &type, &unit};
      if (method->constructor || (!type.declaration && method->name.text == type.simple))
        type.constructors.push_back(made);
      else
        type.methods[method->name.text].push_back(made);
    } else if (const auto* variables = member->as<syntax::VariableDeclaration>()) {
      const auto& words = variables->modifiers;
      for (const auto& declarator : variables->declarators) {
        UserField field{&declarator, &type};
        field.is_static = words.has("static") || interface;
        field.is_final = words.has("final") || type.generated.immutable;
        field.is_property =
            !words.has("private") && !words.has("protected") && !words.has("public");
        type.fields.push_back(field);
      }
    }
  }
}

/// Finds what it extends and implements; as late as possible, so that classes may name later ones.
Outcome<void> Interpreter::link(UserClass& type, Context& context) {
  if (type.linked) return {};
  type.linked = true;
  if (!type.declaration) return {};
  const auto& declaration = *type.declaration;
  // A nested class must not find itself as its base.
  Home home{type.unit, Value(), type.outer};
  const auto is_own_base = [&](const UserClass* base) {
    for (; base; base = base->base)
      if (base == &type) return true;
    return false;
  };
  if (!declaration.base.name.empty()) {
    const auto base = TRY(need_class(declaration.base.name, home, context));
    if (base.own && is_own_base(base.own)) return refuse("the class {} extends itself", type.name);
    type.base = base.own;
    type.native_base = base.own ? base.own->native_base : base.name;
  }
  for (const auto& interface : declaration.interfaces) {
    const auto found = find_class(interface.name, *type.unit, type.outer, context);
    if (found && found->own && found->own != &type) {
      TRY(link(*found->own, context));
      type.interfaces.push_back(found->own);
    } else if (found && !found->own) {
      type.native_interfaces.push_back(found->name);
    } else if (!found) {
      type.native_interfaces.push_back(interface.name);  // of Java, and of no use here
    }
  }
  if (type.kind == UserClass::Kind::enum_) type.native_base = "java.lang.Enum";
  return {};
}

/// Static variables and initialisers, when the class is first used.
Outcome<void> Interpreter::start(UserClass& type, Context& context) {
  TRY(link(type, context));
  if (type.state != UserClass::State::declared) return {};
  type.state = UserClass::State::starting;
  if (type.base) TRY(start(*type.base, context));
  for (auto* part : type.interfaces) TRY(start(*part, context));
  const auto home =
      std::make_shared<const Home>(Home{type.unit, class_of({&type, type.name}), &type});
  Frame frame{inner_scope(type.scope), context, home};
  for (const auto& field : type.fields)
    if (field.is_static) type.statics[field.declarator->name.text] = Value();
  if (type.kind == UserClass::Kind::enum_) TRY(make_constants(type, frame));
  for (const auto& member : type.body->members) {
    if (const auto* block = member->as<syntax::StaticBlock>()) {
      TRY(execute(block->block, frame));
      continue;
    }
    const auto* variables = member->as<syntax::VariableDeclaration>();
    if (!variables) continue;
    if (!variables->modifiers.has("static") && type.kind != UserClass::Kind::interface_) continue;
    for (const auto& declarator : variables->declarators) {
      if (!declarator.initial) continue;
      auto value = TRY(evaluate(*declarator.initial, frame));
      type.statics[declarator.name.text] =
          TRY(coerce(declarator.type, std::move(value), *home, context));
    }
  }
  type.state = UserClass::State::ready;
  return {};
}

Outcome<void> Interpreter::declare_all(const std::vector<const Statement*>& statements, Unit& unit,
                                       ScriptObject& script, Context& context) {
  static_cast<void>(context);
  for (const auto* statement : statements) {
    if (const auto* package = statement->as<syntax::Package>()) unit.package = package->path.text;
    if (const auto* import = statement->as<syntax::Import>()) {
      for (const auto& annotation : import->annotations)
        if (annotation.name.text == "Grab" || annotation.name.text == "Grapes")
          return refuse("@{} is refused: cupel does not fetch Java libraries",
                        annotation.name.text);
      unit.add_import(*import);
    }
  }
  for (const auto* statement : statements) {
    if (const auto* type = statement->as<syntax::ClassDeclaration>()) {
      if (type->kind == UserClass::Kind::annotation_) continue;
      declare(*type, unit, nullptr);
      unit.resolved.clear();
    }
    // A Groovy script may call a method that is declared further down.
    if (const auto* method = statement->as<syntax::MethodDeclaration>(); method && method->body)
      script.methods[method->name.text].push_back({method, nullptr, &unit});
  }
  return {};
}

}  // namespace cupel::pipeline
