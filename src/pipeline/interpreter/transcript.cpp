// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/transcript.hpp"

#include <algorithm>

namespace cupel::pipeline {

Transcript::Account& Transcript::account(Accounts& accounts, const StagePath& path) {
  const auto found = accounts.find(path);
  if (found != accounts.end()) return found->second;
  return accounts.emplace(path, Account{{}, observer_.logged_before(path)}).first->second;
}

bool Transcript::is_new(const StagePath& path) {
  auto accounts = accounts_.lock();
  auto& one = account(*accounts, path);
  return ++one.told.events > one.before.events;
}

Logged Transcript::told(const StagePath& path) {
  auto accounts = accounts_.lock();
  return account(*accounts, path).told;
}

void Transcript::skip(const StagePath& path, Logged logged) {
  auto accounts = accounts_.lock();
  auto& told = account(*accounts, path).told;
  told.events += logged.events;
  told.bytes += logged.bytes;
}

void Transcript::settle(const StagePath& path) {
  auto accounts = accounts_.lock();
  auto& one = account(*accounts, path);
  one.told.events = std::max(one.told.events, one.before.events);
  one.told.bytes = std::max(one.told.bytes, one.before.bytes);
}

void Transcript::stage_started(const StagePath& path, StageKind kind) {
  if (is_new(path)) observer_.stage_started(path, kind);
}

void Transcript::stage_finished(const model::StageRecord& stage) {
  if (is_new(stage.path)) observer_.stage_finished(stage);
}

void Transcript::step_started(const StagePath& path, std::string_view step, std::string_view label,
                              StepKind kind) {
  if (kind == StepKind::simple || !turns_.replaying())
    observer_.step_started(path, step, label, kind);
}

void Transcript::step_finished(const StagePath& path, std::string_view step,
                               std::chrono::milliseconds duration, StepKind kind) {
  if (kind == StepKind::simple || !turns_.replaying())
    observer_.step_finished(path, step, duration, kind);
}

void Transcript::output(const StagePath& path, place::Stream stream, std::string_view bytes) {
  {
    auto accounts = accounts_.lock();
    auto& one = account(*accounts, path);
    const auto known = one.before.bytes > one.told.bytes ? one.before.bytes - one.told.bytes : 0;
    one.told.bytes += bytes.size();
    bytes.remove_prefix(std::min<std::size_t>(known, bytes.size()));
  }
  if (!bytes.empty()) observer_.output(path, stream, bytes);
}

void Transcript::note(const StagePath& path, std::string_view line) {
  if (is_new(path)) observer_.note(path, line);
}

void Transcript::block(const StagePath& path, const BlockEvent& event) {
  if (!turns_.replaying()) observer_.block(path, event);
}

// Each line counts as a note, which is what an observer makes of it that knows no better.
void Transcript::failure(const StagePath& path, const std::vector<std::string>& lines) {
  std::vector<std::string> news;
  for (const auto& line : lines)
    if (is_new(path)) news.push_back(line);
  if (!news.empty()) observer_.failure(path, news);
}

void Transcript::failure_retried(const StagePath& path, std::string_view line) {
  if (!turns_.replaying()) observer_.failure_retried(path, line);
}

}  // namespace cupel::pipeline
