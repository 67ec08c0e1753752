// SPDX-License-Identifier: Apache-2.0
#include "machine/kept_output.hpp"

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/text.hpp"
#include "os/files.hpp"

namespace cupel::machine {
namespace {

constexpr std::size_t head_size = 5;
constexpr std::size_t largest_frame = std::size_t{1} << 20;

struct Head {
  place::Stream stream = place::Stream::out;
  std::size_t length = 0;
};

std::array<char, head_size> write_head(place::Stream stream, std::size_t length) {
  std::array<char, head_size> head{};
  head[0] = stream == place::Stream::out ? 1 : 2;
  for (std::size_t i = 0; i < 4; ++i) head[i + 1] = static_cast<char>(length >> (8 * i) & 0xFFU);
  return head;
}

Result<std::string> read_at(const os::Fd& file, off_t at, std::size_t count) {
  std::string bytes(count, '\0');
  std::size_t got = 0;
  while (got < count) {
    const auto more =
        ::pread(file.get(), bytes.data() + got, count - got, at + static_cast<off_t>(got));
    if (more < 0 && errno == EINTR) continue;
    if (more < 0) return fail_errno(errno, "read what a command printed");
    if (more == 0) break;
    got += static_cast<std::size_t>(more);
  }
  bytes.resize(got);
  return bytes;
}

/// Of the frame there; nothing at the end, or where it was not written whole.
Result<std::optional<Head>> head_at(const os::Fd& file, off_t at) {
  const auto bytes = TRY(read_at(file, at, head_size));
  if (bytes.size() < head_size) return std::optional<Head>();
  Head head{bytes[0] == 1 ? place::Stream::out : place::Stream::err, 0};
  for (std::size_t i = 0; i < 4; ++i)
    head.length |= static_cast<std::size_t>(static_cast<unsigned char>(bytes[i + 1])) << 8 * i;
  if ((bytes[0] != 1 && bytes[0] != 2) || head.length > largest_frame)
    return fail(Fault::invalid, "what a command printed is damaged");
  return std::optional<Head>(head);
}

Result<std::optional<os::Exit>> read_exit(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!os::fs::exists(path, ignored)) return std::optional<os::Exit>();
  const auto text = TRY(os::read_file(path, 64));
  const auto words = split(trim(text), ' ');
  const auto status = parse_integer(words[0]);
  const auto signal = words.size() == 2 ? parse_integer(words[1]) : std::nullopt;
  if (!status || !signal || *status < 0 || *status > 255 || *signal < 0 || *signal > 127)
    return fail(Fault::invalid, "{} is damaged", path.string());
  return std::optional<os::Exit>(os::Exit{static_cast<int>(*status), static_cast<int>(*signal)});
}

}  // namespace

Result<KeptOutput> KeptOutput::open(const std::filesystem::path& directory,
                                    std::string_view boot_id) {
  KeptOutput kept;
  std::error_code ignored;
  kept.fresh_ = !os::fs::exists(directory, ignored);
  kept.directory_ = directory;
  TRY(os::make_directories(directory, 0700));
  if (kept.fresh_ && !boot_id.empty()) TRY(os::write_file(directory / boot_file, boot_id, 0600));
  kept.exit_ = TRY(read_exit(directory / "status"));
  kept.file_ = TRY(os::open_file(directory / "output", O_RDWR | O_CREAT | O_APPEND, 0600));
  TRY(kept.measure(), "{}", (directory / "output").string());
  return kept;
}

Result<> KeptOutput::measure() {
  const auto end = ::lseek(file_.get(), 0, SEEK_END);
  off_t at = 0;
  while (const auto head = TRY(head_at(file_, at))) {
    const auto next = at + static_cast<off_t>(head_size + head->length);
    if (next > end) break;
    size_ += head->length;
    at = next;
  }
  if (at < end && ::ftruncate(file_.get(), at) != 0) return fail_errno(errno, "cut its last frame");
  replay_end_ = at;
  return {};
}

Result<> KeptOutput::add(place::Stream stream, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto part = bytes.substr(0, largest_frame);
    auto frame = std::string(part.size() + head_size, '\0');
    const auto head = write_head(stream, part.size());
    std::copy(head.begin(), head.end(), frame.begin());
    std::copy(part.begin(), part.end(), frame.begin() + head_size);
    TRY(os::write_all(file_, frame, Stop{}), "keep what a command printed in {}",
        directory_.string());
    size_ += part.size();
    bytes.remove_prefix(part.size());
  }
  return {};
}

Result<> KeptOutput::end(os::Exit exit) {
  TRY(os::write_file(directory_ / "status", fmt::format("{} {}\n", exit.status, exit.signal), 0600),
      "keep how a command ended");
  exit_ = exit;
  return {};
}

Result<> KeptOutput::replay(const place::OutputSink& sink, const Stop& stop) {
  while (replayed_ < replay_end_) {
    TRY(stop.check());
    const auto head = TRY(head_at(file_, replayed_));
    if (!head) return fail(Fault::internal, "what a command printed was cut meanwhile");
    const auto bytes = TRY(read_at(file_, replayed_ + off_t{head_size}, head->length));
    replayed_ += static_cast<off_t>(head_size + head->length);
    sink(head->stream, bytes);
  }
  return {};
}

}  // namespace cupel::machine
