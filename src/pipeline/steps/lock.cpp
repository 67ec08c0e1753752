// SPDX-License-Identifier: Apache-2.0
#include "base/locked.hpp"
#include "base/text.hpp"
#include "pipeline/interpreter/locks.hpp"
#include "pipeline/interpreter/regained.hpp"
#include "pipeline/interpreter/with_container.hpp"
#include "pipeline/steps/described.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

std::string shown(const Locks::Request& request) {
  if (!request.resource.empty()) return "Resource: " + request.resource;
  return "Label: " + request.label +
         (request.quantity > 0 ? ", Quantity: " + std::to_string(request.quantity) : "");
}

using HeldLocks = std::vector<std::unique_ptr<HeldLock>>;

/// What an earlier process had locked for a body. If it did not end that body, others may have it
/// by now; if it did, nothing happens in there any more that wants it.
class LocksOfBefore final : public Regained {
 public:
  LocksOfBefore(OutputTap* outer, Locks& locks, const std::vector<std::string>& names)
      : Regained(outer), locks_(locks), names_(names) {}

  Outcome<void> regain(const Context& context) override {
    {
      auto now = state_.wait(context.stop, [](const State& state) { return !state.being_taken; });
      if (!now) return tl::unexpected(failure_of(std::move(now.error()), context));
      if ((*now)->all) return {};
      (*now)->being_taken = true;
    }
    auto taken = take_all(context);
    auto now = state_.lock();
    now->being_taken = false;
    state_.notify();
    if (!taken) return tl::unexpected(failure_of(std::move(taken.error()), context));
    now->all = std::move(*taken);
    return {};
  }

 private:
  struct State {
    std::optional<HeldLocks> all;
    bool being_taken = false;  ///< by one branch of the body
  };

  Result<HeldLocks> take_all(const Context& context) {
    HeldLocks taken;
    for (const auto& name : names_) {
      Locks::Request request;
      request.resource = name;
      const auto waiting = [&](std::string_view who) {
        context.note("[" + shown(request) + "] is locked by " + std::string(who) +
                     " since this run was cut off, waiting...");
      };
      taken.push_back(TRY(locks_.take(request, waiting, context.stop)));
    }
    return taken;
  }

  Locks& locks_;
  const std::vector<std::string>& names_;  // of the step, around its body; in the order of taking
  Locked<State> state_;
};

/// lock('resource') { ... }  |  lock(label: 'boards', quantity: 1, variable: 'BOARD') { ... }
class Lock final : public SignedStep {
 public:
  Lock()
      : SignedStep(block(
            "lock", "resource",
            "Keeps a named resource for its body: other runs of this user on this host wait",
            {takes("resource", Kind::text, "", "Its name; or:"),
             takes("label", Kind::text, "", "A label of resources of [locks] in cupel.toml"),
             takes("quantity", Kind::number, "all", "How many of those with the label"),
             takes("variable", Kind::text, "",
                   "Holds the names, with commas; with a 0, 1, ... behind it each of them"),
             takes("skipIfLocked", Kind::flag, "false",
                   "Whether to pass over the body instead of waiting"),
             takes("extra", Kind::list, "",
                   "More: [resource: 'name'] or [label: 'x', quantity: 1]"),
             ignores("inversePrecedence", Kind::flag), ignores("priority", Kind::number),
             ignores("reason", Kind::text), ignores("resourceSelectStrategy", Kind::text)})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    std::vector<Locks::Request> requests;
    if (arguments.has("resource") || arguments.has("label"))
      requests.push_back(TRY(request_of(arguments)));
    if (const auto* extra = arguments.find("extra"))
      for (const auto& one : TRY(Outcome<std::vector<Value>>(elements(*extra))))
        requests.push_back(TRY(request_of(TRY(described_map(one, "lock: extra")))));
    if (requests.empty())
      return raise("java.lang.IllegalArgumentException",
                   "Either resource or label must be specified.");
    // Always in the same order, so that two runs never wait for each other.
    std::sort(requests.begin(), requests.end(),
              [](const auto& a, const auto& b) { return shown(a) < shown(b); });
    auto* locks = context.services().locks;
    if (!locks) return raise("hudson.AbortException", "lock: this run has no locks");
    const auto wait =
        TRY(arguments.flag("skipIfLocked")) ? Locks::Request::Wait::no : Locks::Request::Wait::yes;
    for (auto& request : requests) request.wait = wait;
    Taken taken;
    const auto known = TRY(context.recorded("lock", Replay::repeatable, [&](StepContext& own) {
      return take_all(*locks, requests, taken.held, own);
    }));
    if (known.is_null()) return Value();
    for (const auto& name : known.as_list()->items)
      taken.names.push_back(TRY(Outcome<std::string>(to_text(name))));
    return run_with(std::move(taken), *locks, TRY(arguments.text("variable", "")), context);
  }

