// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "pipeline/syntax/declarative.hpp"

namespace cupel::pipeline {

/// The libraries that a file asks for before its code: @Library and libraries { }, in their order.
std::vector<syntax::LibraryUse> library_uses(const syntax::Jenkinsfile& file);

}  // namespace cupel::pipeline
