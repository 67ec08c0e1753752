// SPDX-License-Identifier: Apache-2.0
#include "place/place.hpp"

#include "base/crew.hpp"
#include "base/text.hpp"

namespace cupel::place {

namespace {

using namespace std::chrono_literals;

constexpr auto grace = 20s;
/// A tree is gone soon after SIGKILL; else its place does not answer.
constexpr auto patience = grace + 10s;

/// Keeps an output up to a limit, and stops the command that goes beyond.
struct Keeper {
  Output output;
  std::size_t limit;
  StopSource over;
  bool is_over = false;

  Keeper(std::size_t most, const Stop& stop) : limit(most), over(stop) {}

  void take(Stream stream, std::string_view bytes) {
    auto& text = stream == Stream::out ? output.out : output.err;
    if (text.size() + bytes.size() <= limit) {
      text += bytes;
      return;
    }
    is_over = true;
    over.request();
  }
};

}  // namespace

Result<std::unique_ptr<Session>> Place::start_kept(const Command&, const std::string&, OutputSink,
                                                   const Stop&) {
  return fail(Fault::denied, "commands do not outlive us on {}", describe());
}

Result<os::Exit> run(Place& place, const Command& command, OutputSink sink, const Stop& stop) {
  const auto session = TRY(place.start(command, std::move(sink), stop));
  return finish(*session, stop);
}

Result<os::Exit> finish(Session& session, const Stop& stop) {
  auto exit = session.wait(stop);
  if (exit || !stop.requested()) return exit;

  // Its output goes on being read while it is killed: it may have last words, even long ones.
  Crew killer(Stop{}.within(patience));
  killer.add("kill", [&](const Stop& limit) { return session.kill_tree(grace, limit); });
  const auto last = session.wait(Stop{}.within(patience));
  auto killed = killer.join();
  if (!killed)
    exit.error().add_frame("its processes may live on: " + killed.error().text());
  else if (!last)
    exit.error().add_frame("its end is unknown: " + last.error().text());
  return exit;
}

Result<Output> run_captured(Place& place, const Command& command, const Stop& stop,
                            std::size_t limit) {
  Keeper keeper(limit, stop);
  const auto exit = run(
      place, command, [&](Stream stream, std::string_view bytes) { keeper.take(stream, bytes); },
      keeper.over.stop());
  if (keeper.is_over) return fail(Fault::invalid, "it printed more than {}", to_text(Bytes{limit}));
  if (!exit) return tl::unexpected<Error>(exit.error());
  keeper.output.exit = *exit;
  return std::move(keeper.output);
}

}  // namespace cupel::place
