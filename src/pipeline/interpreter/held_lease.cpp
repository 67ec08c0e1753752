// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/held_lease.hpp"

#include "base/digest.hpp"
#include "base/locked.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/late_place.hpp"
#include "pipeline/interpreter/past_place.hpp"
#include "pipeline/interpreter/rebootable.hpp"

namespace cupel::pipeline {
namespace {

using Environment = std::map<std::string, std::string>;

/// What the pipeline's code sees of a lease, and the way back to it.
struct LeaseRecord {
  std::string ticket, node_name, workspace;
  Environment environment;
};

Result<Value> to_value(const LeaseRecord& record) {
  auto environment = std::make_shared<Map>();
  for (const auto& [name, value] : record.environment)
    TRY(environment->put(Value(name), Value(value)));
  auto map = std::make_shared<Map>();
  TRY(map->put(Value("ticket"), Value(record.ticket)));
  TRY(map->put(Value("node"), Value(record.node_name)));
  TRY(map->put(Value("workspace"), Value(record.workspace)));
  TRY(map->put(Value("environment"), Value(std::move(environment))));
  return Value(std::move(map));
}

Result<LeaseRecord> record_of(const Value& value) {
  const auto map = value.as_map();
  const auto text = [&](const char* name) -> Result<std::string> {
    const auto* held = map ? map->find(Value(name)) : nullptr;
    if (!held || !held->as_text())
      return fail(Fault::invalid, "the journal's node has no {}", name);
    return *held->as_text();
  };
  LeaseRecord record{TRY(text("ticket")), TRY(text("node")), TRY(text("workspace")), {}};
  const auto* environment = map->find(Value("environment"));
  if (!environment || !environment->as_map())
    return fail(Fault::invalid, "the journal's node has no environment");
  for (const auto& [name, held] : environment->as_map()->entries())
    record.environment[TRY(to_text(name))] = TRY(to_text(held));
  return record;
}

/// A lease of an earlier process. Until it is taken up, only what was recorded is known.
class RecalledLease final : public Lease, public Rebootable, private LatePlace {
 public:
  enum class Kind { held, given_back };
  RecalledLease(Nodes& nodes, const Turns& turns, LeaseRecord record, Kind kind)
      : nodes_(nodes),
        turns_(turns),
        record_(std::move(record)),
        past_(record_.node_name),
        kind_(kind) {}

  ~RecalledLease() override {
    // Also one on which nothing ran any more is to be given back; but when the journal does not
    // fit, everything stays as it is.
    if (!turns_.broken()) static_cast<void>(take_up(Stop().within(std::chrono::seconds(10))));
  }

  place::Place& place() override {
    if (kind_ == Kind::given_back) return past_;
    return *this;
  }
  std::string node_name() const override { return record_.node_name; }
  std::string workspace() const override { return record_.workspace; }
  Environment environment() const override { return record_.environment; }
  std::optional<Trouble> trouble() const override {
    auto now = now_.lock();
    return now->lease ? now->lease->trouble() : now->gone;
  }
  void set_outcome(Outcome outcome) override {
    if (turns_.broken() || kind_ == Kind::given_back) return;
    if (const auto taken = take_up(Stop().within(std::chrono::seconds(10))))
      (*taken)->set_outcome(outcome);
  }
  void note_failed(place::FailedCommand command) override {
    if (auto now = now_.lock(); now->lease) now->lease->note_failed(std::move(command));
  }
  std::string reason_of_failure() override {
    auto now = now_.lock();
    return now->lease ? pipeline::reason_of_failure(*now->lease) : "";
  }
  Result<> reboot(const place::RebootOrder& order, const place::OutputSink& sink,
                  const Stop& stop) override {
    if (kind_ == Kind::given_back) return {};
    return pipeline::reboot(*TRY(take_up(stop)), order, sink, stop);
  }
  std::string ticket() const override { return record_.ticket; }

 private:
  Result<Lease*> take_up(const Stop& stop) const {
    auto now = now_.lock();
    if (!now->lease) {
      auto taken = nodes_.attach(record_.ticket, stop);
      if (!taken && stop.requested()) return tl::unexpected<Error>(taken.error());
      if (!taken) {
        const auto& why = taken.error();
        auto text =
            fmt::format("the node {} of this run is gone: {}", record_.node_name, why.text());
        now->gone = Trouble{
            text, why.fault() == Fault::invalid ? Trouble::Blame::guest : Trouble::Blame::host};
        return tl::unexpected<Error>(Error(Fault::unavailable, std::move(text)));
      }
      now->lease = std::move(*taken);
    }
    return now->lease.get();
  }
  Result<place::Place*> there(const Stop& stop) override { return &TRY(take_up(stop))->place(); }

  std::string describe() const override { return record_.node_name; }
  bool keeps_commands() const override {
    const auto lease = take_up(Stop().within(std::chrono::seconds(10)));
    return lease && (*lease)->place().keeps_commands();
  }

