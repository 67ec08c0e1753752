// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/run_state.hpp"

#include <utility>

namespace cupel::pipeline {

std::optional<model::Verdict> RunState::result() { return state_.lock()->result; }

void RunState::worsen(model::Verdict verdict) {
  auto state = state_.lock();
  if (verdict == model::Verdict::success && state->result) return;
  state->result = state->result ? model::worst(*state->result, verdict) : verdict;
}

std::optional<std::string> RunState::global(const std::string& name) {
  auto state = state_.lock();
  const auto found = state->globals.find(name);
  if (found == state->globals.end()) return std::nullopt;
  return found->second;
}

std::map<std::string, std::string> RunState::globals() { return state_.lock()->globals; }

void RunState::set_global(const std::string& name, std::string value) {
  state_.lock()->globals[name] = std::move(value);
}

std::optional<std::string> RunState::note(const std::string& name) {
  auto state = state_.lock();
  const auto found = state->notes.find(name);
  if (found == state->notes.end()) return std::nullopt;
  return found->second;
}

void RunState::set_note(const std::string& name, std::string value) {
  state_.lock()->notes[name] = std::move(value);
}

std::optional<std::int64_t> RunState::milestone() { return state_.lock()->milestone; }

void RunState::set_milestone(std::int64_t ordinal) { state_.lock()->milestone = ordinal; }

std::size_t RunState::start_stage(const std::vector<std::string>& path) {
  auto state = state_.lock();
  state->stages.emplace_back();
  state->stages.back().path = path;
  return state->stages.size() - 1;
}

void RunState::finish_stage(std::size_t place, model::StageRecord stage) {
  state_.lock()->stages[place] = std::move(stage);
}

std::vector<model::StageRecord> RunState::stages() { return state_.lock()->stages; }

void RunState::begin_mark(std::vector<std::string> path) {
  auto state = state_.lock();
  end_mark(*state, "");
  model::StageRecord record;
  record.path = path;
  state->stages.push_back(std::move(record));
  state->mark = {state->stages.size() - 1, std::move(path),
                 state->result.value_or(model::Verdict::success), std::chrono::steady_clock::now()};
}

void RunState::end_mark(const std::string& failure) { end_mark(*state_.lock(), failure); }

void RunState::end_mark(State& state, const std::string& failure) {
  const auto mark = std::exchange(state.mark, std::nullopt);
  if (!mark) return;
  auto& record = state.stages[mark->place];
  const auto now = state.result.value_or(model::Verdict::success);
  record.verdict = now == mark->before ? model::Verdict::success : now;
  record.failure = failure;
  record.duration = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - mark->begin);
}

void RunState::add_failure(const std::string& text) {
  auto state = state_.lock();
  if (state->failure.empty()) state->failure = text;
}

std::string RunState::failure() { return state_.lock()->failure; }

void RunState::infrastructure_failed() { state_.lock()->infrastructure_failed = true; }

bool RunState::has_infrastructure_failed() { return state_.lock()->infrastructure_failed; }

void StageState::worsen(model::Verdict verdict) {
  auto state = state_.lock();
  state->verdict = model::worst(state->verdict, verdict);
}

model::Verdict StageState::verdict() { return state_.lock()->verdict; }

void StageState::add_failure(const std::string& text) {
  auto state = state_.lock();
  if (state->failure.empty()) state->failure = text;
}

void StageState::skip(std::string reason) { state_.lock()->skip_reason = std::move(reason); }

std::string StageState::skip_reason() { return state_.lock()->skip_reason; }

void StageState::set_node(std::string name) { state_.lock()->node = std::move(name); }

std::string StageState::node() { return state_.lock()->node; }

std::string StageState::failure() { return state_.lock()->failure; }

}  // namespace cupel::pipeline
