// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "pipeline/syntax/signature.hpp"

/// Words to write a step's signature with, so that it reads like its documentation.
namespace cupel::pipeline::steps {

using Kind = syntax::ParameterKind;
using Parameters = std::vector<syntax::StepParameter>;

/// A parameter that must be given.
syntax::StepParameter needs(std::string name, Kind kind, std::string about);
/// One that may be left out; `otherwise` is what holds then.
syntax::StepParameter takes(std::string name, Kind kind, std::string otherwise, std::string about);
/// A text that is one of a few.
syntax::StepParameter takes_one_of(std::string name, std::vector<std::string> choices,
                                   std::string otherwise, std::string about);
/// Known to Jenkins, without meaning here: it is taken and does nothing.
syntax::StepParameter ignores(std::string name, Kind kind);

/// `unnamed`: the parameter that `step 'x'` sets; empty: none.
syntax::StepSignature step(std::string name, std::string unnamed, std::string about,
                           Parameters parameters);
/// The same with a body.
syntax::StepSignature block(std::string name, std::string unnamed, std::string about,
                            Parameters parameters);

}  // namespace cupel::pipeline::steps
