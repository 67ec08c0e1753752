// SPDX-License-Identifier: Apache-2.0
#include "guest/conversation.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/log.hpp"
#include "guest/refresh.hpp"

namespace cupel::guest {
namespace {

constexpr std::size_t pause_above = 1U << 20, resume_below = 256U << 10;
/// Answers to a host that does not read them; then nothing more is read from it.
constexpr std::size_t deaf_above = 4U << 20;
constexpr std::size_t most_streams = 1024;

}  // namespace

Result<std::unique_ptr<Conversation>> Conversation::open(Loop& loop, Forest& forest, os::Fd fd,
                                                         Channel channel, std::string boot_id,
                                                         Shutdown* shutdown) {
  TRY(os::set_nonblocking(fd));
  std::unique_ptr<Conversation> conversation(
      new Conversation(loop, forest, std::move(fd), channel, std::move(boot_id), shutdown));
  // Edges, not levels: a port without a host is always "hung up", and only the edge tells when the
  // host comes; waiting costs nothing, and the first frame after a resume is handled at once.
  auto* self = conversation.get();
  self->watch_ = TRY(loop.watch(self->fd_, EPOLLIN | EPOLLOUT | EPOLLET, [self](std::uint32_t) {
    self->readable_ = true;
    self->writable_ = true;
  }));
  return conversation;
}

void Conversation::settle() {
  bool progress = true;
  while (progress && !over_) {
    progress = write_waiting();
    progress = read_available() || progress;
  }
  regulate();
  sweep();
}

bool Conversation::write_waiting() {
  bool progress = false;
  while (writable_ && !waiting_.empty()) {
    const auto& front = waiting_.front();
    const auto count = ::write(fd_.get(), front.data() + written_, front.size() - written_);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      writable_ = false;
      if (count < 0 && errno != EAGAIN) hang_up();
      break;
    }
    progress = true;
    written_ += static_cast<std::size_t>(count);
    waiting_bytes_ -= static_cast<std::size_t>(count);
    if (written_ == front.size()) {
      waiting_.pop_front();
      written_ = 0;
    }
  }
  return progress;
}

bool Conversation::read_available() {
  if (!readable_ || waiting_bytes_ > deaf_above) return false;
  std::array<char, 64U << 10> buffer;
  const auto count = ::read(fd_.get(), buffer.data(), buffer.size());
  if (count < 0 && errno == EINTR) return true;
  if (count <= 0) {
    readable_ = false;
    if (count == 0 || errno != EAGAIN) hang_up();
    return false;
  }
  decoder_.feed({buffer.data(), static_cast<std::size_t>(count)});
  handle_frames();
  return true;
}

void Conversation::handle_frames() {
  for (;;) {
    if (greeted_ == Greeted::no && !decoder_.seek_hello()) return;
    auto frame = decoder_.next();
    if (!frame) {
      if (greeted_ == Greeted::no) decoder_.clear();
      drop(frame.error());
      continue;
    }
    if (!*frame) return;
    if (const auto done = handle(std::move(**frame)); !done) drop(done.error());
  }
}

/// The host of a port went away. Its processes run on until another host says Hello (kept ones then
/// too); a frame that it did not finish is forgotten.
void Conversation::hang_up() {
  if (channel_ == Channel::socket) {
    over_ = true;
    return;
  }
  if (decoder_.waiting() == 0) return;
  decoder_.clear();
  greeted_ = Greeted::no;
}

void Conversation::drop(const Error& error) {
  log_debug("conversation dropped: {}", error.text());
  greeted_ = Greeted::no;
  end_streams();
}

void Conversation::end_streams() {
  for (auto& [number, stream] : streams_) {
    const bool kept = !stream->kept().empty();
    if (kept)
      stream->detach();
    else
      stream->abandon();
    (kept ? kept_ : former_).push_back(std::move(stream));
  }
  streams_.clear();
}

void Conversation::end_all() {
  end_streams();
  for (auto& stream : kept_) {
    stream->abandon();
    former_.push_back(std::move(stream));
  }
  kept_.clear();
}

void Conversation::send(std::uint32_t stream, wire::Message message) {
  auto bytes = wire::encode({stream, std::move(message)});
  waiting_bytes_ += bytes.size();
  // Small frames travel together: on a port each write is a message to the host.
  if (waiting_.size() > (written_ > 0 ? 1U : 0U) && waiting_.back().size() + bytes.size() < 32768)
    waiting_.back() += bytes;
  else
    waiting_.push_back(std::move(bytes));
}

void Conversation::regulate() {
  auto flow = flow_;
  if (waiting_bytes_ > pause_above || greeted_ == Greeted::no)
    flow = Stream::Flow::paused;
  else if (waiting_bytes_ < resume_below)
    flow = Stream::Flow::open;
  if (flow == flow_) return;
  flow_ = flow;
  for (auto& [number, stream] : streams_) stream->set_flow(flow);
}

void Conversation::sweep() {
  const auto before = streams_.size() + former_.size();
  std::erase_if(streams_, [](const auto& entry) { return entry.second->finished(); });
  std::erase_if(former_, [](const auto& stream) { return stream->finished(); });
  if (streams_.size() + former_.size() < before) forest_.prepare();
}

// ---- messages ----

Result<> Conversation::handle(wire::Frame frame) {
  return std::visit([&](auto& message) { return on(frame.stream, message); }, frame.message);
}

