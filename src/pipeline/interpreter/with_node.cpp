// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/with_node.hpp"

#include "pipeline/interpreter/scm_value.hpp"

namespace cupel::pipeline {
namespace {

Outcome<std::shared_ptr<HeldNode>> acquire(const std::string& label, Context& context) {
  auto lease = context.run.nodes.acquire(
      label, [&](std::string_view line) { context.note(line); }, context.stop);
  if (lease) return std::make_shared<HeldNode>(std::move(*lease));
  const auto fault = lease.error().fault();
  if (context.stop.requested() && (fault == Fault::stopped || fault == Fault::timeout))
    return interrupt("", model::Verdict::aborted);
  auto exception = std::make_shared<Exception>("hudson.AbortException", lease.error().text());
  exception->infrastructure = fault != Fault::invalid && fault != Fault::not_found;
  return tl::unexpected(Signal(Throw{std::move(exception)}));
}

}  // namespace

Outcome<Value> with_node(const NodeWish& wish, Context& context, const ContextBody& body) {
  auto node = TRY(acquire(wish.label, context));
  if (!wish.workspace.empty()) {
    const auto beside = os::fs::path(node->workspace()).parent_path();
    node->move_workspace((beside / wish.workspace).lexically_normal().string());
  }
  context.note("Running on " + node->lease().node_name() + " in " + node->workspace());
  auto inner = context;
  inner.node = node;
  inner.directory = node->workspace();
  auto result = body(inner);
  const auto trouble = node->lease().trouble();
  if (!result && trouble && trouble->blame == Trouble::Blame::host)
    context.run.state.infrastructure_failed();
  node->lease().set_outcome(result && context.run.state.current() == model::Verdict::success
                                ? Lease::Outcome::passed
                                : Lease::Outcome::failed);
  // Only for the record of the stage; the lease itself ends here.
  if (context.stage) context.stage->set_node(node->lease().node_name());
  return result;
}

Outcome<Variables> check_out_project(Context& context, const std::string& directory) {
  auto* scm = context.run.scm;
  if (!scm) return no_scm();
  auto variables = scm->check_out(context.node->place(), directory, context.stop);
  if (variables) return std::move(*variables);
  if (context.stop.requested() &&
      (variables.error().fault() == Fault::stopped || variables.error().fault() == Fault::timeout))
    return interrupt("", model::Verdict::aborted);
  auto exception = std::make_shared<Exception>("hudson.AbortException", variables.error().text());
  exception->infrastructure = variables.error().fault() != Fault::invalid;
  return tl::unexpected(Signal(Throw{std::move(exception)}));
}

}  // namespace cupel::pipeline
