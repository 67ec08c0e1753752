// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/groovy/value.hpp"

namespace cupel::pipeline {

template <typename T>
class Outcome;
struct Context;
struct Method;
class InstanceState;

/// A Groovy object that is made by cupel (env, params, a Matcher, an exception) or of a class that
/// the pipeline defines. Used under the interpreter's lock.
class Object : public std::enable_shared_from_this<Object> {
 public:
  virtual ~Object() = default;
  virtual std::string type_name() const = 0;
  /// For messages; what println prints is to_string().
  virtual std::string text() const { return type_name(); }
  /// The defaults fail, naming what is missing.
  virtual Outcome<Value> get(const std::string& name, Context& context);
  virtual Outcome<void> set(const std::string& name, const Value& value, Context& context);
  virtual Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                              Context& context);
  /// The method of that name, of a kind of object that has a table of them; it comes before call().
  virtual const Method* method(std::string_view name) const {
    static_cast<void>(name);
    return nullptr;
  }

  // The defaults are java.lang.Object's: identity, and true. Those of a class in the pipeline run
  // its code.
  virtual Outcome<std::string> to_string();
  virtual Outcome<bool> equals(const Value& other);
  virtual Outcome<std::int32_t> hash();
  virtual Outcome<bool> truth();
  /// compareTo; nothing if it has none.
  virtual Outcome<std::optional<int>> compare(const Value& other);
  /// What `for (x in it)` sees: itself.
  virtual Outcome<std::vector<Value>> items();
  /// receiver[key] and receiver[key] = value; by default get() and set() of the key's text.
  virtual Outcome<Value> at(const Value& key, Context& context);
  virtual Outcome<void> put_at(const Value& key, const Value& value, Context& context);
  /// Whether it is of this class or interface, by its full name, beyond what type_name() says.
  virtual bool is_a(std::string_view type) const;
  /// A plain copy for the record of a step, where there is one that says all.
  virtual std::optional<Value> plain() const { return std::nullopt; }
  /// Of an object of the pipeline's own class; else null.
  virtual InstanceState* instance() { return nullptr; }
};

/// What iterating over a map yields.
class MapEntry final : public Object {
 public:
  MapEntry(Value key, Value value) : key_(std::move(key)), value_(std::move(value)) {}
  std::string type_name() const override { return "java.util.Map$Entry"; }
  std::string text() const override;
  Outcome<Value> get(const std::string& name, Context& context) override;
  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override;
  Outcome<std::string> to_string() override;
  Outcome<bool> equals(const Value& other) override;
  Outcome<std::int32_t> hash() override;
  const Value& key() const { return key_; }
  const Value& value() const { return value_; }

 private:
  Value key_;
  Value value_;
};

}  // namespace cupel::pipeline
