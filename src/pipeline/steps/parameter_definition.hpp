// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pipeline/interpreter/run_parameters.hpp"
#include "pipeline/steps/described.hpp"

namespace cupel::pipeline::steps {

/// string(name: 'X', defaultValue: 'y') of properties([parameters([...])]), or the same by its
/// class. Fails, naming the nearest kind, where there is none of that name. Kinds of plugins are
/// texts.
Outcome<DeclaredParameter> parameter_definition(const Described& object);

}  // namespace cupel::pipeline::steps
