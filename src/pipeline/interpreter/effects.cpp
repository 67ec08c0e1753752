// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/timed.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/regained.hpp"
#include "pipeline/interpreter/transcript.hpp"

namespace cupel::pipeline {
namespace {

JournalRecord record_of(const Turns& turns, StepId id, std::string name) {
  JournalRecord record;
  record.id = std::move(id);
  record.name = std::move(name);
  record.at = turns.now();
  return record;
}

}  // namespace

Outcome<Value> Interpreter::observe(const Context& context, std::string_view name,
                                    const std::function<Outcome<Value>()>& live) {
  if (!turns_.journaled() || context.branch->in_recorded_step) return live();
  const Turn turn(*this);
  auto id = context.next_step();
  if (turns_.ended(id)) return outcome_of(TRY(turns_.replay(id, name, ""))->ending);
  auto value = live();
  auto record = record_of(turns_, std::move(id), std::string(name));
  record.ending = TRY(Outcome<Ending>(ending_of(value)));
  TRY(turns_.add_end(std::move(record)));
  return value;
}

Outcome<Value> Interpreter::apart(const Context& context, std::string_view name,
                                  const std::function<Outcome<Value>()>& live) {
  if (!turns_.mine()) return live();
  turns_.give();
  auto ready = turns_.sync();
  auto value = ready ? live() : Outcome<Value>(tl::unexpected(std::move(ready.error())));
  TRY(enter(context, name));
  return value;
}

bool Interpreter::sees_stop(const Context& context, std::string_view where) {
  if (!turns_.journaled()) return context.stop.requested();
  const Turn turn(*this);
  const auto name = fmt::format("stop in {} at {}", where, operations_);
  const StepId here{context.branch->path, context.branch->steps};
  if (const auto* record = turns_.ended(here)) {
    if (record->name != name) return false;
    static_cast<void>(context.next_step());
    static_cast<void>(turns_.replay(here, name, ""));  // what does not fit, the next effect says
    return true;
  }
  // What an earlier process did not see is not seen before all of it was replayed.
  if (turns_.replaying() || !context.stop.requested()) return false;
  static_cast<void>(turns_.add_end(record_of(turns_, context.next_step(), name)));
  return true;
}

Outcome<void> Interpreter::enter(const Context& context, std::string_view name) {
  turns_.take();
  if (!turns_.journaled()) return {};
  auto id = context.next_step();
  if (!turns_.ended(id)) return turns_.add_end(record_of(turns_, std::move(id), std::string(name)));
  TRY(turns_.replay(id, name, ""));
  return {};
}

namespace {

void apply(const Marks& marks, const Context& context) {
  if (marks.milestone) context.run.state.set_milestone(*marks.milestone);
  if (marks.run) context.run.state.worsen(*marks.run);
  if (marks.stage && context.stage) context.stage->worsen(*marks.stage);
  if (!marks.artifacts.empty()) context.run.files.add_artifacts(marks.artifacts);
  if (!marks.tests.empty()) context.run.files.add_tests(marks.tests);
  for (const auto& remark : marks.remarks) context.run.files.add_remark(remark);
}

Logged told(const Context& context) {
  return context.run.transcript ? context.run.transcript->told(context.path) : Logged{};
}

Outcome<Value> announced(Outcome<Value> result, const Context& context) {
  const auto exception = result ? nullptr : result.error().exception();
  if (exception && exception->interruption && exception->actual) tell_timeout(context);
  return result;
}

/// Taps hear of a step that does not run again what they would have heard.
void tell_again(const std::vector<Told>& told, const Context& context) {
  for (const auto& one : told)
    for (auto* tap = context.tap; tap; tap = tap->outer())
      if (tap->hears_again()) tap->take(one.stream, one.bytes);
}

}  // namespace

Outcome<Value> Interpreter::perform(const Effect& effect, const Context& context,
                                    const Live& live) {
  Attempt attempt;
  if (context.branch->in_recorded_step) return live({}, attempt);
  const Turn turn(*this);
  auto record = record_of(turns_, context.next_step(), effect.name);
  record.arguments = effect.arguments;
  if (turns_.ended(record.id)) {
    const auto* known = TRY(turns_.replay(record.id, record.name, record.arguments));
    if (context.run.transcript) context.run.transcript->skip(context.path, known->logged);
    apply(known->marks, context);
    tell_again(known->told, context);
    return announced(outcome_of(known->ending), context);
  }
  attempt.begun = turns_.started(record.id);
  const bool careful = effect.replay == Replay::once || effect.replay == Replay::goes_on;
  if (turns_.journaled() && careful && !attempt.begun) TRY(turns_.add_start(record));
  const auto before = told(context);

  turns_.give();
  auto ready = effect.replay == Replay::reads ? Outcome<void>() : turns_.sync();
  auto result = ready ? perform_live(effect, context, record.id, attempt, live)
                      : Outcome<Value>(tl::unexpected(std::move(ready.error())));
  turns_.take();

  if (turns_.journaled()) {
    record.at = turns_.now();
    record.ending = TRY(Outcome<Ending>(ending_of(result)));
    record.marks = attempt.marks;
    record.told = std::move(attempt.told);
    // What cut it off was the end of all that the earlier process told here.
    if (context.run.transcript && turns_.recorded() > 0)
      context.run.transcript->settle(context.path);
    const auto after = told(context);
    record.logged = {after.events - before.events, after.bytes - before.bytes};
    TRY(turns_.add_end(std::move(record)));
  }
  apply(attempt.marks, context);
  return announced(std::move(result), context);
}

Outcome<Value> Interpreter::perform_live(const Effect& effect, const Context& context,
                                         const StepId& id, Attempt& attempt, const Live& live) {
  if (attempt.begun && effect.replay == Replay::once)
    return raise("hudson.AbortException",
                 "cupel ended while '{}' ran; nobody knows whether it took effect", effect.name);
  if (context.stop.requested()) return interrupt("", model::Verdict::aborted);
  TRY(regain(context));
  context.branch->in_recorded_step = true;
  auto result = live(id, attempt);
  context.branch->in_recorded_step = false;
  return result;
}

}  // namespace cupel::pipeline
