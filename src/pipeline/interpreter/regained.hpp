// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pipeline/interpreter/context.hpp"

namespace cupel::pipeline {

/// What a body had when its run was killed in the middle of it, and needs again before anything
/// more happens there: while its records are replayed nothing does. A tap that hears nothing, since
/// whatever runs in the body has its taps. Any thread.
class Regained : public OutputTap {
 public:
  using OutputTap::OutputTap;
  void take(place::Stream, std::string_view) final {}

  /// Called before each effect in the body that is not replayed, without the interpreter's lock;
  /// what stands further outside comes first. May block. If it fails, so does the effect.
  virtual Outcome<void> regain(const Context& context) = 0;
};

/// All that the bodies around `context` need again.
Outcome<void> regain(const Context& context);

}  // namespace cupel::pipeline
