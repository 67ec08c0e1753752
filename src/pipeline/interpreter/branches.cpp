// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/branches.hpp"

#include "base/crew.hpp"
#include "base/locked.hpp"
#include "pipeline/interpreter/interpreter.hpp"

namespace cupel::pipeline {
namespace {

/// Jenkins' order: an exception of the code outweighs a failed step, which outweighs an
/// interruption.
int weight(const Exception& exception) {
  if (exception.interruption) return 0;
  return exception.class_name() == "hudson.AbortException" ? 1 : 2;
}

/// What all of them together fail with.
Signal worst_of(std::vector<Signal> failures, FailFast fail_fast) {
  std::size_t worst = 0;
  // The others were only interrupted because of the first.
  if (fail_fast == FailFast::yes) return std::move(failures[0]);
  for (std::size_t i = 1; i < failures.size(); ++i) {
    const auto best = failures[worst].exception();
    const auto other = failures[i].exception();
    if (!other || !best) continue;
    if (weight(*other) > weight(*best) ||
        (weight(*other) == 0 && weight(*best) == 0 && other->verdict() > best->verdict()))
      worst = i;
  }
  return std::move(failures[worst]);
}

/// Has the interpreter's lock afterwards, whatever comes out.
Outcome<Value> run_branch(const BranchWork& work, Context& own) {
  auto& interpreter = own.run.interpreter;
  TRY(interpreter.enter(own, "branch"));
  auto value = TRY(work.body(own));
  TRY(interpreter.turns().leave(*own.branch));
  return value;
}

}  // namespace

void show_branches(const std::vector<std::string>& names, const Context& context) {
  for (const auto& name : names)
    context.run.observer.block(context.path,
                               {BlockEvent::Edge::entered, "parallel", "Branch: " + name});
}

Outcome<std::vector<Value>> run_branches(const std::vector<BranchWork>& branches,
                                         FailFast fail_fast, const Context& context) {
  auto& interpreter = context.run.interpreter;
  const Interpreter::Turn turn(interpreter);
  auto all = std::string("branches");
  std::vector<std::string> names;
  for (const auto& branch : branches) {
    all += "/" + branch.name;
    names.push_back(branch.name);
  }
  TRY(interpreter.observe(context, all, [] { return Outcome<Value>(Value()); }));
  const auto origin = fmt::format("{}/{} ", context.branch->path, context.branch->steps);

  show_branches(names, context);

  std::vector<Value> values(branches.size());
  Locked<std::vector<Signal>> failures;
  Crew crew(context.stop);
  for (std::size_t i = 0; i < branches.size(); ++i) {
    crew.add(branches[i].name, [&, i](const Stop& stop) -> Result<> {
      Branch branch;
      branch.path = origin + branches[i].name;
      auto own = context;
      own.branch = &branch;
      own.stop = stop;
      if (fail_fast == FailFast::yes) own.around = context.stop;
      own.depth = 0;
      auto result = run_branch(branches[i], own);
      if (result) {
        values[i] = std::move(*result);
      } else {
        if (!own.caused_by_sibling(result.error()))
          own.run.observer.block(context.path,
                                 {BlockEvent::Edge::failed, "parallel", branches[i].name});
        failures.lock()->push_back(std::move(result.error()));
        if (fail_fast == FailFast::yes) crew.stop();
      }
      interpreter.leave();
      return {};
    });
  }
  TRY(interpreter.apart(context, "join", [&]() -> Outcome<Value> {
    TRY(Outcome<void>(crew.join()));
    return Value();
  }));
  auto failed = std::move(*failures.lock());
  if (!failed.empty()) return tl::unexpected(worst_of(std::move(failed), fail_fast));
  return values;
}

}  // namespace cupel::pipeline