Result<> Conversation::on(std::uint32_t, const wire::Hello& hello) {
  end_streams();
  waiting_.clear();
  waiting_bytes_ = written_ = 0;
  greeted_ = Greeted::yes;
  ++greetings_;
  flow_ = Stream::Flow::open;
  send(0, wire::Welcome{wire::protocol_version, hello.nonce, boot_id_});
  if (shutdown_ && shutdown_->announced()) announce_shutdown();
  return {};
}

Result<> Conversation::on(std::uint32_t, const wire::Refresh& wanted) {
  send(0, wire::Refreshed{refresh(wanted).substr(0, 4096)});
  return {};
}

Result<> Conversation::on(std::uint32_t number, const wire::Start& start) {
  if (number == 0) return fail(Fault::internal, "stream 0 cannot run a process");
  auto stream = begin(number, start);
  if (!stream)
    send(number, wire::Refused{stream.error().fault(), stream.error().text().substr(0, 65536)});
  else
    streams_.emplace(number, std::move(*stream));
  return {};
}

Result<std::unique_ptr<Stream>> Conversation::begin(std::uint32_t number,
                                                    const wire::Start& start) {
  if (find(number) != nullptr) return fail(Fault::conflict, "stream {} is in use", number);
  if (!start.kept.empty() && find_kept(start.kept) != nullptr)
    return fail(Fault::conflict, "a command is kept in {} already", start.kept);
  if (streams_.size() + former_.size() + kept_.size() >= most_streams)
    return fail(Fault::unavailable, "too many commands in this machine");
  auto stream = TRY(Stream::begin(loop_, forest_, start, sender(number)));
  send(number, wire::Started{stream->pid()});
  stream->set_flow(flow_);
  return stream;
}

/// The end of a command that may have begun a shutdown is told when it is known whether it has.
Stream::Send Conversation::sender(std::uint32_t stream) {
  return [this, stream](wire::Message message) {
    if (!shutdown_ || !std::holds_alternative<wire::Exited>(message) || !shutdown_->suspected())
      return send(stream, std::move(message));
    shutdown_->ask([this, stream, message = std::move(message), greeting = greetings_] {
      if (greeting == greetings_) send(stream, message);
    });
  };
}

void Conversation::announce_shutdown() {
  if (greeted_ == Greeted::yes) send(0, wire::GoingDown{});
}

Result<> Conversation::on(std::uint32_t number, const wire::TakeUp& wanted) {
  if (number == 0 || find(number) != nullptr)
    return fail(Fault::internal, "stream {} cannot take a command up", number);
  auto stream = take_kept(wanted.kept);
  if (!stream) {
    send(number, wire::Refused{Fault::not_found, "no command is kept there"});
    return {};
  }
  if (stream->attach(wanted.offset, sender(number))) {
    send(number, wire::Started{stream->pid()});
    stream->set_flow(flow_);
    stream->credit(0);
    streams_.emplace(number, std::move(stream));
    return {};
  }
  stream->detach();
  kept_.push_back(std::move(stream));
  send(number, wire::Refused{Fault::invalid, "the output from there on was given up already"});
  return {};
}

Result<> Conversation::on(std::uint32_t number, const wire::Release&) {
  if (auto* stream = find(number)) stream->release();
  return {};
}

Stream* Conversation::find_kept(const std::string& name) {
  const auto is_it = [&](const Stream& stream) { return stream.kept() == name; };
  for (const auto& stream : kept_)
    if (is_it(*stream)) return stream.get();
  for (const auto& [number, stream] : streams_)
    if (is_it(*stream)) return stream.get();
  return nullptr;
}

std::unique_ptr<Stream> Conversation::take_kept(const std::string& name) {
  const auto* wanted = name.empty() ? nullptr : find_kept(name);
  if (wanted == nullptr) return nullptr;
  for (auto at = kept_.begin(); at != kept_.end(); ++at)
    if (at->get() == wanted) {
      auto stream = std::move(*at);
      kept_.erase(at);
      return stream;
    }
  for (auto at = streams_.begin(); at != streams_.end(); ++at)
    if (at->second.get() == wanted) return std::move(streams_.extract(at).mapped());
  return nullptr;
}

Result<> Conversation::on(std::uint32_t number, wire::Input& input) {
  auto* stream = find(number);
  if (stream == nullptr) return {};  // it ended while this was on its way
  return stream->input(std::move(input.bytes));
}

Result<> Conversation::on(std::uint32_t number, const wire::InputEnd&) {
  if (auto* stream = find(number)) stream->input_end();
  return {};
}

Result<> Conversation::on(std::uint32_t number, const wire::Signal& signal) {
  if (auto* stream = find(number))
    stream->signal(signal);
  else if (signal.to == wire::Signal::To::tree)
    send(number, wire::TreeGone{});
  return {};
}

Result<> Conversation::on(std::uint32_t number, const wire::Resize& size) {
  if (auto* stream = find(number)) stream->resize(size);
  return {};
}

Result<> Conversation::on(std::uint32_t, const wire::Ping& ping) {
  send(0, wire::Pong{ping.number});
  return {};
}

Result<> Conversation::on(std::uint32_t number, const wire::Credit& credit) {
  if (auto* stream = find(number)) stream->credit(credit.bytes);
  return {};
}

template <typename Other>
Result<> Conversation::on(std::uint32_t, const Other&) {
  return fail(Fault::internal, "a message that only the guest program sends");
}

Stream* Conversation::find(std::uint32_t stream) {
  const auto found = streams_.find(stream);
  return found == streams_.end() ? nullptr : found->second.get();
}

}  // namespace cupel::guest
