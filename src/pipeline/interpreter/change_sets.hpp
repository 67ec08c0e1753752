// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pipeline/interpreter/context.hpp"

namespace cupel::pipeline {

/// currentBuild.changeSets: the commits since the run before as Jenkins shows them, one set of
/// git's with an item for each, the newest first; no set where nothing changed.
Outcome<Value> change_sets(Context& context);

}  // namespace cupel::pipeline
