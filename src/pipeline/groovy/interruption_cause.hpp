// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pipeline/groovy/object.hpp"
#include "pipeline/groovy/signal.hpp"

namespace cupel::pipeline {

/// Why a run was interrupted: one of FlowInterruptedException.getCauses(), with its short
/// description and, where a person did it, that person's name.
class InterruptionCause final : public Object {
 public:
  InterruptionCause(std::string type, std::string description, std::string user = {});

  /// What an interruption with this message was caused by: the message is all that the record of a
  /// step keeps, and says it. Empty: somebody stopped the run.
  static Value from(const std::string& message);

  std::string type_name() const override { return type_; }
  Outcome<std::string> to_string() override { return description_; }
  Outcome<Value> get(const std::string& name, Context& context) override;
  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override;

 private:
  std::string type_;
  std::string description_;
  std::string user_;
};

}  // namespace cupel::pipeline
