// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "machine/record.hpp"
#include "os/process.hpp"

namespace cupel::machine {

/// A QEMU that is ours: our child, or one that a process started which died. Destroying it kills it
/// and waits for its end.
class QemuProcess {
 public:
  explicit QemuProcess(os::Process child) : child_(std::move(child)) {}
  /// not_found: it has ended.
  static Result<QemuProcess> adopt(const ProcessIdentity& qemu);

  QemuProcess(QemuProcess&&) noexcept = default;
  QemuProcess& operator=(QemuProcess&&) = delete;
  ~QemuProcess();

  int pid() const { return child_ ? child_->pid() : adopted_.pid; }
  /// Readable once it has ended.
  const os::Fd& pidfd() const { return child_ ? child_->pidfd() : pidfd_; }
  /// Blocks until it ends. Nobody is told how somebody else's child did.
  Result<std::optional<os::Exit>> wait(const Stop& stop);
  /// Lets it live on: the destructor does nothing from now on.
  void detach();

 private:
  QemuProcess() = default;
  std::optional<os::Process> child_;
  ProcessIdentity adopted_;
  os::Fd pidfd_;  // of the adopted one; empty once it is let go
};

}  // namespace cupel::machine
