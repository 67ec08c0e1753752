// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "pipeline/groovy/scope.hpp"
#include "pipeline/groovy/value.hpp"
#include "pipeline/syntax/ast.hpp"

namespace cupel::pipeline {

struct Unit;
class UserClass;

/// A method of a script or class: its code, and what that belongs to.
struct UserMethod {
  const syntax::MethodDeclaration* code = nullptr;
  UserClass* type = nullptr;  ///< null: of a script
  const Unit* unit = nullptr;
  bool is_static() const { return code->modifiers.has("static"); }
};
using UserMethods = std::map<std::string, std::vector<UserMethod>, std::less<>>;

/// A field or property of a class, or an @Field of a script.
struct UserField {
  const syntax::Declarator* declarator = nullptr;
  const UserClass* type = nullptr;
  bool is_static = false;
  bool is_final = false;
  bool is_property = false;  ///< has no access modifier: others see it through getX() and setX()
};

/// What @Canonical, @Immutable and their parts ask for.
struct Generated {
  bool to_string = false, equals = false, tuple = false, immutable = false;
  bool with_names = false;  ///< @ToString(includeNames = true)
  std::vector<std::string> excludes;
};

/// A class, interface, trait or enum of the pipeline's own. One for a declaration; lives as long as
/// the interpreter, as does the tree.
class UserClass {
 public:
  using Kind = syntax::ClassDeclaration::Kind;

  std::string name;  ///< in full: "com.acme.Builder", "Outer$Inner"
  std::string simple;
  Kind kind = Kind::class_;
  const syntax::ClassBody* body = nullptr;
  const syntax::ClassDeclaration* declaration = nullptr;  ///< null for an anonymous class
  const Unit* unit = nullptr;
  UserClass* outer = nullptr;
  UserClass* base = nullptr;
  std::string native_base = "java.lang.Object";  ///< the nearest class that is not the pipeline's
  std::vector<UserClass*> interfaces;            ///< traits too
  std::vector<std::string> native_interfaces;
  ScopePtr scope;  ///< around an anonymous class
  Value around;    ///< the `this` there
  bool abstract = false;
  bool is_static = false;  ///< a nested class without an object of the outer one
  Generated generated;

  std::vector<UserField> fields;
  UserMethods methods;
  std::vector<UserMethod> constructors;
  std::map<std::string, Value, std::less<>> statics;
  std::vector<Value> constants;  ///< of an enum

  bool linked = false;  ///< what it extends and implements is known
  enum class State { declared, starting, ready };
  State state = State::declared;

  /// Those of this name, its own first, then of its traits and interfaces, then of its bases; what
  /// is overridden is left out.
  const std::vector<UserMethod>& find_methods(std::string_view method) const;
  bool has_method(std::string_view method) const { return !find_methods(method).empty(); }
  /// Here or in a base or trait; null if there is none.
  const UserField* find_field(std::string_view field) const;
  /// Where the static variable is, in this class, its bases or the classes around.
  Value* find_static(std::string_view field);
  /// All that an object has, those of the bases first.
  std::vector<UserField> instance_fields() const;
  /// Whether it is, extends or implements the class of this full name.
  bool is_a(std::string_view type) const;
  bool is_exception() const;

 private:
  void collect(std::string_view method, std::vector<UserMethod>& found) const;
  mutable std::unordered_map<std::string, std::vector<UserMethod>> found_;
};

}  // namespace cupel::pipeline
