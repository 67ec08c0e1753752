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

/// `params`: fixed when the run starts.
std::shared_ptr<Object> make_params(std::vector<std::pair<std::string, Value>> values);

/// `currentBuild`. The previous run's verdict, if there was one.
std::shared_ptr<Object> make_current_build(std::optional<model::Verdict> previous);

}  // namespace cupel::pipeline
