// SPDX-License-Identifier: Apache-2.0
#include "runs/run_log.hpp"

#include <fcntl.h>

#include "base/json.hpp"
#include "base/text.hpp"

namespace cupel::runs {

using pipeline::StagePath;

RunLog::RunLog(State state) { *state_.lock() = std::move(state); }

Result<std::unique_ptr<RunLog>> RunLog::create(const os::fs::path& path) {
  constexpr int flags = O_WRONLY | O_CREAT | O_APPEND | O_EXCL;
  State state;
  state.log = TRY(os::open_file(path.string(), flags, 0600));
  state.index = TRY(os::open_file(path.string() + ".index", flags, 0600));
  return std::unique_ptr<RunLog>(new RunLog(std::move(state)));
}

void RunLog::keep(State& state, Result<> written) {
  if (!written && !state.failure) state.failure = written.error();
}

void RunLog::write_index(State& state) {
  if (state.size == state.tag_start) return;
  json::Array stage(state.tag.stage.begin(), state.tag.stage.end());
  const json::Object line{{"offset", state.tag_start},  {"length", state.size - state.tag_start},
                          {"stage", std::move(stage)},  {"step", state.tag.step},
                          {"stream", state.tag.stream}, {"at_ms", std::int64_t{state.tag_time_ms}}};
  keep(state, os::write_all(state.index, json::write(line) + "\n", Stop()));
  state.tag_start = state.size;
}

// Files never block for long, and the order of the bytes is the lock's: so writing happens under
// it.
void RunLog::append(State& state, Tag tag, std::string_view bytes) {
  if (state.failure || bytes.empty()) return;
  if (tag != state.tag) {
    write_index(state);
    state.tag = std::move(tag);
    state.tag_time_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                            std::chrono::system_clock::now().time_since_epoch())
                            .count();
  }
  keep(state, os::write_all(state.log, bytes, Stop()));
  state.size += bytes.size();
}

void RunLog::stage_started(const StagePath& path, StageKind) {
  append(*state_.lock(), {path, "", "cupel"}, fmt::format("== {}\n", join(path, " / ")));
}

void RunLog::stage_finished(const model::StageRecord& stage) {
  auto state = state_.lock();
  const auto name = join(stage.path, " / ");
  append(*state, {stage.path, "", "cupel"},
         stage.skip_reason.empty()
             ? fmt::format("== {}: {} after {}\n", name, model::name(stage.verdict),
                           to_text(stage.duration))
             : fmt::format("== {}: skipped due to {}\n", name, stage.skip_reason));
  state->steps.erase(stage.path);
}

void RunLog::step_started(const StagePath& path, std::string_view step, std::string_view,
                          StepKind kind) {
  if (kind == StepKind::simple) state_.lock()->steps[path] = step;
}

void RunLog::step_finished(const StagePath& path, std::string_view, std::chrono::milliseconds,
                           StepKind kind) {
  if (kind == StepKind::simple) state_.lock()->steps.erase(path);
}

void RunLog::output(const StagePath& path, place::Stream stream, std::string_view bytes) {
  auto state = state_.lock();
  const auto step = state->steps.find(path);
  append(*state,
         {path, step == state->steps.end() ? "" : step->second,
          stream == place::Stream::out ? "out" : "err"},
         bytes);
}

void RunLog::note(const StagePath& path, std::string_view line) {
  append(*state_.lock(), {path, "", "cupel"}, fmt::format("{}\n", line));
}

Result<> RunLog::close() {
  auto state = state_.lock();
  write_index(*state);
  if (state->failure) return tl::unexpected<Error>(*state->failure);
  return {};
}

}  // namespace cupel::runs
