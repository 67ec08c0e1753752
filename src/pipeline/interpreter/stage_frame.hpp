// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "pipeline/interpreter/context.hpp"

namespace cupel::pipeline {

/// Code that runs in a context of its own.
using ContextBody = std::function<Outcome<Value>(Context&)>;

/// A block that Jenkins' console shows where no step is called: from its making to its end. Borrows
/// the context.
class ShownBlock {
 public:
  ShownBlock(const Context& context, std::string_view step);
  ~ShownBlock();
  ShownBlock(const ShownBlock&) = delete;
  ShownBlock& operator=(const ShownBlock&) = delete;
  /// Its brace; those of branches are their own.
  void enter();

 private:
  const Context& context_;
  std::string step_;
  bool entered_ = false;
};

/// Runs `body` as a stage (or branch) `name`: tells the observer, records how it went. What made
/// the body fail is in the stage's record; warnings (unstable, catchError) count for the parent
/// too. Worsening the run by a failure is the caller's matter. Any thread.
Outcome<Value> in_stage(const std::string& name, Observer::StageKind kind, const Context& parent,
                        const ContextBody& body);

}  // namespace cupel::pipeline
