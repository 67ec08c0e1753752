// SPDX-License-Identifier: Apache-2.0
#include "runs/run_log.hpp"

#include <fcntl.h>
#include <unistd.h>

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

namespace {

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

void RunLog::write_line(State& state, const Tag& tag, std::uint64_t length, std::int64_t time_ms) {
  json::Array stage(tag.stage.begin(), tag.stage.end());
  const json::Object line{{"offset", state.tag_start}, {"length", length},
                          {"stage", std::move(stage)}, {"step", tag.step},
                          {"stream", tag.stream},      {"at_ms", std::int64_t{time_ms}}};
  keep(state, os::write_all(state.index, json::write(line) + "\n", Stop()));
}

void RunLog::write_index(State& state) {
  if (state.size == state.tag_start) return;
  write_line(state, state.tag, state.size - state.tag_start, state.tag_time_ms);
  state.tag_start = state.size;
}

// Files never block for long, and the order of the bytes is the lock's: so writing happens under
// it.
void RunLog::append(State& state, Tag tag, std::string_view bytes) {
  if (state.failure || bytes.empty()) return;
  if (state.indexing == State::Indexing::first) {
    write_line(state, tag, bytes.size(), now_ms());
    keep(state, os::write_all(state.log, bytes, Stop()));
    state.size += bytes.size();
    state.tag_start = state.size;
    return;
  }
  if (tag != state.tag) {
    write_index(state);
    state.tag = std::move(tag);
    state.tag_time_ms = now_ms();
  }
  keep(state, os::write_all(state.log, bytes, Stop()));
  state.size += bytes.size();
}

Result<std::unique_ptr<RunLog>> RunLog::resume(const os::fs::path& path) {
  constexpr int flags = O_RDWR | O_CREAT | O_APPEND;
  State state;
  state.indexing = State::Indexing::first;
  state.log = TRY(os::open_file(path.string(), flags, 0600));
  state.index = TRY(os::open_file(path.string() + ".index", flags, 0600));
  TRY(take_up(state, path));
  return std::unique_ptr<RunLog>(new RunLog(std::move(state)));
}

/// Reads the index; what only one of the two files has of the last piece is cut off.
Result<> RunLog::take_up(State& state, const os::fs::path& path) {
  std::error_code error;
  const auto size = os::fs::file_size(path, error);
  const auto index = TRY(os::read_file(path.string() + ".index", std::size_t{4} << 30));
  std::size_t good = 0;
  for (std::size_t at = 0; at < index.size();) {
    const auto end = index.find('\n', at);
    if (end == index.npos) break;
    const auto line = json::parse(std::string_view(index).substr(at, end - at));
    const auto offset = line ? line->integer("offset") : Result<std::int64_t>(0);
    const auto length = line ? line->integer("length") : Result<std::int64_t>(0);
    const auto stream = line ? line->text("stream") : Result<std::string>("");
    if (!line || !offset || !length || !stream || *length < 0 ||
        static_cast<std::uint64_t>(*offset) != state.size)
      return fail(Fault::invalid, "{}.index is damaged at byte {}", path.string(), at);
    const auto whole = state.size + static_cast<std::uint64_t>(*length);
    if (whole > size) break;
    pipeline::StagePath stage;
    if (const auto* names = line->find("stage"); names && names->as_array())
      for (const auto& name : *names->as_array())
        if (name.as_string()) stage.push_back(*name.as_string());
    auto& before = state.before[stage];
    if (*stream == "cupel")
      ++before.events;
    else
      before.bytes += static_cast<std::uint64_t>(*length);
    state.size = whole;
    good = at = end + 1;
  }
  state.tag_start = state.size;
  if (::ftruncate(state.index.get(), static_cast<off_t>(good)) != 0 ||
      ::ftruncate(state.log.get(), static_cast<off_t>(state.size)) != 0)
    return fail(Fault::unavailable, "cut {} where its index ends", path.string());
  return {};
}

pipeline::Logged RunLog::logged_before(const StagePath& path) {
  auto state = state_.lock();
  const auto found = state->before.find(path);
  return found == state->before.end() ? pipeline::Logged{} : found->second;
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
