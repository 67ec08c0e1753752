// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/groovy/evaluator.hpp"
#include "pipeline/groovy/object.hpp"

namespace cupel::pipeline {

/// A call of a static method or constructor of a Java class that cupel knows. Methods of objects
/// are Object::call. The evaluator's lock is held.
struct StaticCall {
  Evaluator& evaluator;
  Context& context;
  std::vector<Value>& arguments;

  std::size_t count() const { return arguments.size(); }
  Outcome<std::string> text(std::size_t i) { return evaluator.text(arguments[i], context); }
  Outcome<std::int64_t> integer(std::size_t i);
};

struct StaticMethod {
  std::size_t least, most;  ///< arguments
  Outcome<Value> (*run)(StaticCall&);
};

/// A class that pipelines may name: new X(...), X.method(...), X.CONSTANT, instanceof X.
struct JavaClass {
  std::string_view name;                       ///< "java.lang.Integer"
  std::vector<std::string_view> parents = {};  ///< what it extends and implements, in full
  StaticMethod construct = {0, 0, nullptr};    ///< run is null: there is no `new`
  std::map<std::string_view, StaticMethod> methods = {};
  std::map<std::string_view, Outcome<Value> (*)(StaticCall&)> properties = {};
};

/// By its full name. Each file of such classes has a function that lists them; java_class.cpp
/// gathers those. Null if unknown.
const JavaClass* find_java_class(std::string_view name);

/// The full name of a class that Groovy imports by itself ("Integer", "List", "File",
/// "BigDecimal") or that is given in full; null if cupel does not know it.
const std::string* full_class_name(std::string_view name);
/// Whether the class `name` is, extends or implements `super`. Full names.
bool is_subclass(std::string_view name, std::string_view super);
/// "Integer" of "java.lang.Integer".
std::string_view simple_name(std::string_view name);

/// A Class as a value: String.class, x.getClass(), Integer. Equal where the names are.
class ClassObject : public Object {
 public:
  explicit ClassObject(std::string name) : name_(std::move(name)) {}
  std::string type_name() const override { return "java.lang.Class"; }
  std::string text() const override;
  Outcome<Value> get(const std::string& name, Context& context) override;
  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override;
  Outcome<bool> equals(const Value& other) override;
  Outcome<std::int32_t> hash() override;
  const std::string& name() const { return name_; }

 private:
  std::string name_;
};
Value class_value(std::string name);

}  // namespace cupel::pipeline
