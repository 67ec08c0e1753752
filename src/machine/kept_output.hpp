// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "os/fd.hpp"
#include "place/place.hpp"

namespace cupel::machine {

/// What a kept command of a machine printed and how it ended, as far as we heard of it, in a
/// directory of this host. What was added stays when we are killed. One thread at a time.
///
/// Files: `output`, frames of a byte (1 out, 2 err), a length (4 bytes, little endian) and that
/// many bytes, in the order in which they came; `status`, "STATUS SIGNAL", made whole; `boot`, the
/// machine's boot in which the command was begun.
class KeptOutput {
 public:
  /// Makes the directory, or finds what an earlier process added there. A frame that it did not
  /// finish is cut off. invalid: foreign bytes. `boot_id` is written down where it is new.
  static Result<KeptOutput> open(const std::filesystem::path& directory,
                                 std::string_view boot_id = "");
  static constexpr std::string_view boot_file = "boot";

  /// Whether there was nothing yet, not even the directory.
  bool fresh() const { return fresh_; }
  /// Bytes of both outputs.
  std::uint64_t size() const { return size_; }
  const std::optional<os::Exit>& exit() const { return exit_; }

  Result<> add(place::Stream stream, std::string_view bytes);
  Result<> end(os::Exit exit);

  /// Gives to the sink what was there when this was opened. Called again after it was stopped, it
  /// goes on.
  Result<> replay(const place::OutputSink& sink, const Stop& stop);

 private:
  KeptOutput() = default;
  Result<> measure();

  std::filesystem::path directory_;
  os::Fd file_;
  bool fresh_ = false;
  std::uint64_t size_ = 0;
  off_t replayed_ = 0, replay_end_ = 0;  ///< in the file
  std::optional<os::Exit> exit_;
};

}  // namespace cupel::machine
