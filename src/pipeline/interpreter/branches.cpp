// SPDX-License-Identifier: Apache-2.0
#include "base/crew.hpp"
#include "base/locked.hpp"
#include "pipeline/interpreter/stage_runner.hpp"

namespace cupel::pipeline {
namespace {

/// Jenkins' order: an exception of the code outweighs a failed step, which outweighs an
/// interruption.
int weight(const Exception& exception) {
  if (exception.interruption) return 0;
  return exception.class_name() == "hudson.AbortException" ? 1 : 2;
}

/// The one that the parallel stage fails with: the worst; of equals, the first in time.
Outcome<Value> worst_of(std::vector<Outcome<Value>> failures, bool fail_fast) {
  if (failures.empty()) return Value();
  std::size_t worst = 0;
  // The others were only interrupted because of the first.
  if (fail_fast) return std::move(failures[0]);
  for (std::size_t i = 1; i < failures.size(); ++i) {
    const auto& best = *failures[worst].error().exception();
    const auto& other = *failures[i].error().exception();
    if (weight(other) > weight(best) ||
        (weight(other) == 0 && weight(best) == 0 && other.verdict() > best.verdict()))
      worst = i;
  }
  return std::move(failures[worst]);
}

}  // namespace

Outcome<Value> StageRunner::run_branches(const syntax::Parallel& parallel, const Context& context) {
  Locked<std::vector<Outcome<Value>>> failures;
  Crew crew(context.stop);
  for (const auto& stage : parallel.branches) {
    crew.add(stage.name.text, [&, this](const Stop& stop) -> Result<> {
      Branch branch;
      branch.path = context.branch->path + "/" + stage.name.text;
      auto own = context;
      own.branch = &branch;
      own.stop = stop;
      if (parallel.fail_fast) own.around = context.stop;
      own.depth = 0;
      auto result = run_stage(stage, own, Observer::StageKind::branch);
      if (result) return {};
      failures.lock()->push_back(std::move(result));
      if (parallel.fail_fast) crew.stop();
      return {};
    });
  }
  TRY(Outcome<void>(crew.join()));
  return worst_of(std::move(*failures.lock()), parallel.fail_fast);
}

}  // namespace cupel::pipeline
