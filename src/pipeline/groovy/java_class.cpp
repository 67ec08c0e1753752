// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/java_class.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "pipeline/groovy/java_classes.hpp"
#include "pipeline/groovy/known_types.hpp"
#include "pipeline/groovy/walk.hpp"

namespace cupel::pipeline {
namespace {

/// Files of classes add themselves here.
std::vector<std::span<const JavaClass>> all_classes() {
  return {number_classes(), text_classes(),   collection_classes(), collection_tools(),
          regex_classes(),  json_classes(),   net_classes(),        atomic_classes(),
          random_classes(), system_classes(), refused_classes(),    date_classes(),
          time_classes(),   period_classes(), queue_classes(),      xml_classes(),
          csv_classes()};
}

const std::unordered_map<std::string_view, const JavaClass*>& classes() {
  static const auto table = [] {
    std::unordered_map<std::string_view, const JavaClass*> by_name;
    for (const auto& file : all_classes())
      for (const auto& known : file) by_name.emplace(known.name, &known);
    return by_name;
  }();
  return table;
}

// What Groovy imports by itself, and these two.
constexpr auto imported_packages = std::to_array<std::string_view>(
    {"java.lang.", "java.util.", "java.io.", "java.net.", "groovy.lang.", "groovy.util.",
     "jenkins.model.", "hudson.", "hudson.model."});
constexpr auto imported_classes =
    std::to_array<std::string_view>({"java.math.BigDecimal", "java.math.BigInteger"});

const std::unordered_map<std::string_view, std::string>& full_names() {
  static const auto table = [] {
    std::unordered_map<std::string_view, std::string> names;
    const auto add = [&names](std::string_view full) {
      names.emplace(full, std::string(full));
      const auto package = full.substr(0, full.rfind('.') + 1);
      const bool imported =
          std::ranges::find(imported_packages, package) != imported_packages.end() ||
          std::ranges::find(imported_classes, full) != imported_classes.end();
      if (imported || package.empty()) names.emplace(simple_name(full), std::string(full));
    };
    for (const auto& type : known_types()) add(type.name);
    for (const auto& [name, _] : classes()) add(name);
    return names;
  }();
  return table;
}

std::vector<std::string_view> parents_of(std::string_view name) {
  if (const auto* known = find_java_class(name); known && !known->parents.empty())
    return known->parents;
  if (const auto* known = find_known_type(name)) return known->parents;
  return {};
}

bool is_subclass_at(std::string_view name, std::string_view super, int depth) {
  if (name == super || super == "java.lang.Object") return true;
  if (depth > 20) return false;
  return std::ranges::any_of(parents_of(name), [&](std::string_view parent) {
    return is_subclass_at(parent, super, depth + 1);
  });
}

}  // namespace

const JavaClass* find_java_class(std::string_view name) {
  const auto found = classes().find(name);
  return found == classes().end() ? nullptr : found->second;
}

const std::string* full_class_name(std::string_view name) {
  const auto found = full_names().find(name);
  return found == full_names().end() ? nullptr : &found->second;
}

bool is_subclass(std::string_view name, std::string_view super) {
  return is_subclass_at(name, super, 0);
}

std::string_view simple_name(std::string_view name) {
  const auto dollar = name.rfind('$');
  return name.substr((dollar == std::string_view::npos ? name.rfind('.') : dollar) + 1);
}

Outcome<std::int64_t> StaticCall::integer(std::size_t i) {
  if (const auto* number = arguments[i].as_integer()) return *number;
  return raise("java.lang.IllegalArgumentException", "a whole number is needed, not a {}",
               arguments[i].type_name());
}

std::string ClassObject::text() const {
  const auto* type = find_known_type(name_);
  if (type && type->kind == KnownType::Kind::primitive) return name_;
  return (type && type->kind == KnownType::Kind::interface ? "interface " : "class ") + name_;
}

Outcome<Value> ClassObject::get(const std::string& name, Context& context) {
  if (name == "name" || name == "canonicalName" || name == "typeName") return Value(name_);
  if (name == "simpleName") return Value(simple_name(name_));
  if (name == "class") return class_value("java.lang.Class");
  if (name == "interface") {
    const auto* type = find_known_type(name_);
    return Value(type && type->kind == KnownType::Kind::interface);
  }
  if (name == "package") {
    const auto dot = name_.rfind('.');
    return dot == std::string::npos ? Value() : Value("package " + name_.substr(0, dot));
  }
  if (name == "superclass") {
    const auto parents = parents_of(name_);
    if (name_ == "java.lang.Object") return Value();
    return class_value(std::string(parents.empty() ? "java.lang.Object" : parents[0]));
  }
  return Object::get(name, context);
}

Outcome<Value> ClassObject::call(const std::string& name, std::vector<Value>& arguments,
                                 Context& context) {
  if (arguments.empty()) {
    if (name == "toString") return Value(text());
    if (name == "hashCode") return Value(TRY(hash()));
    if (name == "isInterface") return get("interface", context);
    if (name == "getClass") return get("class", context);
    if (name.starts_with("get") && name.size() > 3) {
      auto property = name.substr(3);
      property[0] = static_cast<char>(property[0] - 'A' + 'a');
      return get(property, context);
    }
  }
  if (arguments.size() == 1 && name == "isInstance")
    return Value(!arguments[0].is_null() && is_subclass(arguments[0].type_name(), name_));
  if (arguments.size() == 1 && (name == "equals" || name == "is"))
    return Value(TRY(equals(arguments[0])));
  if (arguments.size() == 1 && name == "isAssignableFrom")
    if (const auto other = std::dynamic_pointer_cast<ClassObject>(arguments[0].as_object()))
      return Value(is_subclass(other->name(), name_));
  return Object::call(name, arguments, context);
}

Outcome<bool> ClassObject::equals(const Value& other) {
  const auto known = std::dynamic_pointer_cast<ClassObject>(other.as_object());
  return known && known->name() == name_;
}

Outcome<std::int32_t> ClassObject::hash() { return hash_of(Value(name_)); }

Value class_value(std::string name) {
  return Value(std::shared_ptr<Object>(std::make_shared<ClassObject>(std::move(name))));
}

}  // namespace cupel::pipeline
