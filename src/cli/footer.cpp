// SPDX-License-Identifier: Apache-2.0
#include "cli/footer.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "cli/harmless.hpp"

namespace cupel::cli {
namespace {

/// "0:42", "1:02:03": does not jump in width as it counts.
std::string stopwatch(Duration elapsed) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(elapsed).count();
  if (seconds < 3600) return fmt::format("{}:{:02}", seconds / 60, seconds % 60);
  return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

}  // namespace

Footer::Footer(Marks marks, Senses senses)
    : marks_(marks), senses_(std::move(senses)), start_(senses_.now()) {}

void Footer::stage_started(const pipeline::StagePath& path) {
  active_.push_back({path, senses_.now(), {}});
}

void Footer::stage_finished(const pipeline::StagePath& path) {
  std::erase_if(active_, [&](const Active& one) { return one.path == path; });
}

void Footer::step_started(const pipeline::StagePath& path, std::string_view step,
                          std::string_view label) {
  for (auto& one : active_) {
    if (one.path != path) continue;
    const auto line = label.substr(0, label.find('\n'));
    one.step = harmless(fmt::format("{} {}", step, line.substr(0, 200)), Colours::drop);
  }
}

std::string Footer::text() const {
  const auto now = senses_.now();
  if (active_.empty()) return stopwatch(now - start_);
  const auto& last = active_.back();
  const auto innermost = [this](const Active& one) {
    return std::none_of(active_.begin(), active_.end(), [&](const Active& other) {
      return other.path.size() > one.path.size() &&
             std::equal(one.path.begin(), one.path.end(), other.path.begin());
    });
  };
  const auto running = std::count_if(active_.begin(), active_.end(), innermost);
  auto text =
      fmt::format("{} {}", stopwatch(now - start_), printable(join(last.path, marks_.separator())));
  if (running > 1) text += fmt::format(" and {} more", running - 1);
  if (!last.step.empty()) text += fmt::format(": {}", last.step);
  return fmt::format("{} ({})", text, stopwatch(now - last.since));
}

std::string Footer::draw() {
  const auto columns = senses_.columns();
  if (columns < 10) return {};
  drawn_ = true;
  const auto line = cut_to_width(text(), columns - 4);
  // Without automatic wrap a terminal that shrinks meanwhile still holds it in one row.
  return fmt::format("\x1b[?7l{} {}\x1b[?7h",
                     marks_.paint(Paint::running, marks_.spinner(turns_++)),
                     marks_.paint(Paint::dim, line));
}

std::string Footer::erase() {
  if (!drawn_) return {};
  drawn_ = false;
  return "\r\x1b[2K";
}

}  // namespace cupel::cli
