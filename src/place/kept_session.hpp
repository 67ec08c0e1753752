// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "place/place.hpp"

namespace cupel::place {

/// A command that goes on without us, as the files of `supervise` show it. Destroying it leaves the
/// command alone.
class KeptSession final : public Session {
 public:
  /// Of a command that was started in `directory`, perhaps by an earlier process. Blocks until it
  /// is known to exist; nothing if it does not, and never will.
  static Result<std::unique_ptr<KeptSession>> open(const std::string& directory, std::string cookie,
                                                   OutputSink sink, const Stop& stop);

  /// The lock of a directory, for a command that is to be started there. conflict: one runs.
  static Result<os::Fd> claim(const std::string& directory);

  Result<os::Exit> wait(const Stop& stop) override;
  Result<> write(std::string_view bytes, const Stop& stop) override;
  Result<> close_input() override { return {}; }
  Result<> resize(os::WindowSize size) override;
  Result<> signal(int number) override;
  Result<> kill_tree(Duration grace, const Stop& stop) override;

 private:
  KeptSession(std::string directory, std::string cookie, OutputSink sink)
      : directory_(std::move(directory)), cookie_(std::move(cookie)), sink_(std::move(sink)) {}
  Result<> deliver(const Stop& stop);
  Result<std::optional<os::Exit>> status() const;
  /// Its supervisor has finished, or died.
  Result<bool> is_left() const;

  std::string directory_;
  std::string cookie_;
  OutputSink sink_;
  os::Fd changes_;  ///< inotify
  os::Fd output_;
  int pid_ = 0;
  os::Fd supervisor_;  ///< its pidfd; empty once it is gone
  std::string rest_;   ///< of a frame
  std::optional<os::Exit> exit_;
};

}  // namespace cupel::place
