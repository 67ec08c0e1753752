// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "base/locked.hpp"
#include "os/files.hpp"
#include "runs/journal_contents.hpp"

namespace cupel::runs {

/// A journal in a file, append-only: one sealed line a record, behind a first line that says whose
/// journal it is. Locked while this lives. Mode 0600: what steps gave may be secret.
class FileJournal final : public pipeline::Journal {
 public:
  using Head = JournalHead;
  using Finish = JournalFinish;

  /// Opens `path`, or begins it where there is nothing. A last line that was not written whole is
  /// cut off. conflict: another process has it. invalid: it is no journal, is damaged, or of a
  /// newer format; the text names path, byte and line. Waits till `stop` for who has it: what a
  /// killed cupel was just starting holds its files until it is executed.
  static Result<std::unique_ptr<FileJournal>> open(const os::fs::path& path, const Stop& stop);

  /// Nothing while it is new: then begin() must be called before all else.
  const std::optional<Head>& head() const { return head_; }
  Result<> begin(const Head& head);
  const std::optional<Finish>& finish() const { return finish_; }
  /// The last record.
  Result<> end(const Finish& finish);

  std::vector<pipeline::JournalRecord> recorded() override { return std::move(records_); }
  Result<> append(const pipeline::JournalRecord& record) override;
  Result<> sync() override;
  /// What recorded() will give; empty afterwards.
  const std::vector<pipeline::JournalRecord>& records() const { return records_; }
  const os::fs::path& path() const { return path_; }

 private:
  FileJournal(os::fs::path path, os::FileLock lock, os::Fd file)
      : path_(std::move(path)), lock_(std::move(lock)), file_(std::move(file)) {}
  Result<> read();
  /// Leaves no part of the line where it fails.
  Result<> write(const std::string& line);
  /// What stands behind the whole lines.
  Result<> cut();

  os::fs::path path_;
  os::FileLock lock_;
  os::Fd file_;
  std::size_t size_ = 0;  ///< of its whole lines
  std::optional<Head> head_;
  std::optional<Finish> finish_;
  std::vector<pipeline::JournalRecord> records_;
  std::atomic<std::uint64_t> written_ = 0;  ///< lines
  Locked<std::uint64_t> synced_;            ///< of them
};

}  // namespace cupel::runs
