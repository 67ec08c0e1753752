// SPDX-License-Identifier: Apache-2.0
#include "cli/console.hpp"

#include <algorithm>

namespace cupel::cli {

using pipeline::StagePath;

Console::Console(Parts parts) { state_.lock()->parts = std::move(parts); }

Wording::Branch Console::branch_of(const State& state, const StagePath& path) {
  Wording::Branch names;
  StagePath prefix;
  for (const auto& name : path) {
    prefix.push_back(name);
    if (state.branches.contains(prefix)) names.push_back(name);
  }
  return names;
}

void Console::emit(State& state, std::string_view text) {
  if (text.empty()) return;
  std::string out;
  if (state.parts.footer) out += state.parts.footer->erase();
  if (state.parts.stamp) {
    while (!text.empty()) {
      const auto end = text.find('\n');
      const auto length = end == std::string_view::npos ? text.size() : end + 1;
      out += state.parts.stamp();
      out += text.substr(0, length);
      text.remove_prefix(length);
    }
  } else {
    out += text;
  }
  if (state.parts.footer && !state.closed) out += state.parts.footer->draw();
  state.parts.sink(out);
}

/// Lines that a finished step left without an end.
void Console::flush(State& state, const StagePath& path) {
  std::string text;
  for (const auto stream : {place::Stream::out, place::Stream::err}) {
    const auto found = state.cutters.find({path, stream});
    if (found == state.cutters.end()) continue;
    const auto branch = branch_of(state, path);
    found->second.finish([&](std::string_view line, LineCutter::Part part) {
      text += state.parts.wording->line(line, part, stream, branch);
    });
    state.cutters.erase(found);
  }
  emit(state, text);
}

void Console::stage_started(const StagePath& path, StageKind kind) {
  auto state = state_.lock();
  if (kind != StageKind::stage) state->branches.emplace(path, kind);
  if (state->parts.footer) state->parts.footer->stage_started(path);
  emit(*state, state->parts.wording->stage_started(path, branch_of(*state, path), kind));
}

void Console::stage_finished(const model::StageRecord& stage) {
  auto state = state_.lock();
  flush(*state, stage.path);
  const auto branch = state->branches.find(stage.path);
  const auto kind = branch == state->branches.end() ? StageKind::stage : branch->second;
  if (state->parts.footer) state->parts.footer->stage_finished(stage.path);
  emit(*state, state->parts.wording->stage_finished(stage, branch_of(*state, stage.path), kind));
  state->branches.erase(stage.path);
}

void Console::step_started(const StagePath& path, std::string_view step, std::string_view label,
                           StepKind kind) {
  auto state = state_.lock();
  if (state->parts.footer) state->parts.footer->step_started(path, step, label);
  emit(*state,
       state->parts.wording->step(Wording::Edge::start, step, kind, branch_of(*state, path)));
}

void Console::step_finished(const StagePath& path, std::string_view step, std::chrono::milliseconds,
                            StepKind kind) {
  auto state = state_.lock();
  flush(*state, path);
  emit(*state, state->parts.wording->step(Wording::Edge::end, step, kind, branch_of(*state, path)));
}

void Console::output(const StagePath& path, place::Stream stream, std::string_view bytes) {
  auto state = state_.lock();
  const auto branch = branch_of(*state, path);
  auto& cutter = state->cutters[{path, stream}];
  // A large chunk is shown in parts, so that what is prepared stays small whatever the reader does.
  constexpr std::size_t part_size = 64U << 10;
  while (!bytes.empty()) {
    std::string text;
    cutter.feed(bytes.substr(0, part_size), [&](std::string_view line, LineCutter::Part part) {
      text += state->parts.wording->line(line, part, stream, branch);
    });
    emit(*state, text);
    bytes.remove_prefix(std::min(part_size, bytes.size()));
  }
}

void Console::note(const StagePath& path, std::string_view line) {
  auto state = state_.lock();
  emit(*state, state->parts.wording->note(line, branch_of(*state, path)));
}

void Console::block(const StagePath& path, const pipeline::BlockEvent& event) {
  auto state = state_.lock();
  flush(*state, path);
  emit(*state, state->parts.wording->block(event));
}

void Console::failure(const StagePath& path, const std::vector<std::string>& lines) {
  if (state_.lock()->parts.wording->failures() == Wording::Failures::at_once)
    return Observer::failure(path, lines);
  auto state = state_.lock();
  // The first is what the run failed by.
  if (!state->failures.empty()) return;
  state->failed = path;
  for (const auto& line : lines) state->failures += state->parts.wording->note(line, {});
}

void Console::failure_retried(const StagePath& path, std::string_view line) {
  auto state = state_.lock();
  if (state->parts.wording->failures() == Wording::Failures::at_once) return;
  const auto& failed = state->failed;
  if (failed.size() >= path.size() && std::equal(path.begin(), path.end(), failed.begin()))
    state->failures.clear();
  flush(*state, path);
  emit(*state, state->parts.wording->note(line, branch_of(*state, path)));
}

void Console::print_failures() {
  auto state = state_.lock();
  emit(*state, std::exchange(state->failures, {}));
}

void Console::print(std::string_view text) {
  auto state = state_.lock();
  emit(*state, text);
}

void Console::tick() {
  auto state = state_.lock();
  if (!state->parts.footer || state->closed) return;
  auto text = state->parts.footer->erase();
  text += state->parts.footer->draw();
  state->parts.sink(text);
}

void Console::close() {
  auto state = state_.lock();
  if (!state->parts.footer || state->closed) return;
  state->closed = true;
  state->parts.sink(state->parts.footer->erase());
}

}  // namespace cupel::cli
