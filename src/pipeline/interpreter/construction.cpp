// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/walk.hpp"
#include "pipeline/interpreter/depth.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/script_values.hpp"

namespace cupel::pipeline {
namespace {

/// The zero of a primitive type; null for the rest.
Value zero_of(const syntax::TypeName& type) {
  if (type.dimensions > 0) return {};
  const auto& name = type.name;
  if (name == "boolean") return Value(false);
  if (name == "int" || name == "short" || name == "byte") return Value(0);
  if (name == "long") return Value::long_of(0);
  if (name == "double") return Value(0.0);
  if (name == "float") return Value::float_of(0);
  if (name == "char") return Value(Character{0});
  return {};
}

bool calls_this_or_super(const syntax::Block& block, bool& is_this) {
  if (block.statements.empty()) return false;
  const auto* first = block.statements[0]->as<syntax::ExpressionStatement>();
  const auto* call = first ? first->value->as<syntax::ValueCall>() : nullptr;
  if (!call) return false;
  is_this = call->callee->as<syntax::This>() != nullptr;
  return is_this || call->callee->as<syntax::Super>() != nullptr;
}

}  // namespace

Outcome<Value> Interpreter::eval(const syntax::New& expression, Frame& frame) {
  if (expression.array) return new_array(expression, frame);
  auto type = TRY(need_class(expression.type.name, *frame.home, frame.context));
  auto values = TRY(arguments(expression.arguments, frame)).all();
  if (!expression.body) return construct(type, std::move(values), frame.context, frame.home->self);
  auto& own = anonymous(expression, type, frame);
  own.scope = frame.scope;
  own.around = frame.home->self;
  remember(frame.scope);
  return construct_own(own, std::move(values), frame.context, frame.home->self);
}

/// new int[3], new String[2][], new int[]{1, 2}
Outcome<Value> Interpreter::new_array(const syntax::New& expression, Frame& frame) {
  const auto found =
      find_class(expression.type.name, *frame.home->unit, frame.home->type, frame.context);
  auto element = found ? found->name : expression.type.name;
  if (!expression.elements.empty() ||
      (!expression.dimensions.empty() && !expression.dimensions[0])) {
    std::vector<Value> items;
    for (const auto& item : expression.elements) {
      auto value = TRY(evaluate(*item, frame));
      items.push_back(TRY(coerce(expression.type, std::move(value), *frame.home, frame.context)));
    }
    return Value::array(std::move(items), std::move(element));
  }
  std::vector<std::size_t> sizes;
  for (const auto& dimension : expression.dimensions) {
    if (!dimension) break;
    const auto size = TRY(evaluate(*dimension, frame));
    if (!size.as_integer()) return refuse("the size of an array must be a whole number");
    if (*size.as_integer() < 0)
      return raise("java.lang.NegativeArraySizeException", "{}", *size.as_integer());
    if (*size.as_integer() > static_cast<std::int64_t>(max_items))
      return refuse("the array would hold more than {} items", max_items);
    sizes.push_back(static_cast<std::size_t>(*size.as_integer()));
  }
  const auto make = [&](const auto& self, std::size_t level) -> Outcome<Value> {
    TRY(charge(sizes[level] * sizeof(Value)));
    auto type = element;
    for (auto i = level + 1; i < expression.dimensions.size(); ++i) type += "[]";
    std::vector<Value> items(sizes[level], level + 1 < expression.dimensions.size()
                                               ? Value()
                                               : zero_of(expression.type));
    if (level + 1 < sizes.size())
      for (auto& item : items) item = TRY(self(self, level + 1));
    return Value::array(std::move(items), std::move(type));
  };
  return make(make, 0);
}

UserClass& Interpreter::anonymous(const syntax::New& expression, const NamedClass& base,
                                  Frame& frame) {
  auto& slot = anonymous_[&expression];
  if (slot) return *slot;
  slot = std::make_unique<UserClass>();
  auto& type = *slot;
  const auto around = frame.home->type ? frame.home->type->name : frame.home->unit->class_name;
  type.simple = "";
  type.name = around + "$" + std::to_string(anonymous_.size());
  type.body = expression.body.get();
  type.unit = frame.home->unit;
  type.outer = frame.home->type;
  type.linked = true;
  if (base.own && base.own->kind != UserClass::Kind::interface_ &&
      base.own->kind != UserClass::Kind::trait_) {
    type.base = base.own;
    type.native_base = base.own->native_base;
  } else if (base.own) {
    type.interfaces.push_back(base.own);
  } else {
    const auto* known = find_java_class(base.name);
    if (known && known->construct.run)
      type.native_base = base.name;
    else
      type.native_interfaces.push_back(base.name);
    if (known_exception(base.name)) type.native_base = base.name;
  }
  add_members(type, *type.unit);
  return type;
}

Outcome<Value> Interpreter::construct(const NamedClass& type, std::vector<Value> values,
                                      Context& context, const Value& outer) {
  if (type.own) return construct_own(*type.own, std::move(values), context, outer);
  if (const auto* known = find_java_class(type.name); known && known->construct.run) {
    if (values.size() < known->construct.least || values.size() > known->construct.most)
      return raise("groovy.lang.GroovyRuntimeException",
                   "Could not find matching constructor for: {}({})", type.name, values.size());
    StaticCall call{*this, context, values};
    return known->construct.run(call);
  }
  if (known_exception(type.name)) {
    std::optional<std::string> message;
    std::shared_ptr<Value> cause;
    for (const auto& value : values) {
      if (dynamic_cast<const Exception*>(value.object_here()))
        cause = std::make_shared<Value>(value);
      else if (!value.is_null() && !message)
        message = TRY(text(value, context));
    }
    // As Java: the message of a lone cause is its text.
    if (cause && !message && values.size() == 1) message = TRY(text(*cause, context));
    auto exception = std::make_shared<Exception>(type.name, std::move(message));
    exception->cause = std::move(cause);
    if (type.name.ends_with(".FlowInterruptedException")) {
      const auto word = values.empty() ? std::string() : TRY(text(values[0], context));
      exception->interruption = model::verdict_named(word).value_or(model::Verdict::aborted);
    }
    return Value(std::shared_ptr<Object>(std::move(exception)));
  }
  if (type.name == "java.lang.Object")
    return Value(
        std::shared_ptr<Object>(std::make_shared<Instance>(*this, plain_object_, ++objects_)));
  return refuse("new {} is not supported yet", type.name);
}

Outcome<Value> Interpreter::construct_own(UserClass& type, std::vector<Value> values,
                                          Context& context, const Value& outer) {
  TRY(start(type, context));
  if (type.abstract || type.kind == UserClass::Kind::interface_ ||
      type.kind == UserClass::Kind::trait_)
    return raise("java.lang.InstantiationException",
                 "You cannot create an instance from the abstract class '{}'", type.name);
  std::shared_ptr<Object> object;
  if (type.is_exception())
    object = std::make_shared<UserException>(*this, type, ++objects_);
  else
    object = std::make_shared<Instance>(*this, type, ++objects_);
  TRY(charge(sizeof(Instance) * 2));
  remember(object);
  object->instance()->outer = type.declaration ? outer : type.around;
  const Value self(object);
  TRY(initialise(self, type, std::move(values), context));
  object->instance()->ready = true;
  return self;
}

/// Runs the constructor that fits; or sets properties from a map, or in order.
Outcome<void> Interpreter::initialise(const Value& self, UserClass& type, std::vector<Value> values,
                                      Context& context) {
  if (const auto* constructor = choose(type.constructors, values))
    return run_constructor(*constructor, self, std::move(values), context);
  // new A(x: 1) works with the constructor that takes nothing.
  const bool by_name = values.size() == 1 && values[0].map_here();
  const auto plain = [&]() -> Outcome<void> {
    if (const auto* constructor = choose(type.constructors, {}))
      return run_constructor(*constructor, self, {}, context);
    TRY(initialise_base(self, type, {}, context));
    return initialise_fields(self, type, context);
  };
  if (type.constructors.empty() || choose(type.constructors, {})) {
    if (values.empty()) return plain();
    if (by_name) {
      const auto properties = values[0].as_map();
      TRY(plain());
      return set_properties(self, *properties, context);
    }
    if (type.generated.tuple && type.constructors.empty()) {
      TRY(plain());
      std::size_t next = 0;
      auto& state = *self.object_here()->instance();
      for (const auto& field : type.instance_fields()) {
        if (!field.is_property || next >= values.size()) continue;
        TRY(set_field(self, state, field.declarator->name.text, values[next++], context));
      }
      if (next >= values.size()) return {};
    }
    // An anonymous class, or one that adds nothing, takes what its base takes.
    if (type.constructors.empty() && !type.declaration) {
      TRY(initialise_base(self, type, std::move(values), context));
      return initialise_fields(self, type, context);
    }
    if (type.constructors.empty() && type.is_exception()) {
      TRY(initialise_base(self, type, std::move(values), context));
      return initialise_fields(self, type, context);
    }
  }
  std::string types;
  for (const auto& value : values) types += (types.empty() ? "" : ", ") + value.type_name();
  return raise("groovy.lang.GroovyRuntimeException",
               "Could not find matching constructor for: {}({})", type.name, types);
}

Outcome<void> Interpreter::run_constructor(const UserMethod& constructor, const Value& self,
                                           std::vector<Value> values, Context& context) {
  if (context.depth >= limits_.depth)
    return refuse("calls are nested more than {} deep (limit 'depth')", limits_.depth);
  const Deeper deeper(context);
  auto& type = *constructor.type;
  const auto home = std::make_shared<const Home>(Home{constructor.unit, self, &type});
  Frame inner{inner_scope(type.scope), context, home};
  TRY(bind(constructor.code->parameters, std::move(values), inner));
  bool is_this = false;
  const auto& body = *constructor.code->body;
  const bool explicitly = calls_this_or_super(body, is_this);
  if (!explicitly) TRY(initialise_base(self, type, {}, context));
  if (!explicitly) TRY(initialise_fields(self, type, context));
  for (std::size_t i = 0; i < body.statements.size(); ++i) {
    auto done = execute(*body.statements[i], inner);
    if (!done && std::holds_alternative<Return>(done.error().kind())) return {};
    if (!done) return done;
    if (i == 0 && explicitly && !is_this) TRY(initialise_fields(self, type, context));
  }
  return {};
}

Outcome<void> Interpreter::initialise_base(const Value& self, UserClass& type,
                                           std::vector<Value> values, Context& context) {
  if (type.base) return initialise(self, *type.base, std::move(values), context);
  if (auto* exception = dynamic_cast<UserException*>(self.object_here())) {
    for (const auto& value : values) {
      if (dynamic_cast<const Exception*>(value.object_here()))
        exception->cause = std::make_shared<Value>(value);
      else if (!value.is_null())
        exception->set_message(TRY(text(value, context)));
    }
    if (values.size() == 1 && exception->cause)
      exception->set_message(TRY(text(*exception->cause, context)));
    return {};
  }
  // A class of Java's that is extended: it does the rest.
  if (const auto* known = find_java_class(type.native_base); known && known->construct.run) {
    StaticCall call{*this, context, values};
    self.object_here()->instance()->native = TRY(known->construct.run(call));
  }
  return {};
}

Outcome<void> Interpreter::initialise_fields(const Value& self, UserClass& type, Context& context) {
  auto& state = *self.object_here()->instance();
  const auto home = std::make_shared<const Home>(Home{type.unit, self, &type});
  Frame frame{inner_scope(type.scope), context, home};
  for (auto* part : type.interfaces)
    if (part->kind == UserClass::Kind::trait_) TRY(initialise_fields(self, *part, context));
  for (const auto& field : type.fields)
    if (!field.is_static) state.set(field.declarator->name.text, zero_of(field.declarator->type));
  for (const auto& member : type.body->members) {
    if (const auto* block = member->as<syntax::BlockStatement>()) {
      TRY(execute(block->block, frame));
      continue;
    }
    const auto* variables = member->as<syntax::VariableDeclaration>();
    if (!variables || variables->modifiers.has("static") ||
        type.kind == UserClass::Kind::interface_)
      continue;
    for (const auto& declarator : variables->declarators) {
      if (!declarator.initial) continue;
      auto value = TRY(evaluate(*declarator.initial, frame));
      state.set(declarator.name.text,
                TRY(coerce(declarator.type, std::move(value), *home, context)));
    }
  }
  return {};
}

Outcome<void> Interpreter::set_properties(const Value& self, const Map& values, Context& context) {
  for (const auto& [key, value] : std::vector<Map::Entry>(values.entries()))
    TRY(set_in_instance(self, TRY(text(key, context)), value, context));
  return {};
}

}  // namespace cupel::pipeline
