// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "base/locked.hpp"
#include "pipeline/groovy/map.hpp"
#include "pipeline/interpreter/journal.hpp"

namespace cupel::test {

/// A journal in memory, which outlives the run as a file would: `lines` is shared by those who
/// resume it. Keeps to what a journal promises: values are plain data, syncing has an order.
class MemoryJournal final : public pipeline::Journal {
 public:
  struct Lines {
    std::vector<pipeline::JournalRecord> records;
    std::size_t synced = 0;        ///< of them
    std::optional<Error> failure;  ///< of the next append
  };
  // shared: a journal is opened again while the first still exists, as after a crash
  using File = std::shared_ptr<Locked<Lines>>;

  explicit MemoryJournal(File file = std::make_shared<Locked<Lines>>()) : file_(std::move(file)) {}

  std::vector<pipeline::JournalRecord> recorded() override { return file_->lock()->records; }
  Result<> append(const pipeline::JournalRecord& record) override {
    auto lines = file_->lock();
    if (lines->failure) return tl::unexpected<Error>(*lines->failure);
    if (!is_plain(record.ending.value)) return fail(Fault::invalid, "no plain data");
    auto kept = record;
    kept.ending.value = TRY(pipeline::frozen(record.ending.value));
    lines->records.push_back(std::move(kept));
    return {};
  }
  Result<> sync() override {
    auto lines = file_->lock();
    lines->synced = lines->records.size();
    return {};
  }
  const File& file() const { return file_; }

 private:
  static bool is_plain(const pipeline::Value& value) {
    if (value.as_object() || value.as_closure()) return false;
    if (value.as_list())
      return std::all_of(value.as_list()->items.begin(), value.as_list()->items.end(), is_plain);
    if (value.as_map())
      for (const auto& [key, held] : value.as_map()->entries())
        if (!is_plain(key) || !is_plain(held)) return false;
    return true;
  }

  File file_;
};

}  // namespace cupel::test
