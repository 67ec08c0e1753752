// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "pipeline/groovy/methods.hpp"
#include "pipeline/groovy/object.hpp"

namespace cupel::pipeline {

/// A StringBuilder, StringBuffer, StringWriter or PrintWriter on one: text that can be changed.
class StringBuilderObject final : public Object {
 public:
  StringBuilderObject(std::string type, std::string text)
      : type_(std::move(type)), text_(std::move(text)) {}
  std::string type_name() const override { return type_; }
  std::string text() const override { return text_; }
  Outcome<std::string> to_string() override { return text_; }
  Outcome<bool> truth() override { return !text_.empty(); }
  Outcome<std::vector<Value>> items() override;
  Outcome<Value> at(const Value& key, Context& context) override;
  bool is_a(std::string_view type) const override { return type == "java.lang.CharSequence"; }
  const Method* method(std::string_view name) const override;
  std::string& text_here() { return text_; }

 private:
  std::string type_;
  std::string text_;
};

}  // namespace cupel::pipeline
