// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "pipeline/groovy/object.hpp"

namespace cupel::pipeline {

/// An object of Jenkins' that has nothing but properties: x.name, x.getName(), x.isName(). Made of
/// plain values. Under the interpreter's lock.
class ReadOnlyObject : public Object {
 public:
  using Properties = std::map<std::string, Value, std::less<>>;
  /// `text` is what it prints as.
  ReadOnlyObject(std::string type, std::string text, Properties properties)
      : type_(std::move(type)), text_(std::move(text)), properties_(std::move(properties)) {}

  std::string type_name() const override { return type_; }
  std::string text() const override { return text_; }
  Outcome<std::string> to_string() override;
  Outcome<Value> get(const std::string& name, Context& context) override;
  Outcome<void> set(const std::string& name, const Value& value, Context& context) override;
  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override;
  /// Its properties as a map, for steps that take any data.
  std::optional<Value> plain() const override;

 private:
  std::string type_;
  std::string text_;
  Properties properties_;
};

/// One of Jenkins' objects as a value.
Value read_only(std::string type, std::string text, ReadOnlyObject::Properties properties);

}  // namespace cupel::pipeline
