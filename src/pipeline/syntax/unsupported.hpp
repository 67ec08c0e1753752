// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace cupel::pipeline::syntax {

/// Where in a Jenkinsfile a word may stand.
enum class Where { pipeline, stage, agent, option, parameter, environment, script, annotation };

/// Whether Jenkins knows the word there, but cupel does nothing with it yet. Such a word is an
/// error: a pipeline must not run with a part of it left out.
bool is_unsupported(Where where, std::string_view word);

}  // namespace cupel::pipeline::syntax
