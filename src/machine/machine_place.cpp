// SPDX-License-Identifier: Apache-2.0
#include "machine/machine_place.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "base/digest.hpp"
#include "machine/kept_guest_session.hpp"
#include "os/files.hpp"
#include "place/transfer.hpp"

namespace cupel::machine {

namespace fs = std::filesystem;

namespace {

/// A command in one boot of a machine, which a reboot may end.
class MachineSession final : public place::Session {
 public:
  /// `kept` is the session itself if it outlives us, else null.
  MachineSession(Connection& connection, SharedContact contact, Connection::Call call,
                 std::unique_ptr<place::Session> session, KeptGuestSession* kept,
                 place::OutputSink sink)
      : connection_(connection),
        contact_(std::move(contact)),
        call_(std::move(call)),
        session_(std::move(session)),
        kept_(kept),
        sink_(std::move(sink)) {}

  Result<os::Exit> wait(const Stop& stop) override {
    if (ended_) return *ended_;
    auto exit = session_->wait(stop);
    if (!exit && (stop.requested() || !connection_.has_ended(contact_))) return exit;
    const bool cut = !exit;
    if (!cut && !connection_.is_down()) return exit;
    call_.reset();
    if (cut) TRY(is_ours());
    TRY(connection_.see_through(
        contact_, [this](const std::string& line) { tell(line); }, stop));
    ended_ = cut ? os::Exit{} : *exit;
    if (cut && kept_ != nullptr) TRY(kept_->end(*ended_));
    return *ended_;
  }
  Result<> write(std::string_view bytes, const Stop& stop) override {
    return session_->write(bytes, stop);
  }
  Result<> close_input() override { return session_->close_input(); }
  Result<> resize(os::WindowSize size) override { return session_->resize(size); }
  Result<> signal(int number) override { return session_->signal(number); }
  Result<> kill_tree(Duration grace, const Stop& stop) override {
    return session_->kill_tree(grace, stop);
  }

 private:
  /// Whether this command is what the reboot is laid to.
  Result<> is_ours() {
    const auto blame = connection_.blame();
    if (blame.ordered)
      return fail(Fault::unavailable, "{} rebooted while this ran, by a step reboot() elsewhere",
                  connection_.name());
    if (blame.commands <= 1) return {};
    return fail(Fault::unavailable,
                "{} rebooted while this ran: {} commands ran in it, and nobody knows which of them "
                "asked for that",
                connection_.name(), blame.commands);
  }
  void tell(const std::string& line) {
    if (kept_ != nullptr)
      kept_->add(place::Stream::err, line + "\n");
    else
      sink_(place::Stream::err, line + "\n");
  }

  Connection& connection_;
  SharedContact contact_;  // shared: the session speaks over its channel
  std::optional<Connection::Call> call_;
  std::unique_ptr<place::Session> session_;
  KeptGuestSession* kept_;
  place::OutputSink sink_;
  std::optional<os::Exit> ended_;
};

/// How many commands of that boot are kept without an end.
std::size_t unfinished(const fs::path& kept, const std::string& boot_id) {
  std::size_t count = 0;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(kept, error)) {
    const auto boot = os::read_file(entry.path() / KeptOutput::boot_file, 100);
    if (boot && *boot == boot_id && !fs::exists(entry.path() / "status", error)) ++count;
  }
  return count;
}

}  // namespace

Result<std::unique_ptr<place::Session>> MachinePlace::start(const place::Command& command,
                                                            place::OutputSink sink,
                                                            const Stop& stop) {
  auto contact = TRY(connection_.contact(stop));
  Connection::Call call(connection_);
  auto session = contact->place->start(command, sink, stop);
  if (!session && connection_.has_ended(contact))
    return fail(Fault::unavailable, "{} rebooted just when a command began there: {}",
                connection_.name(), session.error().text());
  if (!session) return session;
  return std::unique_ptr<place::Session>(
      std::make_unique<MachineSession>(connection_, std::move(contact), std::move(call),
                                       std::move(*session), nullptr, std::move(sink)));
}

Result<std::unique_ptr<place::Session>> MachinePlace::start_kept(const place::Command& command,
                                                                 const std::string& directory,
                                                                 place::OutputSink sink,
                                                                 const Stop& stop) {
  auto contact = TRY(connection_.contact(stop));
  if (!keeps_commands())
    return contact->place->start_kept(command, directory, std::move(sink), stop);
  const auto boot_id = TRY(contact->channel->welcome(stop));
  const auto kept = *connection_.about().kept / digest_of(directory).hex;
  std::error_code ignored;
  const auto begun = os::read_file(kept / KeptOutput::boot_file, 100);
  if (begun && *begun != boot_id && !fs::exists(kept / "status", ignored))
    return finished_by_reboot(kept, std::move(sink));

  Connection::Call call(connection_);
  auto session = contact->place->start_kept(command, directory, sink, stop);
  if (!session && connection_.has_ended(contact))
    return fail(Fault::unavailable, "{} rebooted just when a command began there: {}",
                connection_.name(), session.error().text());
  if (!session) return session;
  auto* as_kept = dynamic_cast<KeptGuestSession*>(session->get());
  return std::unique_ptr<place::Session>(
      std::make_unique<MachineSession>(connection_, std::move(contact), std::move(call),
                                       std::move(*session), as_kept, std::move(sink)));
}

