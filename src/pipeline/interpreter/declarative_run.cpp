// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.hpp"
#include "pipeline/interpreter/build_facts.hpp"
#include "pipeline/interpreter/stage_runner.hpp"

namespace cupel::pipeline {

Result<> can_restart(const syntax::Pipeline& pipeline, const Restart& restart) {
  const auto& wanted = restart.only.empty() ? restart.from : restart.only;
  if (wanted.empty()) return {};
  if (restart.only.empty() && pipeline.options.disable_restart_from_stage)
    return fail(Fault::invalid, "the pipeline says disableRestartFromStage()");
  std::vector<std::string> names;
  for (const auto& stage : pipeline.stages) names.push_back(stage.name.text);
  if (std::find(names.begin(), names.end(), wanted) != names.end()) return {};
  return fail(Fault::not_found, "the pipeline has no stage '{}' at its top; it has: {}", wanted,
              join(names, ", "));
}

/// agent -> credentials -> environment -> options -> tools -> stages -> post.
Outcome<Value> StageRunner::run(Context& root) {
  bool post_ran = false;
  if (pipeline_->options.rate_limit)
    root.note("rateLimitBuilds has no effect in cupel run: runs are not counted");
  auto result = with_agent(pipeline_->agent, pipeline_->options, root,
                           [&](Context& on_node) { return run_in_agent(on_node, post_ran); });
  if (!result) report(result.error(), root);
  if (post_ran) return result;
  return run_post(pipeline_->post, root, std::move(result));
}

Outcome<Value> StageRunner::run_in_agent(Context& on_node, bool& post_ran) {
  const auto stages_and_post = [&](Context& context) {
    auto result = run_top(context);
    post_ran = true;
    return run_post(pipeline_->post, context, std::move(result));
  };
  return with_environment(pipeline_->environment, on_node, [&](Context& in_environment) {
    return with_options(pipeline_->options.wrappers, 0, in_environment, [&](Context& in_options) {
      return with_tools(pipeline_->tools, in_options, stages_and_post);
    });
  });
}

namespace {

/// A failure that says all by its message, as Jenkins prints it; the others have a place.
bool is_plain(const Exception& exception) {
  return exception.class_name() == "hudson.AbortException" || exception.interruption ||
         !exception.where;
}

syntax::Diagnostic diagnostic_of(const Exception& exception) {
  const bool ours = exception.class_name() == "cupel.UnsupportedException";
  return {*exception.where, ours || is_plain(exception) ? exception.message() : exception.text(),
          "", syntax::Severity::error};
}

}  // namespace

void StageRunner::report(const Signal& signal, const Context& context) {
  const auto exception = signal.exception();
  if (!exception) return;
  announce(signal, context);
  if (!context.caused_by_sibling(signal)) context.run.state.worsen(exception->verdict());
  if (exception->infrastructure) context.run.state.infrastructure_failed();
  if (context.stage) {
    context.stage->worsen(exception->verdict());
    context.stage->add_failure(exception->message());
  }
  if (exception->message().empty()) return;
  context.run.state.add_failure(
      exception->where ? syntax::headline(source_of(*exception), diagnostic_of(*exception))
                       : exception->message());
}

const syntax::Source& StageRunner::source_of(const Exception& exception) const {
  return exception.source ? *exception.source : source_;
}

void StageRunner::announce(const Signal& signal, const Context& context, Say say) {
  const auto exception = signal.exception();
  if (!exception || std::exchange(exception->reported, true)) return;
  if (exception->message().empty()) return;
  auto text = is_plain(*exception)
                  ? "ERROR: " + exception->message()
                  : syntax::render(source_of(*exception), diagnostic_of(*exception));
  while (text.ends_with('\n')) text.pop_back();
  const auto lines = split(text, '\n');
  if (say == Say::as_failure) return context.run.observer.failure(context.path, lines);
  for (const auto& line : lines) context.note(line);
}

}  // namespace cupel::pipeline
