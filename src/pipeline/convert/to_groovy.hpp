// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/json.hpp"
#include "pipeline/syntax/vocabulary.hpp"

namespace cupel::pipeline::convert {

/// The JSON form of Jenkins' pipeline-model converter as a declarative pipeline. The document is
/// foreign: the error names the place in it, as "/pipeline/stages/0: ...". The vocabulary says
/// which parameter of a step needs no name.
Result<std::string> to_groovy(const json::Value& document, const syntax::Vocabulary& vocabulary);

/// A text as a Groovy literal, with ''' where it has several lines.
std::string groovy_literal(std::string_view text);

}  // namespace cupel::pipeline::convert
