// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "pipeline/interpreter/step.hpp"

namespace cupel::pipeline::steps {

/// Adds the MD5 digests of files below the current directory to the artifact fingerprints.md5, in
/// the form of md5sum.
Outcome<void> record_fingerprints(const std::vector<std::string>& names, StepContext& context);

}  // namespace cupel::pipeline::steps
