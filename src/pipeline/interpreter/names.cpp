// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/names.hpp"

#include <algorithm>
#include <array>

#include "pipeline/groovy/signal.hpp"

namespace cupel::pipeline {

std::string_view describe(const syntax::BadExpression&) { return "an expression with errors is"; }
std::string_view describe(const syntax::This&) { return "'this' is"; }
std::string_view describe(const syntax::Super&) { return "'super' is"; }
std::string_view describe(const syntax::MethodPointer&) { return "the method pointer .& is"; }
std::string_view describe(const syntax::Spread&) { return "a spread (*) here is"; }
std::string_view describe(const syntax::BadStatement&) { return "a statement with errors is"; }
std::string_view describe(const syntax::DoWhile&) { return "do ... while is"; }
std::string_view describe(const syntax::Switch&) { return "switch is"; }
std::string_view describe(const syntax::Labeled&) { return "a label is"; }
std::string_view describe(const syntax::Synchronized&) { return "synchronized is"; }
std::string_view describe(const syntax::Import&) { return "an import is"; }
std::string_view describe(const syntax::Package&) { return "a package is"; }
std::string_view describe(const syntax::ClassDeclaration&) { return "a class of its own is"; }
std::string_view describe(const syntax::StaticBlock&) { return "a static block is"; }

bool is_unsupported_global(std::string_view name) {
  static constexpr std::array<std::string_view, 22> names = {
      "scm",  "docker",  "Integer", "Long", "Boolean", "Double",     "Float",       "BigDecimal",
      "Math", "System",  "String",  "Date", "List",    "Map",        "JsonSlurper", "JsonOutput",
      "java", "Jenkins", "hudson",  "UUID", "Arrays",  "Collections"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::optional<bool> is_instance(const Value& value, std::string_view type) {
  const auto name = type.substr(type.rfind('.') + 1);
  if (name == "Object") return !value.is_null();
  if (name == "String") return value.as_text() != nullptr;
  if (name == "GString") return value.as_gstring() != nullptr;
  if (name == "CharSequence") return value.is_text();
  if (name == "Integer" || name == "Long")
    return value.type_name() == "java.lang." + std::string(name);
  if (name == "BigDecimal") return value.as_decimal() != nullptr;
  if (name == "Number") return value.as_integer() || value.as_decimal();
  if (name == "Boolean") return value.as_flag() != nullptr;
  if (name == "List" || name == "Collection" || name == "Iterable")
    return value.as_list() || value.as_range();
  if (name == "ArrayList") return value.as_list() != nullptr;
  if (name == "Map") return value.as_map() != nullptr;
  if (name == "Closure") return value.as_closure() != nullptr;
  if (known_exception(type)) {
    const auto object = value.as_object();
    const auto* exception = dynamic_cast<const Exception*>(object.get());
    return exception && exception->is_a(type);
  }
  return std::nullopt;
}

}  // namespace cupel::pipeline
