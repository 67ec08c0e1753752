// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "guest/loop.hpp"
#include "guest/shutdown.hpp"
#include "guest/stream.hpp"
#include "guest/tree.hpp"
#include "wire/message.hpp"

namespace cupel::guest {

/// One channel to the host and the streams that were started over it.
class Conversation {
 public:
  /// port: a host that hangs up may come back. socket: its end is the end.
  enum class Channel { port, socket };

  /// loop, forest and shutdown outlive it. `boot_id` is what Welcome says. `shutdown` is asked
  /// before the end of a command is told that may have begun one; null: nobody is.
  static Result<std::unique_ptr<Conversation>> open(Loop& loop, Forest& forest, os::Fd fd,
                                                    Channel channel, std::string boot_id,
                                                    Shutdown* shutdown = nullptr);
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  /// After each turn of the loop: reads and writes what can be without waiting, forgets streams
  /// that are finished. So what one turn brought goes out in one piece.
  void settle();

  /// Tells the host that the system goes down.
  void announce_shutdown();
  /// Whether all that was said has left us, as far as the host takes it.
  bool is_quiet() const { return waiting_.empty(); }

  /// A socket's peer is gone.
  bool over() const { return over_; }
  /// Ends every stream, kept ones too.
  void end_all();
  /// Forgets the streams that are finished; settle() does it too.
  void sweep();
  bool has_streams() const { return !streams_.empty() || !former_.empty() || !kept_.empty(); }

 private:
  enum class Greeted { no, yes };
  Conversation(Loop& loop, Forest& forest, os::Fd fd, Channel channel, std::string boot_id,
               Shutdown* shutdown)
      : loop_(loop),
        forest_(forest),
        shutdown_(shutdown),
        fd_(std::move(fd)),
        channel_(channel),
        boot_id_(std::move(boot_id)) {}

  bool write_waiting();
  bool read_available();
  void handle_frames();
  void hang_up();
  void drop(const Error& error);
  void end_streams();
  Result<std::unique_ptr<Stream>> begin(std::uint32_t number, const wire::Start& start);
  Stream* find_kept(const std::string& name);
  std::unique_ptr<Stream> take_kept(const std::string& name);
  Stream::Send sender(std::uint32_t stream);
  void send(std::uint32_t stream, wire::Message message);
  void regulate();

  Result<> handle(wire::Frame frame);
  Result<> on(std::uint32_t stream, const wire::Hello& hello);
  Result<> on(std::uint32_t stream, const wire::Refresh& refresh);
  Result<> on(std::uint32_t stream, const wire::Start& start);
  Result<> on(std::uint32_t stream, const wire::TakeUp& wanted);
  Result<> on(std::uint32_t stream, const wire::Release& release);
  Result<> on(std::uint32_t stream, wire::Input& input);
  Result<> on(std::uint32_t stream, const wire::InputEnd& end);
  Result<> on(std::uint32_t stream, const wire::Signal& signal);
  Result<> on(std::uint32_t stream, const wire::Resize& size);
  Result<> on(std::uint32_t stream, const wire::Ping& ping);
  Result<> on(std::uint32_t stream, const wire::Credit& credit);
  template <typename Other>
  Result<> on(std::uint32_t stream, const Other& message);
  Stream* find(std::uint32_t stream);

  Loop& loop_;
  Forest& forest_;
  Shutdown* shutdown_;
  os::Fd fd_;
  Channel channel_;
  std::string boot_id_;
  Loop::Watch watch_;
  wire::Decoder decoder_;
  Greeted greeted_ = Greeted::no;
  std::uint64_t greetings_ = 0;
  std::map<std::uint32_t, std::unique_ptr<Stream>> streams_;
  std::vector<std::unique_ptr<Stream>> former_;
  std::vector<std::unique_ptr<Stream>> kept_;  ///< that no stream's number stands for
  std::deque<std::string> waiting_;
  std::size_t waiting_bytes_ = 0, written_ = 0;
  Stream::Flow flow_ = Stream::Flow::open;
  bool readable_ = true, writable_ = true, over_ = false;
};

}  // namespace cupel::guest