  Nodes& nodes_;
  const Turns& turns_;
  LeaseRecord record_;
  PastPlace past_;
  Kind kind_;
  /// What became of it.
  struct Now {
    std::unique_ptr<Lease> lease;  ///< null: nobody has looked for it, or it is gone
    std::optional<Trouble> gone;
  };
  mutable Locked<Now> now_;
};

tl::unexpected<Signal> failure(const Error& error, const Context& context) {
  const auto fault = error.fault();
  if (context.stop.requested() && (fault == Fault::stopped || fault == Fault::timeout))
    return interrupt("", model::Verdict::aborted);
  auto exception = std::make_shared<Exception>("hudson.AbortException", error.text());
  exception->infrastructure = fault != Fault::invalid && fault != Fault::not_found;
  return tl::unexpected(Signal(Throw{std::move(exception)}));
}

/// A description in the journal, so that another one does not take up the machine of this one.
std::string brief_of(const MachineWish& wish) {
  Hasher hasher;
  const auto feed = [&](const auto& value, const auto& text) {
    hasher.feed_part(value ? "+" + text(*value) : std::string());
  };
  const auto same = [](const std::string& text) { return text; };
  const auto count = [](const Bytes& bytes) { return std::to_string(bytes.count); };
  feed(wish.box, same);
  feed(wish.cpus, [](unsigned cpus) { return std::to_string(cpus); });
  feed(wish.cpu, same);
  feed(wish.memory, count);
  feed(wish.disk, count);
  for (const auto& step : wish.provision) {
    hasher.feed_part(std::to_string(static_cast<int>(step.kind))).feed_part(step.script);
    hasher.feed_part(step.source.string()).feed_part(step.target);
    for (const auto& [name, value] : step.environment) hasher.feed_part(name).feed_part(value);
    for (const auto& name : step.packages) hasher.feed_part(name);
  }
  return hasher.finish().brief();
}

Interpreter::Effect effect_of(const LeaseWish& wish) {
  if (!wish.machine) return {"node " + wish.label, ""};
  return {"machine " + wish.label, brief_of(*wish.machine)};
}

}  // namespace

std::string giving_back(const std::string& ticket, const Context& context) {
  return context.branch->path + " give back " + digest_of(ticket).brief();
}

Outcome<std::unique_ptr<Lease>> take_lease(const LeaseWish& wish, Context& context) {
  std::unique_ptr<Lease> fresh;
  const auto live = [&](const StepId&, Attempt&) -> Outcome<Value> {
    const auto note = [&](std::string_view line) { context.note(line); };
    auto& nodes = context.run.nodes;
    auto lease = wish.machine ? nodes.acquire_machine(wish.label, *wish.machine, note, context.stop)
                              : nodes.acquire(wish.label, note, context.stop);
    if (!lease) return failure(lease.error(), context);
    fresh = std::move(*lease);
    return Outcome<Value>(
        to_value({fresh->ticket(), fresh->node_name(), fresh->workspace(), fresh->environment()}));
  };
  const auto value = TRY(context.run.interpreter.perform(effect_of(wish), context, live));
  if (fresh) return fresh;
  auto record = TRY(Outcome<LeaseRecord>(record_of(value)));
  const auto* past =
      context.run.interpreter.turns().ended({giving_back(record.ticket, context), 0});
  const auto kind =
      past && !record.ticket.empty() ? RecalledLease::Kind::given_back : RecalledLease::Kind::held;
  return std::unique_ptr<Lease>(std::make_unique<RecalledLease>(
      context.run.nodes, context.run.interpreter.turns(), std::move(record), kind));
}

Outcome<TopologyLease> take_topology(const std::string& file, Context& context) {
  TopologyLease fresh;
  const auto live = [&](const StepId&, Attempt& attempt) -> Outcome<Value> {
    const auto note = [&](std::string_view line) { context.note(line); };
    auto taken = context.run.nodes.acquire_topology(file, note, context.stop);
    if (!taken) return failure(taken.error(), context);
    fresh = std::move(*taken);
    attempt.marks.artifacts = fresh.artifacts;
    auto map = std::make_shared<Map>();
    for (const auto& [name, lease] : fresh.machines) {
      auto record = TRY(Outcome<Value>(to_value(
          {lease->ticket(), lease->node_name(), lease->workspace(), lease->environment()})));
      TRY(Outcome<void>(map->put(Value(name), std::move(record))));
    }
    return Value(std::move(map));
  };
  const auto value = TRY(context.run.interpreter.perform({"topology " + file}, context, live));
  if (fresh.links) return fresh;
  const auto map = value.as_map();
  if (!map) return refuse("the journal's topology has no machines");
  for (const auto& [name, held] : map->entries())
    fresh.machines.push_back(
        {TRY(Outcome<std::string>(to_text(name))),
         std::make_unique<RecalledLease>(context.run.nodes, context.run.interpreter.turns(),
                                         TRY(Outcome<LeaseRecord>(record_of(held))),
                                         RecalledLease::Kind::held)});
  return fresh;
}

}  // namespace cupel::pipeline
