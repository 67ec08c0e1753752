// SPDX-License-Identifier: Apache-2.0
#include "pipeline/convert/document.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "pipeline/convert/to_groovy.hpp"
#include "pipeline/syntax/characters.hpp"

namespace cupel::pipeline::convert {
namespace {

bool is_word(std::string_view text) {
  return !text.empty() && syntax::starts_word(text[0]) &&
         std::ranges::all_of(text, syntax::continues_word);
}

}  // namespace

tl::unexpected<Error> Node::wrong(std::string_view what) const {
  return fail(Fault::invalid, "{}: {}", path_.empty() ? "/" : path_, what);
}

Result<std::optional<Node>> Node::find(std::string_view key) const {
  if (!value_->as_object()) return wrong("Invalid value type: expected an object");
  const auto* found = value_->find(key);
  if (!found) return std::optional<Node>();
  return std::optional(Node(*found, fmt::format("{}/{}", path_, key)));
}

Result<Node> Node::member(std::string_view key) const {
  auto found = TRY(find(key));
  if (!found) return wrong(fmt::format("Missing one or more required properties: '{}'", key));
  return std::move(*found);
}

Result<std::vector<Node>> Node::elements() const {
  const auto* array = value_->as_array();
  if (!array) return wrong("Invalid value type: expected an array");
  std::vector<Node> all;
  all.reserve(array->size());
  for (std::size_t i = 0; i < array->size(); ++i)
    all.emplace_back((*array)[i], fmt::format("{}/{}", path_, i));
  return all;
}

Result<std::string> Node::text() const {
  const auto* text = value_->as_string();
  if (!text) return wrong("Invalid value type: expected a string");
  return *text;
}

Result<bool> Node::flag() const {
  const auto* flag = value_->as_bool();
  if (!flag) return wrong("Invalid value type: expected a boolean");
  return *flag;
}

Result<> Node::only(std::initializer_list<std::string_view> keys) const {
  const auto* object = value_->as_object();
  if (!object) return wrong("Invalid value type: expected an object");
  for (const auto& [key, _] : *object)
    if (std::ranges::find(keys, std::string_view(key)) == keys.end())
      return wrong(fmt::format("Undefined section \"{}\"", key));
  return {};
}

Result<std::string> value(const Node& node) {
  TRY(node.only({"isLiteral", "value"}));
  const bool literal = TRY(TRY(node.member("isLiteral")).flag());
  const auto inner = TRY(node.member("value"));
  const auto& found = inner.value();
  if (!literal) {
    const auto text = std::string(trim(TRY(inner.text())));
    if (text.empty()) return inner.wrong("Invalid argument syntax: there is no expression");
    if (text.starts_with("${") && text.ends_with('}')) return text.substr(2, text.size() - 3);
    return text;
  }
  if (found.is_null()) return std::string("null");
  if (const auto* text = found.as_string()) return groovy_literal(*text);
  if (const auto* flag = found.as_bool()) return std::string(*flag ? "true" : "false");
  if (const auto* number = found.as_integer()) return fmt::format("{}", *number);
  if (const auto* number = found.as_double()) return fmt::format("{}", *number);
  return inner.wrong("Invalid value type");
}

Result<std::string> word(const Node& node) {
  auto text = TRY(node.text());
  if (!is_word(text)) return node.wrong("Expected a symbol");
  return text;
}

Result<std::string> argument_name(const Node& node) {
  auto text = TRY(node.text());
  return is_word(text) ? text : groovy_literal(text);
}

}  // namespace cupel::pipeline::convert
