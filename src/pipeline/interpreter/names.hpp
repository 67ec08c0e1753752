// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "pipeline/groovy/value.hpp"
#include "pipeline/syntax/ast.hpp"

namespace cupel::pipeline {

// What the interpreter does not run yet, by the words in which its error says so ("... not
// supported yet").
std::string_view describe(const syntax::BadExpression&);
std::string_view describe(const syntax::This&);
std::string_view describe(const syntax::Super&);
std::string_view describe(const syntax::MethodPointer&);
std::string_view describe(const syntax::Spread&);
std::string_view describe(const syntax::BadStatement&);
std::string_view describe(const syntax::DoWhile&);
std::string_view describe(const syntax::Switch&);
std::string_view describe(const syntax::Labeled&);
std::string_view describe(const syntax::Synchronized&);
std::string_view describe(const syntax::Import&);
std::string_view describe(const syntax::Package&);
std::string_view describe(const syntax::ClassDeclaration&);
std::string_view describe(const syntax::StaticBlock&);

/// Names that Jenkins or Java give a meaning, and cupel does not yet: scm, docker, System.
bool is_unsupported_global(std::string_view name);

}  // namespace cupel::pipeline
