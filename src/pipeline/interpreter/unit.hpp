// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "pipeline/groovy/object.hpp"
#include "pipeline/interpreter/user_class.hpp"
#include "pipeline/syntax/ast.hpp"
#include "pipeline/syntax/source.hpp"

namespace cupel::pipeline {

class Interpreter;

/// A file of Groovy code to be read into a run: a script of vars/, a class file of src/, what load
/// reads. Shared: closures and objects of its classes outlive whoever read it.
struct GroovyFile {
  std::shared_ptr<const syntax::Source> source;
  std::shared_ptr<const syntax::Script> tree;
  std::string class_name;  ///< of its script: "deploy" for vars/deploy.groovy
};

/// A class that a name stands for: one of the pipeline's own, or the full name of a known one.
struct NamedClass {
  UserClass* own = nullptr;
  std::string name;
};

/// One file in a run: its package and imports, and what its names have come to.
struct Unit {
  const syntax::Source* source = nullptr;
  std::string class_name;
  std::string package;
  std::map<std::string, std::string, std::less<>> imports;  ///< "Json" -> "groovy.json.JsonOutput"
  std::vector<std::string> packages;                        ///< import a.b.*
  struct Member {
    std::string type, name;
  };
  std::map<std::string, Member, std::less<>> members;  ///< import static a.B.c
  std::vector<std::string> member_types;               ///< import static a.B.*
  mutable std::unordered_map<std::string, std::optional<NamedClass>> resolved;

  std::shared_ptr<const GroovyFile> file;  ///< kept alive; null for the Jenkinsfile
  void add_import(const syntax::Import& import);
};

/// A script as an object: `this` of its code. Its methods can be called, its fields (@Field) and
/// the variables of its binding read and set.
class ScriptObject final : public Object {
 public:
  ScriptObject(Interpreter& its_interpreter, const Unit& its_unit,
               std::shared_ptr<Map> its_binding);

  std::string type_name() const override { return unit.class_name; }
  Outcome<std::string> to_string() override;
  Outcome<Value> get(const std::string& name, Context& context) override;
  Outcome<void> set(const std::string& name, const Value& value, Context& context) override;
  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override;
  bool is_a(std::string_view type) const override;

  Value* find_field(std::string_view name);

  Interpreter& interpreter;
  const Unit& unit;
  std::shared_ptr<Map> binding;  // shared: `binding.variables` is a value
  UserMethods methods;
  std::map<std::string, Value, std::less<>> fields;
  ScopePtr locals;  ///< `def` at the top of the file
};

}  // namespace cupel::pipeline
