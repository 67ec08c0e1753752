// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/digest.hpp"
#include "base/text.hpp"
#include "pipeline/interpreter/finished_build.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/jobs.hpp"
#include "pipeline/steps/described.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

/// What `parameters:` may hold: a value by the name of its kind, or by its class.
Outcome<void> check_kind(const std::string& kind) {
  static const std::vector<std::string> symbols = {"string",   "text",        "booleanParam",
                                                   "password", "credentials", "run"};
  if (std::find(symbols.begin(), symbols.end(), kind) != symbols.end() ||
      kind.ends_with("ParameterValue"))
    return {};
  if (kind == "choice")
    return raise("java.lang.IllegalArgumentException",
                 "build: the value of a choice is given as string(name: ..., value: ...)");
  const auto close = nearest(kind, symbols);
  return raise("java.lang.IllegalArgumentException",
               "build: '{}' is no kind of parameter; there are {}{}", kind, join(symbols, ", "),
               close ? ": did you mean '" + *close + "'?" : "");
}

Outcome<std::map<std::string, std::string>> parameters_of(const Arguments& arguments,
                                                          Masks& masks) {
  std::map<std::string, std::string> all;
  for (const auto& one : TRY(all_described(arguments.find("parameters"), "build"))) {
    TRY(check_kind(one.kind));
    const auto name = TRY(one.arguments.text("name"));
    const auto* value = one.arguments.find("value");
    if (!value)
      return raise("java.lang.IllegalArgumentException", "build: the parameter '{}' has no value",
                   name);
    auto text = value->is_null() ? std::string() : TRY(Outcome<std::string>(to_text(*value)));
    if (one.kind == "password" || one.kind == "PasswordParameterValue") masks.add(name, text);
    all[name] = std::move(text);
  }
  return all;
}

/// build 'other'  |  build job: 'other', parameters: [string(name: 'X', value: 'y')], wait: false
class Build final : public SignedStep {
 public:
  Build()
      : SignedStep(step(
            "build", "job",
            "Runs another pipeline of this host as a run of its own, and gives it: number, result, "
            "buildVariables, ...; null without wait",
            {needs("job", Kind::text,
                   "A [[job]] of cupel.toml, or the path of a Jenkinsfile or of its directory"),
             takes("parameters", Kind::list, "its defaults",
                   "string(name: 'X', value: 'y'), booleanParam, text, password, ..."),
             takes("wait", Kind::flag, "true", "Whether to wait until it has ended"),
             takes("propagate", Kind::flag, "true",
                   "Whether its result is ours if it is not SUCCESS"),
             takes("waitForStart", Kind::flag, "false",
                   "Without wait: whether to give the run once it has begun"),
             ignores("quietPeriod", Kind::number)})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    BuildOrder order;
    order.job = TRY(arguments.text("job"));
    order.parameters = TRY(parameters_of(arguments, context.masks()));
    const bool wait = TRY(arguments.flag("wait", true));
    const bool early = TRY(arguments.flag("waitForStart"));
    order.wait = wait ? BuildOrder::Wait::yes : BuildOrder::Wait::no;
    auto* jobs = context.services().jobs;
    if (!jobs)
      return raise("hudson.AbortException", "build: there are no other pipelines to run here");
    const auto digest = TRY(Outcome<std::string>(arguments.digest()));
    const auto known = TRY(context.run().interpreter.perform(
        {"build", digest, Replay::goes_on}, context.outer(),
        [&](const StepId& id, Attempt&) { return live(order, id, *jobs, context); }));
    if (!wait && !early) return Value();
    auto ended = run_of_plain(known);
    const bool propagate = TRY(arguments.flag("propagate", true));
    if (!wait || !propagate || ended.verdict == model::Verdict::success)
      return finished_build(std::move(ended), "");
    auto failed =
        interrupt(fmt::format("{} {} completed with status {} (propagate: false to ignore)",
                              ended.project, ended.display_name, model::name(ended.verdict)),
                  ended.verdict);
    failed.value().exception()->actual = false;
    return failed;
  }

 private:
  static Outcome<Value> live(BuildOrder& order, const StepId& id, Jobs& jobs,
                             StepContext& context) {
    order.key = digest_of(fmt::format("{}/{}", id.branch, id.ordinal)).brief();
    context.print("Scheduling project: " + order.job);
    auto ended = jobs.build(
        order, [&](std::string_view line) { context.print(line); }, context.stop());
    if (!ended && context.stop().requested()) return interrupt("", model::Verdict::aborted);
    if (!ended) return raise("hudson.AbortException", "build: {}", ended.error().text());
    if (order.wait == BuildOrder::Wait::yes)
      context.print(fmt::format("Build {} {} completed: {} after {}", ended->project,
                                ended->display_name, model::name(ended->verdict),
                                cupel::to_text(ended->duration)));
    return Outcome<Value>(plain_run(*ended));
  }
};

}  // namespace

std::unique_ptr<Step> make_build() { return std::make_unique<Build>(); }

}  // namespace cupel::pipeline::steps
