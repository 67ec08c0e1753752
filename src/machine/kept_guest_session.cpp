// SPDX-License-Identifier: Apache-2.0
#include "machine/kept_guest_session.hpp"

namespace cupel::machine {

// First to disk, then onwards: what is told is never told twice from two sources.
place::OutputSink KeptGuestSession::listener() {
  return [this](place::Stream stream, std::string_view bytes) {
    if (!kept_) return;
    kept_ = output_.add(stream, bytes);
    if (kept_)
      sink_(stream, bytes);
    else if (enough_ != nullptr)
      enough_->request();
  };
}

Result<> KeptGuestSession::end(os::Exit exit) {
  TRY(kept_);
  TRY(output_.end(exit));
  return {};
}

Result<os::Exit> KeptGuestSession::wait(const Stop& stop) {
  TRY(output_.replay(sink_, stop));
  if (output_.exit()) return *output_.exit();
  if (!live_) return fail(Fault::internal, "nobody tells of the command");
  StopSource enough(stop);
  enough_ = &enough;
  const auto exit = live_->wait(enough.stop());
  enough_ = nullptr;
  TRY(kept_);
  if (!exit) return exit;
  TRY(output_.end(*exit));
  live_->release();
  return exit;
}

Result<> KeptGuestSession::write(std::string_view, const Stop&) {
  return fail(Fault::conflict, "the command has no terminal to write to");
}

Result<> KeptGuestSession::resize(os::WindowSize) {
  return fail(Fault::conflict, "the command has no terminal to resize");
}

Result<> KeptGuestSession::signal(int number) { return live_ ? live_->signal(number) : Result<>(); }

Result<> KeptGuestSession::kill_tree(Duration grace, const Stop& stop) {
  return live_ ? live_->kill_tree(grace, stop) : Result<>();
}

}  // namespace cupel::machine
