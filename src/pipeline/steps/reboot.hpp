// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "pipeline/interpreter/step.hpp"

namespace cupel::pipeline::steps {

std::unique_ptr<Step> make_reboot();

}  // namespace cupel::pipeline::steps
