// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "pipeline/syntax/declarative.hpp"

namespace cupel::pipeline {

/// The first part of a valid pipeline that cannot be run yet, or nothing. A pipeline must not run
/// with a part of it left out.
std::optional<syntax::Diagnostic> not_yet(const syntax::Jenkinsfile& file);

}  // namespace cupel::pipeline
