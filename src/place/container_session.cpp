// SPDX-License-Identifier: Apache-2.0
#include "place/container_session.hpp"

namespace cupel::place {

Result<> ContainerSession::begin(const Start& start, Command::Streams streams) {
  // On a terminal there is but one stream.
  if (streams == Command::Streams::terminal) held_stream_ = Stream::out;
  session_ = TRY(start([this](Stream stream, std::string_view bytes) { take(stream, bytes); }));
  return {};
}

/// Holds back what may be our own word, and delivers the rest in order.
void ContainerSession::take(Stream stream, std::string_view bytes) {
  if (decided_) return sink_(stream, bytes);
  if (stream != held_stream_) {
    let_go();
    return sink_(stream, bytes);
  }
  held_ += bytes;
  const auto length = std::min(held_.size(), expected_.word.size());
  if (held_.compare(0, length, expected_.word, 0, length) != 0) let_go();
}

void ContainerSession::let_go() {
  decided_ = true;
  if (!held_.empty()) sink_(held_stream_, std::exchange(held_, {}));
}

Result<os::Exit> ContainerSession::wait(const Stop& stop) {
  const auto exit = TRY(session_->wait(stop));
  if (held_.starts_with(expected_.word + " ")) {
    if (held_.find(" container") != std::string::npos)
      return fail(Fault::unavailable, "the container {} has ended", expected_.container);
    if (held_.find(" directory") != std::string::npos)
      return fail(Fault::not_found, "there is no directory {} in the container {}",
                  expected_.directory, expected_.container);
    return fail(Fault::not_found, "no such program in the container {}: {}", expected_.container,
                expected_.program);
  }
  let_go();
  return exit;
}

Result<> ContainerSession::write(std::string_view bytes, const Stop& stop) {
  return session_->write(bytes, stop);
}
Result<> ContainerSession::close_input() { return session_->close_input(); }
Result<> ContainerSession::resize(os::WindowSize size) { return session_->resize(size); }
Result<> ContainerSession::signal(int number) { return session_->signal(number); }
Result<> ContainerSession::kill_tree(Duration grace, const Stop& stop) {
  return session_->kill_tree(grace, stop);
}

}  // namespace cupel::place
