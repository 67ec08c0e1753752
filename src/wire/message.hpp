// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/error.hpp"

/// Messages between cupel and the guest program, over one byte stream (a virtio-serial port).
///
/// A frame is a 16-byte header (magic "cpl1", kind u8, three zero bytes, stream u32, length u32;
/// little endian) and `length` bytes of body, at most max_body. A stream is one process in the
/// guest, numbered by the host. The host speaks first: Hello; it need not wait for the answer
/// before it sends more. What the guest sends before its Welcome with the same nonce belongs to an
/// earlier conversation and is dropped, so that a host may connect, vanish and connect again, and
/// a machine may be cloned in between.
///
/// Both directions of a stream are flow-controlled: the sender may have at most input_window bytes
/// (host to guest) or output_window bytes (guest to host, both outputs together) unacknowledged,
/// and Credit gives back what the receiver has passed on. So one stream that is not read holds up
/// neither the others nor Ping.
///
/// A kept stream outlives its conversation: the guest retains its output, counted from the first
/// byte, until Credit says that the host has it for good, and its end until Release. A host that
/// comes later takes it up with TakeUp, from the byte that it wants next. What a dead host left
/// half sent is ended by interruption(), sent before the next Hello.
namespace cupel::wire {

inline constexpr std::uint32_t protocol_version = 3;
inline constexpr std::size_t header_size = 16;
inline constexpr std::size_t max_body = 256U << 10;
inline constexpr std::size_t input_window = 1U << 20;
inline constexpr std::size_t output_window = 1U << 20;
/// What the guest retains of a kept stream's output at most; then the process waits.
inline constexpr std::size_t kept_output = 8U << 20;

// ---- host to guest ----

/// Starts a conversation. Streams of the one before on this channel whose process still runs are
/// ended with their trees, but for kept ones; what ended processes left in the background lives on,
/// so that a daemon that was started while provisioning is there in every clone.
struct Hello {
  std::uint32_t version = protocol_version;
  std::uint64_t nonce = 0;
  friend bool operator==(const Hello&, const Hello&) = default;
};
/// What makes a clone a machine of its own. Sent once after resuming, before anything else runs.
struct Refresh {
  std::string entropy;       ///< 32 bytes or more, mixed into the kernel's pool and credited
  std::int64_t time_ns = 0;  ///< since the epoch
  std::string machine_id;    ///< 32 hexadecimal digits
  std::string host_name;
  friend bool operator==(const Refresh&, const Refresh&) = default;
};
/// Starts a process.
struct Start {
  enum class Kind : std::uint8_t {
    command,  ///< argv
    /// A pax tar stream from input into `directory` (made if missing), owned by `user`.
    unpack,
    /// What is selected below `directory`, as a pax tar stream, to output. Both kinds write one
    /// line to Output::From::err: "FILES BYTES", or the failure's text and exit with
    /// failed_transfer plus its Fault.
    pack,
  } kind = Kind::command;
  std::vector<std::string> argv;
  std::map<std::string, std::string> environment;
  std::string directory;
  std::string user;
  /// Not empty: the stream is kept under this name, an absolute directory of the guest, where the
  /// file "pid" has its process's number. Only for commands without a terminal; without input.
  std::string kept;
  bool terminal = false;  ///< on the wire a bit
  std::uint16_t rows = 24, columns = 80;
  // pack:
  std::vector<std::string> includes, excludes, paths;
  bool default_excludes = false;
  bool files_only = false;
  friend bool operator==(const Start&, const Start&) = default;
};
struct Input {
  std::string bytes;
  friend bool operator==(const Input&, const Input&) = default;
};
struct InputEnd {
  friend bool operator==(const InputEnd&, const InputEnd&) = default;
};
/// group: the process group; tree: every process of the stream, also those that left the group.
struct Signal {
  std::int32_t number = 0;
  enum class To : std::uint8_t { group, tree } to = To::group;
  friend bool operator==(const Signal&, const Signal&) = default;
};
struct Resize {
  std::uint16_t rows = 24, columns = 80;
  friend bool operator==(const Resize&, const Resize&) = default;
};
struct Ping {
  std::uint64_t number = 0;
  friend bool operator==(const Ping&, const Ping&) = default;
};

/// Continues a kept stream under this stream's number; answered as Start is. not_found: no stream
/// is kept under that name. Who asks last has it.
struct TakeUp {
  std::string kept;
  std::uint64_t offset = 0;  ///< of the output that is sent first; not what Credit gave back
  friend bool operator==(const TakeUp&, const TakeUp&) = default;
};
/// The host has all of a kept stream, its end too.
struct Release {
  friend bool operator==(const Release&, const Release&) = default;
};

// ---- guest to host ----

struct Welcome {
  std::uint32_t version = protocol_version;
  std::uint64_t nonce = 0;
  std::string boot_id;  ///< tells a reboot from a reconnection
  friend bool operator==(const Welcome&, const Welcome&) = default;
};
struct Refreshed {
  std::string problems;  ///< what could not be done, one line; empty: all was done
  friend bool operator==(const Refreshed&, const Refreshed&) = default;
};
struct Output {
  enum class From : std::uint8_t { out, err } from = From::out;
  std::string bytes;
  friend bool operator==(const Output&, const Output&) = default;
};
/// The process runs. Comes before all else on its stream.
struct Started {
  std::int32_t pid = 0;
  friend bool operator==(const Started&, const Started&) = default;
};
/// The process ended and all that it had written came before this.
struct Exited {
  std::int32_t status = 0;
  std::int32_t signal = 0;
  friend bool operator==(const Exited&, const Exited&) = default;
};
/// It could not be started; the stream's number is free again.
struct Refused {
  Fault fault = Fault::internal;
  std::string text;
  friend bool operator==(const Refused&, const Refused&) = default;
};
/// Every process of the stream is gone (after Signal::To::tree).
struct TreeGone {
  friend bool operator==(const TreeGone&, const TreeGone&) = default;
};
/// In both directions.
struct Credit {
  std::uint32_t bytes = 0;
  friend bool operator==(const Credit&, const Credit&) = default;
};
struct Pong {
  std::uint64_t number = 0;
  friend bool operator==(const Pong&, const Pong&) = default;
};
/// The system goes down, for a reboot or for good: nothing that is started now comes to its end.
/// Comes before the Exited of the command that asked for it.
struct GoingDown {
  friend bool operator==(const GoingDown&, const GoingDown&) = default;
};

/// A kind's number on the wire is its place here plus one: add at the end only.
using Message = std::variant<Hello, Refresh, Start, Input, InputEnd, Signal, Resize, Ping, Welcome,
                             Refreshed, Output, Started, Exited, Refused, TreeGone, Credit, Pong,
                             TakeUp, Release, GoingDown>;

/// Exit status of a failed pack or unpack whose Fault is the first one; the others follow it.
inline constexpr int failed_transfer = 64;

struct Frame {
  std::uint32_t stream = 0;  ///< 0: the conversation itself
  Message message;
  friend bool operator==(const Frame&, const Frame&) = default;
};

/// The frame's bytes. CHECKs that the body is not over max_body.
std::string encode(const Frame& frame);
/// The size of the frame's body: for those who encode what others gave them.
std::size_t body_size(const Frame& frame);

/// Bytes that belong to no frame and make whatever frame was begun before them fail or end: what is
/// sent before the Hello that follows a peer which may have died in the middle of one.
std::string interruption();

/// Cuts frames out of a byte stream, in time linear to its length. Foreign bytes are an error
/// (Fault::internal) that says what was wrong; after one, only the seek functions lead on.
class Decoder {
 public:
  void feed(std::string_view bytes);
  /// The next whole frame; nothing if more bytes are needed.
  Result<std::optional<Frame>> next();

  /// Drops all before the next Hello, whatever it is. False if there is none yet.
  bool seek_hello();
  /// The same for the Welcome that answers this nonce.
  bool seek_welcome(std::uint64_t nonce);
  void clear();
  /// Bytes that wait for the rest of their frame.
  std::size_t waiting() const { return buffer_.size() - used_; }

 private:
  bool seek(std::string_view pattern);
  std::string buffer_;
  std::size_t used_ = 0;
};

}  // namespace cupel::wire
