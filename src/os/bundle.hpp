// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "os/archive.hpp"
#include "os/files.hpp"

namespace cupel::os {

/// A bundle is a few files as one stream: tar in zstd, holes kept, so that images that are mostly
/// empty stay small. Its names are plain relative paths. `tar --zstd -tf` lists one.

/// Hears how much data was moved, holes left out.
using MovedBytes = std::function<void(std::size_t bytes)>;

/// How much of a file is data, holes left out.
Result<Bytes> data_of(const fs::path& path);

class BundleWriter {
 public:
  /// The sink outlives it, and may block.
  static Result<BundleWriter> open(const ByteSink& sink);
  BundleWriter(BundleWriter&&) noexcept;
  ~BundleWriter();

  Result<> add_text(const std::string& name, std::string_view text);
  Result<> add_file(const std::string& name, const fs::path& path, const MovedBytes& moved,
                    const Stop& stop);
  /// A stream that was not closed has no end, and no reader takes it.
  Result<> close();

 private:
  struct State;
  explicit BundleWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Reads a bundle of strangers: one entry after the other, in the stream's order. invalid: it is
/// damaged or cut, or holds what is no plain file, or a name that leads elsewhere.
class BundleReader {
 public:
  struct Entry {
    std::string name;
    std::uint64_t size;  ///< as it says; holes counted
  };

  /// The source outlives it, and may block.
  static Result<BundleReader> open(const ByteSource& source);
  BundleReader(BundleReader&&) noexcept;
  ~BundleReader();

  /// Nothing at the end that the stream itself declares; the source is taken to its end then.
  Result<std::optional<Entry>> next(const Stop& stop);
  /// The content of that entry, which is no larger.
  Result<std::string> text(std::size_t limit, const Stop& stop);
  /// The content of that entry to a new file, holes as holes, of no more than `most` of data.
  Result<> write_to(const fs::path& path, Bytes most, const MovedBytes& moved, const Stop& stop);

 private:
  struct State;
  explicit BundleReader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace cupel::os
