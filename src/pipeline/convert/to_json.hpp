// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/json.hpp"
#include "pipeline/syntax/declarative.hpp"

namespace cupel::pipeline::convert {

/// The `pipeline { }` of a valid file in the JSON form of Jenkins' pipeline-model converter:
/// {"pipeline": {"stages": [...], "agent": {...}}}. A value that is no literal is Groovy text with
/// isLiteral false. What stands outside of the block has no place in that form. The error says that
/// there is no block.
Result<json::Value> to_json(const syntax::Source& source, const syntax::Script& script,
                            const syntax::Vocabulary& vocabulary);

}  // namespace cupel::pipeline::convert