/// A command of an earlier boot, whose end nobody heard of: it ended with that boot.
Result<std::unique_ptr<place::Session>> MachinePlace::finished_by_reboot(const fs::path& kept,
                                                                         place::OutputSink sink) {
  const auto boot = TRY(os::read_file(kept / KeptOutput::boot_file, 100));
  const auto others = unfinished(kept.parent_path(), boot);
  if (others > 1)
    return fail(Fault::unavailable,
                "{} rebooted while this ran: {} commands ran in it, and nobody knows which of them "
                "asked for that",
                connection_.name(), others);
  {
    auto output = TRY(KeptOutput::open(kept));
    TRY(output.add(place::Stream::err, fmt::format("{} rebooted meanwhile\n", connection_.name())));
    TRY(output.end({}));
  }
  return std::make_unique<KeptGuestSession>(TRY(KeptOutput::open(kept)), std::move(sink));
}

Result<> MachinePlace::push(const os::ByteSource& source, const std::string& directory,
                            const Stop& stop) {
  const auto contact = TRY(connection_.contact(stop));
  auto pushed = contact->place->push(source, directory, stop);
  if (!pushed && connection_.has_ended(contact))
    return fail(Fault::unavailable, "{} rebooted while files were sent there", connection_.name());
  return pushed;
}

Result<os::PackSummary> MachinePlace::pull(const std::string& directory,
                                           const os::PackOptions& options, const os::ByteSink& sink,
                                           const Stop& stop) {
  const auto contact = TRY(connection_.contact(stop));
  auto pulled = contact->place->pull(directory, options, sink, stop);
  if (!pulled && connection_.has_ended(contact))
    return fail(Fault::unavailable, "{} rebooted while files were fetched from there",
                connection_.name());
  return pulled;
}

Result<> MachinePlace::reboot(const place::RebootOrder& order, const place::OutputSink& sink,
                              const Stop& stop) {
  const auto done = reboot_with_files(order, sink, stop.within(order.limit));
  if (done || done.error().fault() != Fault::timeout || stop.requested()) return done;
  return fail(Fault::unavailable, "{} is not back from its reboot after {}", connection_.name(),
              to_text(order.limit));
}

Result<> MachinePlace::reboot_with_files(const place::RebootOrder& order,
                                         const place::OutputSink& sink, const Stop& stop) {
  const auto& about = connection_.about();
  if (about.restart.files == Restart::Files::on_disk) return reboot_now(order, sink, stop);
  if (about.restart.layers > 0)
    return fail(Fault::denied,
                "{} cannot reboot: its box has no disk, so that what its provisioning made would "
                "be lost; use a box with a disk",
                connection_.name());
  const auto path = about.directory / "workspace.tar";
  const auto file = TRY(os::open_file(path, O_WRONLY | O_CREAT | O_TRUNC, 0600));
  const auto pulled = pull(
      order.workspace, {}, [&](std::string_view bytes) { return os::write_all(file, bytes, stop); },
      stop);
  const bool none = !pulled && pulled.error().fault() == Fault::not_found;
  if (!pulled && !none) return tl::unexpected<Error>(pulled.error());
  TRY(reboot_now(order, sink, stop));
  if (!none)
    TRY(push(TRY(place::read_in_pieces(path, stop)), order.workspace, stop),
        "carry the workspace over");
  ::unlink(path.c_str());
  return {};
}

Result<> MachinePlace::reboot_now(const place::RebootOrder& order, const place::OutputSink& sink,
                                  const Stop& stop) {
  const bool hard = order.how == place::RebootOrder::How::hard;
  place::Command command;
  command.argv = {"/bin/sh", "-c",
                  hard ? "echo 1 >/proc/sys/kernel/sysrq; echo b >/proc/sysrq-trigger; sleep 60"
                       : "sync; exec reboot"};
  command.directory = "/";
  const auto contact = TRY(connection_.contact(stop));
  connection_.order();
  std::string said;
  const auto session = contact->place->start(
      command, [&](place::Stream, std::string_view bytes) { said += bytes.substr(0, 1000); }, stop);
  auto exit =
      session ? (*session)->wait(stop) : Result<os::Exit>(tl::unexpected<Error>(session.error()));
  const bool cut = !exit && connection_.has_ended(contact);
  if (!cut && (!exit || exit->status != 0)) {
    connection_.withdraw_order();
    if (!exit) return tl::unexpected<Error>(exit.error());
    return fail(Fault::invalid, "{} does not reboot: its command ended with {}: {}",
                connection_.name(), exit->status, trim(said));
  }
  return connection_.see_through(
      contact, [&](const std::string& line) { sink(place::Stream::out, line + "\n"); }, stop);
}

}  // namespace cupel::machine
