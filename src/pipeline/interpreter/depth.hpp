// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pipeline/interpreter/context.hpp"

namespace cupel::pipeline {

/// Depth of calls, for as long as one is made.
class Deeper {
 public:
  explicit Deeper(Context& context) : context_(context) { ++context_.depth; }
  ~Deeper() { --context_.depth; }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;

 private:
  Context& context_;
};

}  // namespace cupel::pipeline
