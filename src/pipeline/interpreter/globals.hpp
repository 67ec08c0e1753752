// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "pipeline/groovy/object.hpp"
#include "pipeline/interpreter/context.hpp"

namespace cupel::pipeline {

/// `env`: reads what a command would see here; writes hold for the whole run.
std::shared_ptr<Object> make_env();  // shared, as all Groovy objects

/// `currentBuild`.
std::shared_ptr<Object> make_current_build();

}  // namespace cupel::pipeline
