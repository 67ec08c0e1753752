// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/unit.hpp"

#include "pipeline/interpreter/interpreter.hpp"

namespace cupel::pipeline {

void Unit::add_import(const syntax::Import& import) {
  const auto& path = import.path.text;
  const auto dot = path.rfind('.');
  const auto last = path.substr(dot + 1);
  const auto& alias = import.alias.text.empty() ? last : import.alias.text;
  resolved.clear();
  if (import.is_static && import.everything)
    member_types.push_back(path);
  else if (import.is_static)
    members[alias] = {path.substr(0, dot), last};
  else if (import.everything)
    packages.push_back(path);
  else
    imports[alias] = path;
}

ScriptObject::ScriptObject(Interpreter& its_interpreter, const Unit& its_unit,
                           std::shared_ptr<Map> its_binding)
    : interpreter(its_interpreter),
      unit(its_unit),
      binding(std::move(its_binding)),
      locals(std::make_shared<Scope>(nullptr)) {}

Value* ScriptObject::find_field(std::string_view name) {
  const auto found = fields.find(name);
  return found == fields.end() ? nullptr : &found->second;
}

Outcome<std::string> ScriptObject::to_string() { return unit.class_name + "@1"; }

bool ScriptObject::is_a(std::string_view type) const {
  return type == unit.class_name || is_subclass("groovy.lang.Script", type);
}

Outcome<Value> ScriptObject::get(const std::string& name, Context& context) {
  auto found = TRY(interpreter.find_in_script(*this, name, context));
  if (found) return std::move(*found);
  return raise("groovy.lang.MissingPropertyException", "No such property: {} for class: {}", name,
               unit.class_name);
}

Outcome<void> ScriptObject::set(const std::string& name, const Value& value, Context&) {
  if (auto* field = find_field(name)) {
    *field = value;
    return {};
  }
  return Outcome<void>(binding->put(Value(name), value));
}

Outcome<Value> ScriptObject::call(const std::string& name, std::vector<Value>& arguments,
                                  Context& context) {
  CallArguments given;
  given.positional = arguments;
  // As it was written: the map first, the body last.
  if (!given.positional.empty() && given.positional.back().closure_here()) {
    given.trailing = given.positional.back().as_closure();
    given.positional.pop_back();
  }
  if (!given.positional.empty() && given.positional.front().map_here()) {
    given.named = given.positional.front().as_map();
    given.positional.erase(given.positional.begin());
  }
  Frame frame{locals, context, interpreter.home_of(shared_from_this(), unit), nullptr};
  auto result = TRY(interpreter.call_in_script(*this, name, given, frame));
  if (result) return std::move(*result);
  return interpreter.no_method(unit.class_name, name, arguments);
}

}  // namespace cupel::pipeline
