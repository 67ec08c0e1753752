// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/interpreter/journal.hpp"

namespace cupel::runs {

/// What a journal is of. A run is resumed with the same inputs only; the Jenkinsfile may change
/// as long as what was executed of it makes the same calls.
struct JournalHead {
  std::string jenkinsfile;  ///< its digest
  std::string inputs;       ///< digest of parameters and the like
  unsigned run = 0;         ///< its number
  std::string mark;         ///< of its run directory
  std::string previous;     ///< how the run before it ended; empty: there was none
};

/// How the run ended.
struct JournalFinish {
  int status = 0;
  std::string text;  ///< for people
};

/// What the bytes of a journal say.
struct JournalContents {
  std::optional<JournalHead> head;  ///< nothing of a journal that is only begun
  std::vector<pipeline::JournalRecord> records;
  std::optional<JournalFinish> finish;
  /// So many bytes are whole lines; what follows was not written whole, and is to be cut off.
  std::size_t whole = 0;
};

/// Any bytes. Fails, with byte and line, where they are no journal, are damaged, or of a newer
/// format. Only the beginning of a line behind all others, where the writing was cut short, is no
/// damage; zeros may stand in place of the rest.
Result<JournalContents> journal_contents(std::string_view bytes);

std::string line_of(const JournalHead& head);
std::string line_of(const JournalFinish& finish);

}  // namespace cupel::runs
