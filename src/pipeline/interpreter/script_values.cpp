// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/script_values.hpp"

#include <algorithm>
#include <array>

#include "pipeline/groovy/signal.hpp"
#include "pipeline/groovy/walk.hpp"
#include "pipeline/interpreter/interpreter.hpp"

namespace cupel::pipeline {
namespace {

class BindingObject final : public Object {
 public:
  explicit BindingObject(std::shared_ptr<Map> variables) : variables_(std::move(variables)) {}
  std::string type_name() const override { return "groovy.lang.Binding"; }

  Outcome<Value> get(const std::string& name, Context&) override {
    if (name == "variables") return Value(variables_);
    if (const auto* value = variables_->find(name)) return *value;
    return raise("groovy.lang.MissingPropertyException", "No such property: {} for class: {}", name,
                 type_name());
  }

  Outcome<void> set(const std::string& name, const Value& value, Context&) override {
    return Outcome<void>(variables_->put(Value(name), value));
  }

  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override {
    if (name == "getVariables" && arguments.empty()) return Value(variables_);
    if (arguments.empty()) return Object::call(name, arguments, context);
    const auto key = TRY(text_of(arguments[0]));
    if (name == "hasVariable") return Value(variables_->find(key) != nullptr);
    if (name == "getVariable" || name == "getProperty") return get(key, context);
    if ((name == "setVariable" || name == "setProperty") && arguments.size() == 2) {
      TRY(set(key, arguments[1], context));
      return Value();
    }
    return Object::call(name, arguments, context);
  }

 private:
  std::shared_ptr<Map> variables_;  // shared: with its script
};

class PackageObject final : public Object {
 public:
  explicit PackageObject(std::string name) : name_(std::move(name)) {}
  std::string type_name() const override { return name_; }
  Outcome<Value> get(const std::string& name, Context& context) override {
    const auto whole = name_ + "." + name;
    if (auto type = TRY(context.run.interpreter.class_named(whole, context))) return *type;
    if (name[0] >= 'A' && name[0] <= 'Z') return refuse("unable to resolve class {}", whole);
    return package_value(whole);
  }
  const std::string& name() const { return name_; }

 private:
  std::string name_;
};

std::string prefixed(std::string_view prefix, std::string name) {
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z')
    name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return std::string(prefix) + name;
}

/// Java's decapitalize: URL stays as it is.
std::string lower_first(std::string name) {
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (name.size() > 1 && upper(name[0]) && upper(name[1])) return name;
  if (!name.empty() && upper(name[0])) name[0] = static_cast<char>(name[0] - 'A' + 'a');
  return name;
}

}  // namespace

Value binding_value(std::shared_ptr<Map> variables) {
  return Value(std::shared_ptr<Object>(std::make_shared<BindingObject>(std::move(variables))));
}

bool is_package(std::string_view word) {
  static constexpr auto known = std::to_array<std::string_view>(
      {"java", "javax", "groovy", "groovyx", "org", "com", "net", "io", "hudson", "jenkins"});
  return std::ranges::find(known, word) != known.end();
}

Value package_value(std::string name) {
  return Value(std::shared_ptr<Object>(std::make_shared<PackageObject>(std::move(name))));
}

const std::string* package_name(const Value& value) {
  const auto* package = dynamic_cast<const PackageObject*>(value.object_here());
  return package ? &package->name() : nullptr;
}

std::string getter_name(const std::string& property) { return prefixed("get", property); }
std::string flag_getter_name(const std::string& property) { return prefixed("is", property); }
std::string setter_name(const std::string& property) { return prefixed("set", property); }

std::string property_of_getter(const std::string& method) {
  if (method.starts_with("get") && method.size() > 3) return lower_first(method.substr(3));
  if (method.starts_with("is") && method.size() > 2) return lower_first(method.substr(2));
  return {};
}

std::string property_of_setter(const std::string& method) {
  if (method.starts_with("set") && method.size() > 3) return lower_first(method.substr(3));
  return {};
}

}  // namespace cupel::pipeline
