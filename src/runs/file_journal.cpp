// SPDX-License-Identifier: Apache-2.0
#include "runs/file_journal.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/text.hpp"
#include "runs/journal_text.hpp"

namespace cupel::runs {
namespace {

constexpr std::size_t largest = std::size_t{4} << 30;

Result<> sync_directory(const os::fs::path& path) {
  const auto directory = path.has_parent_path() ? path.parent_path() : os::fs::path(".");
  const auto fd = TRY(os::open_file(directory.string(), O_RDONLY | O_DIRECTORY));
  if (::fsync(fd.get()) != 0) return fail(Fault::unavailable, "{}", std::strerror(errno));
  return {};
}

}  // namespace

Result<std::unique_ptr<FileJournal>> FileJournal::open(const os::fs::path& path, const Stop& stop) {
  std::error_code ignored;
  const auto kind = os::fs::status(path, ignored).type();
  if (kind != os::fs::file_type::regular && kind != os::fs::file_type::not_found)
    return fail(Fault::invalid, "the journal {} is no file", path.string());
  auto lock = os::FileLock::take(path, stop);
  if (!lock && lock.error().fault() == Fault::timeout)
    return fail(Fault::conflict, "the journal {} is in use by another cupel", path.string());
  if (!lock) {
    auto error = lock.error();
    return tl::unexpected<Error>(error.add_frame("open the journal " + path.string()));
  }
  auto file = TRY(os::open_file(path.string(), O_RDWR | O_APPEND, 0600));
  if (::fchmod(file.get(), 0600) != 0)
    return fail(Fault::denied, "the journal {}: {}", path.string(), std::strerror(errno));
  auto journal =
      std::unique_ptr<FileJournal>(new FileJournal(path, std::move(*lock), std::move(file)));
  TRY(journal->read(), "the journal {}", path.string());
  return journal;
}

Result<> FileJournal::read() {
  const auto text = TRY(os::read_file(path_, largest));
  auto contents = TRY(journal_contents(text));
  head_ = std::move(contents.head);
  finish_ = std::move(contents.finish);
  records_ = std::move(contents.records);
  size_ = contents.whole;
  return size_ < text.size() ? cut() : Result<>();
}

Result<> FileJournal::cut() {
  if (::ftruncate(file_.get(), static_cast<off_t>(size_)) == 0) return {};
  return fail(Fault::unavailable, "cut its last line: {}", std::strerror(errno));
}

Result<> FileJournal::write(const std::string& line) {
  if (auto done = os::write_all(file_, line, Stop()); !done) {
    // Who opens it next would cut it too, were nothing written behind it.
    static_cast<void>(cut());
    return done;
  }
  size_ += line.size();
  ++written_;
  return {};
}

Result<> FileJournal::begin(const Head& head) {
  TRY(write(line_of(head)));
  head_ = head;
  TRY(sync());
  return sync_directory(path_);
}

Result<> FileJournal::end(const Finish& finish) {
  TRY(write(line_of(finish)));
  finish_ = finish;
  return sync();
}

Result<> FileJournal::append(const pipeline::JournalRecord& record) {
  const auto object = to_json(record);
  if (!object) {
    auto error = object.error();
    return tl::unexpected<Error>(error.add_frame("the outcome of '" + record.name + "'"));
  }
  return write(sealed_line(*object));
}

// One of those who wait syncs for all whose lines were written before; holding the lock meanwhile
// is how the others wait.
Result<> FileJournal::sync() {
  const std::uint64_t wanted = written_;
  auto synced = synced_.lock();
  if (*synced >= wanted) return {};
  const std::uint64_t reached = written_;
  if (::fdatasync(file_.get()) != 0) return fail(Fault::unavailable, "{}", std::strerror(errno));
  *synced = reached;
  return {};
}

}  // namespace cupel::runs
