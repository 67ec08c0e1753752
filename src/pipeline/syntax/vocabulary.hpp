// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "pipeline/syntax/signature.hpp"

namespace cupel::pipeline::syntax {

/// What a Jenkinsfile may call beside what it declares itself. Borrows the signatures.
struct Vocabulary {
  enum class Others {
    unknown,       ///< another name is an error
    of_libraries,  ///< it may be a variable of a library that is always loaded
    ignored,       ///< nothing is said about names: only the syntax is checked
  };

  Vocabulary(std::span<const StepSignature> signatures) : steps(signatures) {}
  Vocabulary(const std::vector<StepSignature>& signatures) : steps(signatures) {}

  std::span<const StepSignature> steps;
  std::vector<std::string> mapped;  ///< steps to which the operator gave a meaning
  Others others = Others::unknown;
};

}  // namespace cupel::pipeline::syntax
