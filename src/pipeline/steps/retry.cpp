// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

/// When a failed body is tried again.
struct Conditions {
  bool any = true;  ///< none were given: every failure
  bool lost_agent = false;
};

Outcome<Conditions> conditions_of(const Arguments& arguments) {
  Conditions conditions;
  const auto* given = arguments.find("conditions");
  if (!given) return conditions;
  conditions.any = false;
  for (const auto& one : TRY(Outcome<std::vector<Value>>(elements(*given)))) {
    const auto map = one.as_map();
    const auto* name = map ? map->find(Value("$class")) : nullptr;
    const auto text = name ? TRY(Outcome<std::string>(to_text(*name))) : std::string();
    if (text == "agent" || text == "kubernetesAgent")
      conditions.lost_agent = true;
    else if (text != "nonresumable")  // nothing here is: each step is resumed
      return raise("java.lang.IllegalArgumentException",
                   "retry: a condition is agent(), kubernetesAgent() or nonresumable()");
  }
  return conditions;
}

/// retry(3) { ... }
class Retry final : public SignedStep {
 public:
  Retry()
      : SignedStep(block(
            "retry", "count", "Runs its body again when it fails; not when it is interrupted",
            {needs("count", Kind::number, "How often at most, with the first time"),
             takes("conditions", Kind::list, "every failure",
                   "Only then: agent(), kubernetesAgent(): the node was lost; nonresumable()")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto count = TRY(arguments.integer("count"));
    const auto conditions = TRY(conditions_of(arguments));
    for (std::int64_t attempt = 1;; ++attempt) {
      auto inner = context.inner();
      auto result = context.run_body(inner);
      if (result || attempt >= count) return result;
      const auto* thrown = std::get_if<Throw>(&result.error().kind());
      // An abort, or a timeout around us, is not tried again; a timeout inside is.
      if (!thrown || (thrown->exception->interruption && thrown->exception->actual)) return result;
      if (!conditions.any && !(conditions.lost_agent && thrown->exception->infrastructure))
        return result;
      const auto error = "ERROR: " + thrown->exception->message();
      if (thrown->exception->reported)
        context.run().observer.failure_retried(context.outer().path, error);
      else
        context.print(error);
      context.print("Retrying");
    }
  }
};

}  // namespace

std::unique_ptr<Step> make_retry() { return std::make_unique<Retry>(); }

}  // namespace cupel::pipeline::steps
