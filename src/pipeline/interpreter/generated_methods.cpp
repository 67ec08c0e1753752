// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "pipeline/groovy/walk.hpp"
#include "pipeline/interpreter/interpreter.hpp"

namespace cupel::pipeline {
namespace {

using Found = Interpreter::Found;
Found found(Value value) { return std::optional<Value>(std::move(value)); }
Found nothing() { return std::optional<Value>(); }

/// Its properties, but for what the annotation leaves out.
std::vector<std::pair<std::string, Value>> properties_of(InstanceState& state) {
  std::vector<std::pair<std::string, Value>> all;
  const auto& excludes = state.type.generated.excludes;
  for (const auto& field : state.type.instance_fields()) {
    const auto& name = field.declarator->name.text;
    if (!field.is_property || std::ranges::find(excludes, name) != excludes.end()) continue;
    if (const auto* value = state.find(name)) all.emplace_back(name, *value);
  }
  return all;
}

Outcome<Value> listed(InstanceState& state) {
  auto text = state.type.name + "(";
  bool first = true;
  for (const auto& [name, value] : properties_of(state)) {
    if (!first) text += ", ";
    first = false;
    if (state.type.generated.with_names) text += name + ":";
    text += TRY(text_of(value));
  }
  return Value(text + ")");
}

Outcome<Value> equal_properties(InstanceState& state, const Value& other) {
  auto* state_of_other = other.object_here() ? other.object_here()->instance() : nullptr;
  if (!state_of_other || &state_of_other->type != &state.type) return Value(false);
  const auto mine = properties_of(state);
  const auto theirs = properties_of(*state_of_other);
  for (std::size_t i = 0; i < mine.size() && i < theirs.size(); ++i)
    if (!TRY(equal_values(mine[i].second, theirs[i].second))) return Value(false);
  return Value(true);
}

const Value* constant_part(InstanceState& state, std::string_view part) { return state.find(part); }

}  // namespace

/// toString, equals, hashCode that an annotation asks for; what every enum constant has.
Interpreter::Found Interpreter::call_generated(const Value& self, const std::string& name,
                                               std::vector<Value>& values, Context& context) {
  auto& state = *self.object_here()->instance();
  const auto& asked = state.type.generated;
  if (asked.to_string && name == "toString" && values.empty()) return found(TRY(listed(state)));
  if (asked.equals && name == "equals" && values.size() == 1)
    return found(TRY(equal_properties(state, values[0])));
  if (asked.equals && name == "hashCode" && values.empty()) {
    std::vector<Value> parts;
    for (auto& [_, value] : properties_of(state)) parts.push_back(std::move(value));
    return found(Value(static_cast<std::int64_t>(TRY(hash_of(Value::list(std::move(parts)))))));
  }
  const auto* ordinal = constant_part(state, "$ordinal");
  if (!ordinal) return nothing();
  if (values.empty()) {
    if (name == "name" || name == "toString") return found(*constant_part(state, "$name"));
    if (name == "ordinal") return found(*ordinal);
    if (name == "getDeclaringClass")
      return get(self, "class", context)
                 ? found(class_value(state.type.declaration ? state.type.name
                                                            : state.type.base->name))
                 : nothing();
    auto* type = state.type.declaration ? &state.type : state.type.base;
    const auto& all = type->constants;
    const auto count = static_cast<std::int64_t>(all.size());
    if (name == "next" || name == "previous") {
      const auto step = name == "next" ? 1 : count - 1;
      return found(all[static_cast<std::size_t>((*ordinal->as_integer() + step) % count)]);
    }
  }
  if (name == "compareTo" && values.size() == 1 && values[0].object_here())
    if (auto* other = values[0].object_here()->instance())
      if (const auto* theirs = constant_part(*other, "$ordinal"))
        return found(Value(*ordinal->as_integer() - *theirs->as_integer()));
  return nothing();
}

Outcome<void> Interpreter::make_constants(UserClass& type, Frame& frame) {
  std::int64_t ordinal = 0;
  for (const auto& constant : type.body->constants) {
    std::vector<Value> values;
    std::shared_ptr<Map> named;
    for (const auto& argument : constant.arguments) {
      auto value = TRY(evaluate(*argument.value, frame));
      if (argument.kind == syntax::Argument::Kind::named) {
        if (!named) named = std::make_shared<Map>();
        TRY(Outcome<void>(named->put(TRY(evaluate(*argument.key, frame)), std::move(value))));
      } else {
        values.push_back(std::move(value));
      }
    }
    if (named) values.insert(values.begin(), Value(named));
    auto* own = &type;
    if (constant.body) {
      auto& slot = classes_[type.name + "$" + constant.name.text];
      slot = std::make_unique<UserClass>();
      own = slot.get();
      own->name = type.name;
      own->simple = type.simple;
      own->body = constant.body.get();
      own->unit = type.unit;
      own->base = &type;
      own->native_base = type.native_base;
      own->linked = true;
      own->state = UserClass::State::ready;
      add_members(*own, *type.unit);
    }
    const auto object = std::make_shared<Instance>(*this, *own, ++objects_);
    remember(object);
    auto& state = *object->instance();
    state.set("$name", Value(constant.name.text));
    state.set("$ordinal", Value(ordinal++));
    const Value self(std::shared_ptr<Object>{object});
    // Known before the constructor runs, as static code of the enum may name it.
    type.constants.push_back(self);
    type.statics[constant.name.text] = self;
    TRY(initialise(self, type, std::move(values), frame.context));
    if (own != &type) TRY(initialise_fields(self, *own, frame.context));
    state.ready = true;
  }
  type.statics["MIN_VALUE"] = type.constants.empty() ? Value() : type.constants.front();
  type.statics["MAX_VALUE"] = type.constants.empty() ? Value() : type.constants.back();
  return {};
}

Interpreter::Found Interpreter::call_enum(UserClass& type, const std::string& name,
                                          std::vector<Value>& values, Context& context) {
  TRY(start(type, context));
  if (name == "values" && values.empty()) return found(Value::array(type.constants, type.name));
  if (name != "valueOf" || values.size() != 1) return nothing();
  const auto wanted = TRY(text(values[0], context));
  for (const auto& constant : type.constants)
    if (*constant.object_here()->instance()->find("$name")->as_text() == wanted)
      return found(constant);
  return raise("java.lang.IllegalArgumentException", "No enum constant {}.{}", type.name, wanted);
}

/// Static methods, and what each Class has.
Interpreter::Found Interpreter::call_class(const ClassObject& type, const std::string& name,
                                           std::vector<Value>& values, Context& context) {
  const auto named = find_full_class(type.name(), context);
  if (named && named->own) {
    auto& own = *named->own;
    TRY(start(own, context));
    if (name == "newInstance" || name == "new")
      return found(TRY(construct_own(own, values, context)));
    for (auto* around = &own; around; around = around->outer) {
      std::vector<UserMethod> candidates;
      for (const auto& method : around->find_methods(name))
        if (method.is_static()) candidates.push_back(method);
      if (const auto* method = choose(candidates, values))
        return found(
            TRY(call_user_method(*method, class_of({around, around->name}), values, context)));
    }
    if (own.kind == UserClass::Kind::enum_)
      if (auto value = TRY(call_enum(own, name, values, context))) return value;
    if (const auto* held = own.find_static(name); held && held->closure_here()) {
      const auto callee = *held;
      return found(TRY(call(callee, values, context)));
    }
    // Foo.&method of an object method takes the object first.
    if (!values.empty() && own.has_method(name) && values[0].object_here() &&
        values[0].object_here()->instance()) {
      std::vector<Value> rest(values.begin() + 1, values.end());
      return found(TRY(invoke(values[0], name, std::move(rest), context)));
    }
    if (const auto* missing = choose(own.find_methods("$static_methodMissing"), {}))
      return found(TRY(call_user_method(*missing, class_of(*named), {}, context)));
    return nothing();
  }
  if (name == "newInstance" || name == "new")
    return found(TRY(construct({nullptr, type.name()}, values, context)));
  if (const auto* known = find_java_class(type.name())) {
    const auto method = known->methods.find(name);
    if (method != known->methods.end() && values.size() >= method->second.least &&
        values.size() <= method->second.most) {
      StaticCall call{*this, context, values};
      return found(TRY(method->second.run(call)));
    }
  }
  // String.&trim: a method of an object, which comes first.
  const auto full = NamedClass{nullptr, type.name()};
  if (!values.empty() && is_instance_of(values[0], full) && type.name() != "java.lang.Class" &&
      name != "isInstance" && name != "equals" && name != "is" && name != "isAssignableFrom") {
    std::vector<Value> rest(values.begin() + 1, values.end());
    return found(TRY(invoke(values[0], name, std::move(rest), context)));
  }
  return nothing();
}

}  // namespace cupel::pipeline
