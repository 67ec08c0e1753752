// SPDX-License-Identifier: Apache-2.0
#include "machine/guest_place.hpp"

#include "base/digest.hpp"
#include "base/text.hpp"
#include "machine/guest_session.hpp"
#include "machine/kept_guest_session.hpp"

namespace cupel::machine {
namespace {

using namespace std::chrono_literals;

/// What a transfer says of itself; see wire::Start::Kind::pack.
Result<os::PackSummary> summary_of(const os::Exit& exit, std::string_view text) {
  text = trim(text);
  if (exit.status != 0) {
    const int number = exit.status - wire::failed_transfer;
    const bool known = number >= 0 && number <= static_cast<int>(Fault::internal);
    if (!known || text.empty())
      return fail(Fault::internal, "the transfer ended with status {} {}", exit.status, text);
    return fail(static_cast<Fault>(number), "{}", text);
  }
  const auto space = text.find(' ');
  const auto files = parse_integer(text.substr(0, space));
  const auto bytes =
      space == std::string_view::npos ? std::nullopt : parse_integer(text.substr(space + 1));
  if (!files || !bytes) return fail(Fault::internal, "the transfer ended with \"{}\"", text);
  return os::PackSummary{static_cast<std::uint64_t>(*files),
                         Bytes{static_cast<std::uint64_t>(*bytes)}};
}

/// At most what a summary or an error takes.
void keep(std::string& text, std::string_view more) {
  constexpr std::size_t limit = 16U << 10;
  text += more.substr(0, limit - std::min(limit, text.size()));
}

Result<> send_all(GuestSession& session, const os::ByteSource& source, const Stop& stop) {
  for (;;) {
    const auto bytes = TRY(source());
    if (bytes.empty()) return session.close_input();
    TRY(session.write(bytes, stop));
  }
}

}  // namespace

wire::Start GuestPlace::order_of(const place::Command& command) const {
  wire::Start start;
  start.argv = command.argv;
  start.environment = command.environment;
  start.directory = command.directory;
  start.user = command.user.empty() ? user_ : command.user;
  start.terminal = command.streams == place::Command::Streams::terminal;
  start.rows = command.window.rows;
  start.columns = command.window.columns;
  return start;
}

Result<std::unique_ptr<place::Session>> GuestPlace::start(const place::Command& command,
                                                          place::OutputSink sink,
                                                          const Stop& stop) {
  auto start = order_of(command);
  const bool terminal = start.terminal;
  auto session =
      TRY(channel_.start(std::move(start), std::move(sink), GuestChannel::Begin::confirmed, stop),
          "in {}", name_);
  session->set_input(command.input, terminal || command.input_comes == place::Command::Input::later
                                        ? GuestSession::InputIs::open
                                        : GuestSession::InputIs::closed);
  return std::unique_ptr<place::Session>(std::move(session));
}

Result<std::unique_ptr<place::Session>> GuestPlace::start_kept(const place::Command& command,
                                                               const std::string& directory,
                                                               place::OutputSink sink,
                                                               const Stop& stop) {
  if (!kept_) return place::Place::start_kept(command, directory, std::move(sink), stop);
  auto start = order_of(command);
  if (start.terminal || !command.input.empty() ||
      command.input_comes == place::Command::Input::later)
    return fail(Fault::denied, "such a command does not outlive us");
  start.kept = directory;
  auto session = std::make_unique<KeptGuestSession>(
      TRY(KeptOutput::open(*kept_ / digest_of(directory).hex, TRY(channel_.welcome(stop)))),
      std::move(sink));
  const auto& output = session->output();
  if (output.exit()) return session;
  // The guest program knows best: until it is told that we have the end, it forgets nothing.
  if (!output.fresh()) {
    auto live = channel_.take_up({directory, output.size()}, session->listener(), stop);
    if (live) {
      session->set_live(std::move(*live));
      return session;
    }
    if (live.error().fault() != Fault::not_found) return tl::unexpected<Error>(live.error());
    if (output.size() > 0)
      return fail(Fault::unavailable,
                  "the command's process is gone, and nobody knows how it ended");
  }
  session->set_live(TRY(
      channel_.start(std::move(start), session->listener(), GuestChannel::Begin::confirmed, stop),
      "in {}", name_));
  return session;
}

Result<> GuestPlace::push(const os::ByteSource& source, const std::string& directory,
                          const Stop& stop) {
  wire::Start start;
  start.kind = wire::Start::Kind::unpack;
  start.directory = directory;
  start.user = user_;
  std::string said;  // as much as a summary or an error takes
  const auto session = TRY(channel_.start(
      std::move(start), [&said](place::Stream, std::string_view bytes) { keep(said, bytes); },
      GuestChannel::Begin::at_once, stop));
  const auto sent = send_all(*session, source, stop);
  // An early end says more about itself than the write that failed.
  if (!sent && sent.error().fault() != Fault::conflict) return sent;
  const auto exit = TRY(session->wait(stop), "unpack into {}", directory);
  TRY(summary_of(exit, said), "unpack into {} in {}", directory, name_);
  return sent;
}

Result<os::PackSummary> GuestPlace::pull(const std::string& directory,
                                         const os::PackOptions& options, const os::ByteSink& sink,
                                         const Stop& stop) {
  wire::Start start;
  start.kind = wire::Start::Kind::pack;
  start.directory = directory;
  start.user = user_;
  start.includes = options.selection.includes;
  start.excludes = options.selection.excludes;
  start.default_excludes = options.selection.defaults == os::Selection::Defaults::exclude;
  start.paths = options.paths;
  start.files_only = options.take == os::PackOptions::Take::files;
  std::string said;
  Result<> taken;
  StopSource enough(stop);
  const auto session = TRY(channel_.start(
      std::move(start),
      [&](place::Stream stream, std::string_view bytes) {
        if (stream == place::Stream::err) return keep(said, bytes);
        if (!taken) return;
        taken = sink(bytes);
        if (!taken) enough.request();
      },
      GuestChannel::Begin::at_once, stop));
  const auto exit = session->wait(enough.stop());
  if (enough.stop().requested() && !stop.requested()) {
    static_cast<void>(session->kill_tree(0s, stop.within(10s)));
    static_cast<void>(session->wait(stop));
    if (!taken) return tl::unexpected<Error>(taken.error());
  }
  if (!exit) return tl::unexpected<Error>(exit.error());
  return TRY(summary_of(*exit, said), "pack {} in {}", directory, name_);
}

}  // namespace cupel::machine
