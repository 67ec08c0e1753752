// SPDX-License-Identifier: Apache-2.0
#include "machine/qemu_process.hpp"

#include <poll.h>
#include <signal.h>

#include <array>

#include "os/pidfd.hpp"
#include "os/wait.hpp"

namespace cupel::machine {

namespace {

constexpr auto longest_kill = std::chrono::seconds(10);

}  // namespace

Result<QemuProcess> QemuProcess::adopt(const ProcessIdentity& qemu) {
  QemuProcess process;
  process.adopted_ = qemu;
  process.pidfd_ = os::open_pidfd(qemu.pid);
  // In this order: the descriptor is of whoever has the number, which is then known to be QEMU.
  if (!process.pidfd_ || !lives(qemu)) {
    process.pidfd_.reset();
    return fail(Fault::not_found, "QEMU has ended");
  }
  return process;
}

QemuProcess::~QemuProcess() {
  if (child_ || !pidfd_) return;
  os::send_signal(pidfd_, SIGKILL);
  static_cast<void>(wait(Stop{}.within(longest_kill)));
}

Result<std::optional<os::Exit>> QemuProcess::wait(const Stop& stop) {
  if (child_) return std::optional(TRY(child_->wait(stop)));
  std::array<os::Watched, 1> watched{{{pidfd_.get(), POLLIN}}};
  TRY(os::wait(watched, stop), "wait for QEMU");
  return std::optional<os::Exit>();
}

void QemuProcess::detach() {
  if (child_) child_->detach();
  pidfd_.reset();
}

}  // namespace cupel::machine
