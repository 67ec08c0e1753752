// SPDX-License-Identifier: Apache-2.0
#include "cupel/box_commands.hpp"

#include <unistd.h>

#include "cli/text_output.hpp"
#include "machine/box_store.hpp"
#include "os/terminal.hpp"

namespace cupel {
namespace {

std::string_view name(machine::StoredBox::State state) {
  switch (state) {
    case machine::StoredBox::State::current: return "ready";
    case machine::StoredBox::State::outdated: return "outdated";
    case machine::StoredBox::State::touched: return "unverified";
  }
  return "unverified";
}

/// One line that is drawn anew, for a terminal.
std::string drawn(const machine::BoxProgress& now) {
  constexpr int width = 24;
  const int full = static_cast<int>(now.percent.value_or(0) / 100 * width);
  return fmt::format("\r\x1b[K[{}/{}] {:<{}} {} {}", now.step, now.of,
                     std::string(static_cast<std::size_t>(std::clamp(full, 0, width)), '#'), width,
                     printable(now.text), to_text(now.elapsed));
}

Result<int> build(const cli::BoxBuildCommand& command, const Surroundings& surroundings) {
  machine::BoxStore store(surroundings.home.machines());
  cli::TextOutput output(STDOUT_FILENO, surroundings.stop);
  const bool terminal = os::is_terminal(STDOUT_FILENO);
  BoxNews news(command.name);
  const auto sink = [&](const machine::BoxProgress& now) {
    if (terminal)
      output.write(drawn(now));
    else if (const auto line = news.next(now))
      output.write(*line + "\n");
  };
  const auto box = command.fresh == cli::BoxBuildCommand::Fresh::yes
                       ? store.rebuild(command.name, sink, surroundings.stop)
                       : store.ensure(command.name, sink, surroundings.stop);
  if (terminal) output.write("\r\x1b[K");
  if (!box) {
    for (const auto& line : store.last_words(command.name))
      write_to_stderr("  " + printable(line) + "\n");
    return tl::unexpected<Error>(box.error());
  }
  output.write(fmt::format("{} is ready ({})\n", box->name, box->digest.brief()));
  return exit_success;
}

Result<int> list(const Surroundings& surroundings) {
  const machine::BoxStore store(surroundings.home.machines());
  cli::TextOutput output(STDOUT_FILENO, surroundings.stop);
  const auto boxes = TRY(store.list());
  if (boxes.empty()) output.write("no boxes yet: cupel box build cupel/debian-12\n");
  for (const auto& box : boxes)
    output.write(fmt::format("{:<18} {:<10} {:>9}  {}\n", box.record.name, name(box.state),
                             to_text(box.used), box.directory.string()));
  return exit_success;
}

Result<int> remove(const cli::BoxRemoveCommand& command, const Surroundings& surroundings) {
  machine::BoxStore store(surroundings.home.machines());
  TRY(store.remove(command.name, surroundings.stop));
  cli::TextOutput(STDOUT_FILENO, surroundings.stop).write(command.name + " is removed\n");
  return exit_success;
}

}  // namespace

std::optional<std::string> BoxNews::next(const machine::BoxProgress& now) {
  const int tenths = static_cast<int>(now.percent.value_or(0) / 10);
  if (now.step == step_ && now.text == text_ && tenths <= tenths_) return std::nullopt;
  const bool same = now.step == step_ && now.text == text_;
  step_ = now.step;
  text_ = now.text;
  tenths_ = tenths;
  const auto where = now.of > 0 ? fmt::format(" {}/{}", now.step, now.of) : std::string();
  const auto part = same ? fmt::format(", {} %", tenths * 10) : std::string();
  return fmt::format("Box {}{}: {}{}", box_, where, printable(now.text), part);
}

int build_box(const cli::BoxBuildCommand& command, const Surroundings& surroundings) {
  return status_of(build(command, surroundings));
}

int list_boxes(const Surroundings& surroundings) { return status_of(list(surroundings)); }

int remove_box(const cli::BoxRemoveCommand& command, const Surroundings& surroundings) {
  return status_of(remove(command, surroundings));
}

}  // namespace cupel
