// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/regained.hpp"

namespace cupel::pipeline {
namespace {

Outcome<void> regain_from(OutputTap* tap, const Context& context) {
  if (!tap) return {};
  TRY(regain_from(tap->outer(), context));
  auto* regained = dynamic_cast<Regained*>(tap);
  return regained ? regained->regain(context) : Outcome<void>();
}

}  // namespace

Outcome<void> regain(const Context& context) { return regain_from(context.tap, context); }

}  // namespace cupel::pipeline
