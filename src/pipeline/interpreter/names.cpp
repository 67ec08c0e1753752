// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/names.hpp"

#include <algorithm>
#include <array>

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
  static constexpr std::array<std::string_view, 20> names = {
      "Integer", "Long", "Boolean", "Double",     "Float",       "BigDecimal",
      "Math", "System",  "String",  "Date", "List",    "Map",        "JsonSlurper", "JsonOutput",
      "java", "Jenkins", "hudson",  "UUID", "Arrays",  "Collections"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace cupel::pipeline
