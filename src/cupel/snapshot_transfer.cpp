// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "cli/text_output.hpp"
#include "cupel/qemu_machines.hpp"
#include "cupel/snapshot_commands.hpp"
#include "machine/snapshot_archive.hpp"
#include "os/terminal.hpp"

namespace cupel {
namespace {

using namespace std::chrono_literals;

/// How far it is: a line that is drawn anew on a terminal, else a line now and then.
class TransferNews {
 public:
  explicit TransferNews(std::string_view what)
      : what_(what), terminal_(os::is_terminal(STDERR_FILENO)) {}
  TransferNews(const TransferNews&) = delete;
  TransferNews& operator=(const TransferNews&) = delete;
  ~TransferNews() { clear(); }

  void tell_of(Bytes done, Bytes all) {
    const auto now = std::chrono::steady_clock::now();
    if (now - last_ < (terminal_ ? 100ms : 5s)) return;
    last_ = now;
    const auto text = fmt::format("{} {} of {}", what_, to_text(done), to_text(all));
    if (!terminal_) return tell(text);
    drawn_ = true;
    write_to_stderr("\r\x1b[K" + text);
  }
  void clear() {
    if (std::exchange(drawn_, false)) write_to_stderr("\r\x1b[K");
  }

 private:
  std::string what_;
  bool terminal_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

/// A file that is there once it is whole. Without a name until then, where the file system can.
class NewFile {
 public:
  static Result<NewFile> make(os::fs::path path) {
    NewFile file;
    file.path_ = std::move(path);
    const auto exists = ::access(file.path_.c_str(), F_OK) == 0;
    if (exists)
      return fail(Fault::conflict, "{} is there already: choose another name, or remove it",
                  file.path_.string());
    auto directory = file.path_.parent_path();
    if (directory.empty()) directory = ".";
    if (auto nameless = os::open_file(directory.string(), O_TMPFILE | O_WRONLY, 0600)) {
      file.fd_ = std::move(*nameless);
      return file;
    }
    file.aside_ = file.path_.string() + "." + to_hex(random_bytes(3)) + ".partial";
    file.fd_ = TRY(os::open_file(file.aside_.string(), O_WRONLY | O_CREAT | O_EXCL, 0600));
    return file;
  }
  NewFile(NewFile&& other) noexcept
      : path_(std::move(other.path_)),
        aside_(std::exchange(other.aside_, {})),
        fd_(std::move(other.fd_)) {}
  ~NewFile() {
    std::error_code ignored;
    if (!aside_.empty()) os::fs::remove(aside_, ignored);
  }

  const os::Fd& fd() const { return fd_; }
  /// Gives it its name; what has that name by now is not replaced.
  Result<> finish() {
    if (::fsync(fd_.get()) != 0) return fail_errno(errno, "write {}", path_.string());
    const auto from = aside_.empty() ? fmt::format("/proc/self/fd/{}", fd_.get()) : aside_.string();
    if (::linkat(AT_FDCWD, from.c_str(), AT_FDCWD, path_.c_str(), AT_SYMLINK_FOLLOW) != 0)
      return fail_errno(errno, "make {}", path_.string());
    return {};
  }

 private:
  NewFile() = default;
  os::fs::path path_, aside_;
  os::Fd fd_;
};

Result<int> write_out(const cli::SnapshotExportCommand& command, const Surroundings& surroundings) {
  const auto paths = surroundings.home.machines();
  const auto& stop = surroundings.stop;
  const auto snapshot = TRY(machine::Snapshots(paths).find(command.name, stop));
  const bool to_stdout = command.file == "-";
  if (to_stdout && os::is_terminal(STDOUT_FILENO))
    return fail(Fault::invalid, "a terminal takes no snapshot: name a file, or a pipe");
  std::optional<NewFile> file;
  if (!to_stdout) file.emplace(TRY(NewFile::make(command.file)));
  const auto target = to_stdout ? TRY(os::duplicate(STDOUT_FILENO)) : os::Fd();
  const auto& fd = file ? file->fd() : target;
  Bytes written;
  const auto sink = [&](std::string_view bytes) -> Result<> {
    TRY(os::write_all(fd, bytes, stop), "write {}",
        to_stdout ? "to standard output" : command.file);
    written.count += bytes.size();
    return {};
  };
  TransferNews news("exported");
  TRY(machine::export_snapshot(
          snapshot, paths, machine::BoxStore(paths), sink,
          [&](Bytes done, Bytes all) { news.tell_of(done, all); }, stop),
      "snapshot {}", snapshot.name);
  if (file) TRY(file->finish());
  news.clear();
  if (!to_stdout)
    cli::TextOutput(STDOUT_FILENO, stop)
        .write(fmt::format("snapshot {} is in {} ({})\n", snapshot.name, printable(command.file),
                           to_text(written)));
  return exit_success;
}

Result<int> take_in(const cli::SnapshotImportCommand& command, const Surroundings& surroundings) {
  constexpr std::size_t piece = std::size_t{1} << 20;
  const auto paths = surroundings.home.machines();
  const auto& stop = surroundings.stop;
  const bool from_stdin = command.file == "-";
  const auto fd =
      from_stdin ? TRY(os::duplicate(STDIN_FILENO)) : TRY(os::open_file(command.file, O_RDONLY));
  std::string buffer;
  const auto source = [&]() -> Result<std::string_view> {
    buffer = TRY(os::read_some(fd, piece, stop), "read");
    return std::string_view(buffer);
  };
  TransferNews news("imported");
  const auto say = [](std::string_view line) { tell(line); };
  machine::BoxStore boxes(paths);
  machine::ImportOptions options;
  options.host = TRY(machine::import_host(stop));
  if (command.own_box == cli::SnapshotImportCommand::OwnBox::replaced)
    options.own = machine::BoxStore::Own::replace;
  options.accelerator =
      [&](const machine::Box* box) -> Result<std::optional<machine::Accelerator>> {
    const auto known = TRY(known_acceleration(paths, say, stop));
    if (known) return known->accelerator;
    if (!box) return std::optional<machine::Accelerator>();
    return TRY(acceleration_with(paths, *box, say, stop)).accelerator;
  };
  options.progress = [&](Bytes done, Bytes all) { news.tell_of(done, all); };
  options.news = say;
  const auto imported = TRY(machine::import_snapshot(source, paths, boxes, options, stop),
                            "import {}", from_stdin ? "standard input" : command.file);
  news.clear();
  const auto& layer = imported.manifest.layer;
  cli::TextOutput(STDOUT_FILENO, stop)
      .write(fmt::format(
          "snapshot {} ({}, {}) {}\n", imported.name, imported.manifest.box,
          layer.empty() ? "the box itself" : printable(layer),
          imported.fresh == machine::Imported::New::yes ? "is imported" : "is there already"));
  return exit_success;
}

}  // namespace

int export_snapshot(const cli::SnapshotExportCommand& command, const Surroundings& surroundings) {
  return status_of(write_out(command, surroundings));
}

int import_snapshot(const cli::SnapshotImportCommand& command, const Surroundings& surroundings) {
  return status_of(take_in(command, surroundings));
}

}  // namespace cupel
