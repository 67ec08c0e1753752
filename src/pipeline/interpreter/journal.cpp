// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/journal.hpp"

namespace cupel::pipeline {

Result<Ending> ending_of(const Outcome<Value>& outcome) {
  Ending ending;
  if (outcome) {
    ending.value = TRY(frozen(*outcome));
    return ending;
  }
  const auto exception = outcome.error().exception();
  if (!exception) return fail(Fault::internal, "a step ended by neither a value nor an exception");
  const bool refused = std::holds_alternative<Exhausted>(outcome.error().kind());
  ending.kind = refused ? Ending::Kind::refused : Ending::Kind::thrown;
  ending.class_name = exception->class_name();
  ending.message = exception->message();
  ending.interruption = exception->interruption;
  ending.actual = exception->actual;
  ending.infrastructure = exception->infrastructure;
  return ending;
}

Outcome<Value> outcome_of(const Ending& ending) {
  if (ending.kind == Ending::Kind::value) return Outcome<Value>(frozen(ending.value));
  auto exception = std::make_shared<Exception>(ending.class_name, ending.message);
  exception->interruption = ending.interruption;
  exception->actual = ending.actual;
  exception->infrastructure = ending.infrastructure;
  if (ending.kind == Ending::Kind::refused)
    return tl::unexpected(Signal(Exhausted{std::move(exception)}));
  return tl::unexpected(Signal(Throw{std::move(exception)}));
}

}  // namespace cupel::pipeline
