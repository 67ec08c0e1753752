// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "pipeline/interpreter/context.hpp"
#include "pipeline/interpreter/scm.hpp"

namespace cupel::pipeline {

/// The variable `scm`: a GitSCM, with the project's own remote and branch. Fails with
/// Jenkins' text where a run has none. The interpreter's lock is held.
Outcome<Value> own_scm(Context& context);

/// Jenkins' text for a run that has no source of its own.
tl::unexpected<Signal> no_scm();

/// The map of what is given as an scm; null if it is none.
std::shared_ptr<Map> map_of(const Value& scm);
/// Whether it is the variable `scm` itself.
bool is_own_scm(const Map& scm);
/// Whether it was put together from the branches and the remote of `scm`: then the project's own
/// files are meant, which need no remote.
bool names_own_source(const Map& scm);

}  // namespace cupel::pipeline
