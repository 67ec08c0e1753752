// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "pipeline/groovy/value.hpp"

namespace cupel::pipeline {

template <typename T>
class Outcome;
struct Context;

/// A Groovy object that is made by cupel: env, params, currentBuild, an exception. Used under the
/// interpreter's lock.
class Object {
 public:
  virtual ~Object() = default;
  virtual std::string type_name() const = 0;
  virtual std::string text() const { return type_name(); }
  /// The defaults fail, naming what is missing.
  virtual Outcome<Value> get(const std::string& name, Context& context);
  virtual Outcome<void> set(const std::string& name, const Value& value, Context& context);
  virtual Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                              Context& context);
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
  const Value& key() const { return key_; }
  const Value& value() const { return value_; }

 private:
  Value key_;
  Value value_;
};

}  // namespace cupel::pipeline
