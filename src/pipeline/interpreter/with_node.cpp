// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/with_node.hpp"

#include "pipeline/interpreter/held_lease.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/scm_value.hpp"

namespace cupel::pipeline {

Outcome<Value> run_on(const std::shared_ptr<HeldNode>& node, Context& context,
                      const ContextBody& body) {
  context.note("Running on " + node->lease().node_name() + " in " + node->workspace());
  auto inner = context;
  inner.node = node;
  inner.directory = node->workspace();
  auto result = body(inner);
  const auto trouble = node->lease().trouble();
  if (!result && trouble && trouble->blame == Trouble::Blame::host)
    context.run.state.infrastructure_failed();
  // Only for the record of the stage.
  if (context.stage) context.stage->set_node(node->lease().node_name());
  return result;
}

Lease::Outcome lease_outcome(const Outcome<Value>& result, const Context& context) {
  return result && context.run.state.current() == model::Verdict::success ? Lease::Outcome::passed
                                                                          : Lease::Outcome::failed;
}

Outcome<Value> with_node(const NodeWish& wish, Context& context, const ContextBody& body) {
  auto node = std::make_shared<HeldNode>(TRY(take_lease({wish.label, wish.machine}, context)));
  if (!wish.workspace.empty()) {
    const auto beside = os::fs::path(node->workspace()).parent_path();
    node->move_workspace((beside / wish.workspace).lexically_normal().string());
  }
  auto result = run_on(node, context, body);
  const auto outcome = lease_outcome(result, context);
  // Known before it happens: a resumed run asks nothing of a node that may be gone.
  auto& interpreter = context.run.interpreter;
  Branch own;
  own.path = giving_back(node->lease().ticket(), context);
  auto aside = context;
  aside.branch = &own;
  auto known = interpreter.observe(aside, "give back", [] { return Outcome<Value>(Value()); });
  if (!known) {
    if (result) result = std::move(known);
    return result;
  }
  // Ending what still runs there, or the machine itself, takes its time.
  auto released = interpreter.apart(context, "given back", [&]() -> Outcome<Value> {
    node->lease().set_outcome(outcome);
    node.reset();
    return Value();
  });
  if (result && !released) return released;
  return result;
}

namespace {

Outcome<Value> check_out(Scm& scm, Context& context, const std::string& directory) {
  auto variables = scm.check_out(context.node->place(), directory, context.stop);
  if (variables) {
    auto map = std::make_shared<Map>();
    for (const auto& [name, value] : *variables)
      TRY(Outcome<void>(map->put(Value(name), Value(value))));
    return Value(std::move(map));
  }
  if (context.stop.requested() &&
      (variables.error().fault() == Fault::stopped || variables.error().fault() == Fault::timeout))
    return interrupt("", model::Verdict::aborted);
  auto exception = std::make_shared<Exception>("hudson.AbortException", variables.error().text());
  exception->infrastructure = variables.error().fault() != Fault::invalid;
  return tl::unexpected(Signal(Throw{std::move(exception)}));
}

}  // namespace

Outcome<Variables> check_out_project(Context& context, const std::string& directory) {
  auto* scm = context.run.scm;
  if (!scm) return no_scm();
  const auto checked_out =
      TRY(context.run.interpreter.perform({"checkout", ""}, context, [&](const StepId&, Attempt&) {
        return check_out(*scm, context, directory);
      }));
  Variables variables;
  for (const auto& [name, value] : checked_out.as_map()->entries())
    variables[TRY(Outcome<std::string>(to_text(name)))] = TRY(Outcome<std::string>(to_text(value)));
  return variables;
}

}  // namespace cupel::pipeline
