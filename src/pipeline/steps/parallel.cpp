// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/branches.hpp"
#include "pipeline/steps/makers.hpp"

namespace cupel::pipeline::steps {
namespace {

using Kind = syntax::ParameterKind;

/// parallel a: { ... }, b: { ... }, failFast: true  |  parallel(map)
class Parallel final : public SignedStep {
 public:
  Parallel()
      : SignedStep({.name = "parallel",
                    .parameters = {{.name = "failFast",
                                    .kind = Kind::flag,
                                    .about = "the first failure interrupts the other branches",
                                    .otherwise = "false"}},
                    .about = "Runs closures side by side; gives a map of their values.",
                    .open = true}) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto fail_fast = TRY(arguments.flag("failFast")) ? FailFast::yes : FailFast::no;
    std::vector<BranchWork> branches;
    for (const auto& [name, value] : arguments.all()) {
      if (name == "failFast") continue;
      const auto closure = value.as_closure();
      if (!closure)
        return raise("java.lang.IllegalArgumentException",
                     "Expected a closure or failFast as the value of '{}' of parallel, not a {}",
                     name, value.type_name());
      branches.push_back({name, [&context, &name, closure](Context& own) {
                            return branch(name, *closure, context, own);
                          }});
    }
    auto values = TRY(run_branches(branches, fail_fast, context.here()));
    auto map = std::make_shared<Map>();
    for (std::size_t i = 0; i < branches.size(); ++i)
      TRY(Outcome<void>(map->put(Value(branches[i].name), std::move(values[i]))));
    return Value(std::move(map));
  }

 private:
  static Outcome<Value> branch(const std::string& name, const Closure& closure,
                               StepContext& context, Context& own) {
    return in_stage(name, Observer::StageKind::bare_branch, own,
                    [&](Context& inner) { return context.call(closure, {}, inner); });
  }
};

}  // namespace

std::unique_ptr<Step> make_parallel() { return std::make_unique<Parallel>(); }

}  // namespace cupel::pipeline::steps
