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

constexpr std::int64_t format = 1;
constexpr std::size_t largest = std::size_t{4} << 30;

/// Whether the whole text may be the beginning of a first line that was not written whole.
bool begins_a_journal(std::string_view text) {
  const auto digits = text.find_first_not_of("0123456789");
  if (digits == text.npos) return true;
  const auto rest = text.substr(digits);
  const auto hex = rest.substr(0, std::min(rest.size(), std::size_t{17}));
  return digits > 0 && rest.find('\n') == rest.npos && rest[0] == ' ' &&
         hex.find_first_not_of("0123456789abcdef", 1) == hex.npos;
}

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
  std::size_t good = 0;
  std::size_t number = 0;
  std::optional<Error> bad;
  for (std::size_t at = 0; at < text.size();) {
    auto end = text.find('\n', at);
    const bool whole = end != text.npos;
    if (!whole) end = text.size();
    ++number;
    auto opened = whole ? open_line(std::string_view(text).substr(at, end - at))
                        : Result<json::Value>(fail(Fault::invalid, "a record without its end"));
    if (opened && bad)
      return fail(Fault::invalid, "is damaged before line {}: {}", number, bad->text());
    if (opened) {
      TRY(read_line(std::string_view(text).substr(at, end - at)), "line {}", number);
      good = end + 1;
    } else if (!bad) {
      bad = opened.error();
    }
    at = end + 1;
  }
  if (!bad) return {};
  if (good == 0 && !begins_a_journal(text)) return fail(Fault::invalid, "is no journal");
  if (::ftruncate(file_.get(), static_cast<off_t>(good)) != 0)
    return fail(Fault::unavailable, "cut its last line: {}", std::strerror(errno));
  return {};
}

Result<> FileJournal::read_line(std::string_view line) {
  const auto value = TRY(open_line(line));
  if (!head_) {
    if (TRY(value.integer("journal")) != format)
      return fail(Fault::invalid, "is of a format that this cupel does not know");
    const auto run = TRY(value.integer("run"));
    if (run < 0 || run > 1'000'000'000) return fail(Fault::invalid, "no number of a run: {}", run);
    head_ = Head{TRY(value.text("jenkinsfile")), TRY(value.text("inputs")),
                 static_cast<unsigned>(run), TRY(value.text("mark")), TRY(value.text("previous"))};
    return {};
  }
  if (finish_) return fail(Fault::invalid, "a record behind the last");
  if (value.find("finish")) {
    const auto status = TRY(value.integer("finish"));
    if (status < 0 || status > 255) return fail(Fault::invalid, "no exit status: {}", status);
    finish_ = Finish{static_cast<int>(status), TRY(value.text("text"))};
    return {};
  }
  records_.push_back(TRY(journal_record_from(value)));
  return {};
}

Result<> FileJournal::write(const std::string& line) {
  TRY(os::write_all(file_, line, Stop()));
  ++written_;
  return {};
}

Result<> FileJournal::begin(const Head& head) {
  TRY(write(sealed_line({{"journal", format},
                         {"jenkinsfile", head.jenkinsfile},
                         {"inputs", head.inputs},
                         {"run", std::int64_t{head.run}},
                         {"mark", head.mark},
                         {"previous", head.previous}})));
  head_ = head;
  TRY(sync());
  return sync_directory(path_);
}

Result<> FileJournal::end(const Finish& finish) {
  TRY(write(sealed_line({{"finish", finish.status}, {"text", finish.text}})));
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
