// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "pipeline/groovy/object.hpp"

namespace cupel::pipeline {

/// The variable `docker`: image(), build(), withRegistry(). What has an effect are the steps
/// docker.inside, docker.run, ...; the objects themselves are but names.
std::shared_ptr<Object> make_docker();

}  // namespace cupel::pipeline
