// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>

#include "pipeline/groovy/signal.hpp"
#include "pipeline/interpreter/user_class.hpp"

namespace cupel::pipeline {

class Interpreter;

/// What an object of a class of the pipeline's own holds. What it does is in the interpreter.
class InstanceState {
 public:
  InstanceState(Interpreter& its_interpreter, UserClass& its_type, std::uint64_t its_number)
      : interpreter(its_interpreter), type(its_type), number(its_number) {}
  Value* find(std::string_view field);
  void set(std::string_view field, Value value);

  Interpreter& interpreter;
  UserClass& type;
  std::uint64_t number;  ///< of the objects of a run, in order: for Object's toString()
  Value native;          ///< what it is of a class of Java's that it extends
  Value outer;           ///< the object that an inner one was made in
  std::vector<std::pair<std::string_view, Value>> fields;  // names lie in the tree
  bool ready = false;                                      ///< constructed: final fields are
};

/// An object of such a class.
class Instance final : public Object {
 public:
  Instance(Interpreter& interpreter, UserClass& type, std::uint64_t number)
      : state_(interpreter, type, number) {}
  std::string type_name() const override { return state_.type.name; }
  Outcome<Value> get(const std::string& name, Context& context) override;
  Outcome<void> set(const std::string& name, const Value& value, Context& context) override;
  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override;
  Outcome<std::string> to_string() override;
  Outcome<bool> equals(const Value& other) override;
  Outcome<std::int32_t> hash() override;
  Outcome<bool> truth() override;
  Outcome<std::optional<int>> compare(const Value& other) override;
  Outcome<std::vector<Value>> items() override;
  Outcome<Value> at(const Value& key, Context& context) override;
  Outcome<void> put_at(const Value& key, const Value& value, Context& context) override;
  bool is_a(std::string_view type) const override { return state_.type.is_a(type); }
  InstanceState* instance() override { return &state_; }

 private:
  InstanceState state_;
};

/// The same for a class that extends an exception.
class UserException final : public Exception {
 public:
  UserException(Interpreter& interpreter, UserClass& type, std::uint64_t number)
      : Exception(type.name, std::optional<std::string>()), state_(interpreter, type, number) {}
  Outcome<Value> get(const std::string& name, Context& context) override;
  Outcome<void> set(const std::string& name, const Value& value, Context& context) override;
  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override;
  Outcome<std::string> to_string() override;
  bool is_a(std::string_view type) const override;
  InstanceState* instance() override { return &state_; }
  /// Throwable's own, for super.getMessage() and the like.
  Outcome<Value> native_get(const std::string& name, Context& context) {
    return Exception::get(name, context);
  }
  Outcome<Value> native_call(const std::string& name, std::vector<Value>& arguments,
                             Context& context) {
    return Exception::call(name, arguments, context);
  }
  Outcome<std::string> native_to_string() { return Exception::to_string(); }

 private:
  InstanceState state_;
};

}  // namespace cupel::pipeline