 private:
  struct Taken {
    HeldLocks held;  ///< empty where an earlier process took them
    std::vector<std::string> names;
  };

  static Outcome<Locks::Request> request_of(const Arguments& arguments) {
    Locks::Request request;
    request.resource = TRY(arguments.text("resource", ""));
    request.label = TRY(arguments.text("label", ""));
    if (arguments.has("quantity")) {
      const auto quantity = TRY(arguments.integer("quantity"));
      if (quantity < 0)
        return raise("java.lang.IllegalArgumentException", "lock: a quantity of {} is not possible",
                     quantity);
      request.quantity = static_cast<std::size_t>(quantity);
    }
    if (request.resource.empty() == request.label.empty())
      return raise("java.lang.IllegalArgumentException", "{}",
                   request.resource.empty() ? "Either resource or label must be specified."
                                            : "Label and resource name cannot be specified "
                                              "simultaneously.");
    return request;
  }

  /// Null: it is taken, and the body is passed over.
  static Outcome<std::unique_ptr<HeldLock>> take(Locks& locks, const Locks::Request& request,
                                                 StepContext& context) {
    context.print("Trying to acquire lock on [" + shown(request) + "]");
    const auto waiting = [&](std::string_view who) {
      context.print("[" + shown(request) + "] is locked by " + std::string(who) + ", waiting...");
    };
    auto taken = locks.take(request, waiting, context.stop());
    if (taken) {
      context.print("Lock acquired on [" + shown(request) + "]");
      return std::move(*taken);
    }
    if (taken.error().fault() != Fault::conflict || request.wait == Locks::Request::Wait::yes)
      return tl::unexpected(context.failure(std::move(taken.error())));
    context.print("[" + shown(request) + "] is locked, skipping execution...");
    return std::unique_ptr<HeldLock>();
  }

  /// The names of what was taken; null: the body is passed over.
  static Outcome<Value> take_all(Locks& locks, const std::vector<Locks::Request>& requests,
                                 HeldLocks& held, StepContext& context) {
    std::vector<Value> names;
    for (const auto& request : requests) {
      auto taken = TRY(take(locks, request, context));
      if (!taken) {
        held.clear();
        return Value();
      }
      for (auto& name : taken->resources()) names.emplace_back(std::move(name));
      held.push_back(std::move(taken));
    }
    return Value::list(std::move(names));
  }

  static Outcome<Value> run_with(Taken taken, Locks& locks, const std::string& variable,
                                 StepContext& context) {
    const auto& names = taken.names;
    auto inner = context.inner();
    if (!variable.empty()) {
      inner.set_variable(variable, join(names, ","));
      for (std::size_t i = 0; i < names.size(); ++i)
        inner.set_variable(variable + std::to_string(i), names[i]);
    }
    std::optional<LocksOfBefore> before;
    if (taken.held.empty()) inner.tap = &before.emplace(inner.tap, locks, names);
    auto result = context.run_body(inner);
    taken.held.clear();
    before.reset();
    context.print("Lock released on resource [" + join(names, ", ") + "]");
    return result;
  }
};

/// milestone()  |  milestone 1  |  milestone ordinal: 1, label: 'deploy'
class Milestone final : public SignedStep {
 public:
  Milestone()
      : SignedStep(step(
            "milestone", "ordinal",
            "Lets only the newest run of a job pass: an older one that comes later is "
            "NOT_BUILT",
            {takes("ordinal", Kind::number, "one more than the last",
                   "Which point of the pipeline this is"),
             takes("label", Kind::text, "", "What people call it"),
             takes("unsafe", Kind::flag, "false", "Whether it may stand in a parallel branch")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    auto* milestones = context.services().milestones;
    if (!milestones) return raise("hudson.AbortException", "milestone: this run has none");
    if (!context.id().branch.empty() && !TRY(arguments.flag("unsafe")))
      return raise("hudson.AbortException",
                   "Using a milestone step inside parallel is not allowed");
    const auto last = context.milestone();
    auto ordinal = last ? *last + 1 : 0;
    if (arguments.has("ordinal")) ordinal = TRY(arguments.integer("ordinal"));
    if (last && ordinal <= *last)
      return raise("hudson.AbortException", "Invalid ordinal {}, as the previous one was {}",
                   ordinal, *last);
    const auto newer = milestones->pass(ordinal);
    if (!newer) return raise("hudson.AbortException", "{}", newer.error().text());
    context.pass_milestone(ordinal);
    context.print("Trying to pass milestone " + std::to_string(ordinal));
    if (!*newer) return Value();
    const auto text = fmt::format("Canceled since build #{} already got here", **newer);
    context.print(text);
    return interrupt(text, model::Verdict::not_built);
  }
};

}  // namespace

std::unique_ptr<Step> make_lock() { return std::make_unique<Lock>(); }
std::unique_ptr<Step> make_milestone() { return std::make_unique<Milestone>(); }

}  // namespace cupel::pipeline::steps
