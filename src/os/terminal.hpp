// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "base/stop.hpp"
#include "os/fd.hpp"

namespace cupel::os {

struct WindowSize {
  unsigned short rows = 24, columns = 80;
};
std::optional<WindowSize> window_size(int fd);
bool is_terminal(int fd);

/// Both ends of a new pseudo-terminal.
struct Pty {
  Fd master;
  Fd slave;
};
Result<Pty> open_pty(WindowSize size);
Result<> resize(const Fd& master, WindowSize size);

/// The terminal `fd` in another mode until destroyed.
class RawMode {
 public:
  static Result<RawMode> enter(int fd);
  /// Lines as ever, but what is typed is not shown.
  static Result<RawMode> without_echo(int fd);
  RawMode(RawMode&&) noexcept;
  RawMode& operator=(RawMode&&) = delete;
  ~RawMode();

 private:
  struct Saved;
  explicit RawMode(std::unique_ptr<Saved> saved);
  std::unique_ptr<Saved> saved_;
};

}  // namespace cupel::os
