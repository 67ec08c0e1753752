// SPDX-License-Identifier: Apache-2.0
#include "machine/shape.hpp"

#include <algorithm>
#include <utility>

namespace cupel::machine {

namespace {

/// A comma ends a value in QEMU's option syntax; two are one.
std::string escaped(const std::filesystem::path& path) {
  std::string result;
  for (const char c : path.string()) {
    result += c;
    if (c == ',') result += c;
  }
  return result;
}

class Arguments {
 public:
  template <typename... Args>
  void add(std::string option, fmt::format_string<Args...> format, Args&&... args) {
    list_.push_back(std::move(option));
    list_.push_back(fmt::format(format, std::forward<Args>(args)...));
  }
  void add(std::string option) { list_.push_back(std::move(option)); }
  void add_all(const std::vector<std::string>& more) {
    list_.insert(list_.end(), more.begin(), more.end());
  }
  std::vector<std::string> take() { return std::move(list_); }

 private:
  std::vector<std::string> list_;
};

void add_processor_and_memory(Arguments& list, const MachineShape& shape, const QemuFiles& files,
                              Role role) {
  // What is left out here is what no kernel of ours needs; each costs start-up and restore time.
  std::string machine = "q35,vmport=off,hpet=off,smbus=off,sata=off,usb=off,graphics=off,smm=off";
  if (files.memory) {
    list.add("-object", "memory-backend-file,id=memory,size={},mem-path={},share={}",
             shape.memory.count, escaped(*files.memory), role == Role::clone ? "off" : "on");
    machine += ",memory-backend=memory";
  }
  list.add("-machine", "{}", machine);
  list.add("-m", "{}M", shape.memory.count >> 20);
  list.add("-accel", "{}", shape.accelerator == Accelerator::kvm ? "kvm" : "tcg,thread=multi");
  list.add("-cpu", "{}", shape.cpu);
  list.add("-smp", "{}", shape.cpus);
}

void add_sockets(Arguments& list, const QemuFiles& files) {
  list.add("-chardev", "socket,id=qmp,fd={},server=on,wait=off", files.sockets.qmp);
  list.add("-mon", "chardev=qmp,mode=control");
  if (files.sockets.monitor >= 0) {
    list.add("-chardev", "socket,id=monitor,fd={},server=on,wait=off", files.sockets.monitor);
    list.add("-mon", "chardev=monitor,mode=control");
  }
  list.add("-chardev", "socket,id=console,fd={},server=on,wait=off,logfile={},logappend=on",
           files.sockets.console, escaped(files.directory / console_log));
  list.add("-serial", "chardev:console");
  list.add("-device", "virtio-serial-pci,id=ports,max_ports={}", port_count + 1);
  for (std::size_t i = 0; i < port_count; ++i) {
    list.add("-chardev", "socket,id=port{},fd={},server=on,wait=off", i, files.sockets.ports[i]);
    list.add("-device", "virtserialport,id=cupel{},bus=ports.0,nr={},chardev=port{},name=cupel.{}",
             i, i + 1, i, i);
  }
}

void add_capture(Arguments& list, std::string_view queue, const std::filesystem::path& file) {
  list.add("-object", "filter-dump,id=count-{},netdev=net0,queue={},maxlen=1,file={}", queue, queue,
           escaped(file));
}

void add_devices(Arguments& list, const QemuFiles& files, Role role) {
  if (files.overlay) {
    // The host's cache is the disk's: a machine does not outlive its host.
    list.add("-drive",
             "if=none,id=disk,file={},format=qcow2,cache=unsafe,discard=unmap,werror=enospc",
             escaped(*files.overlay));
    list.add("-device", "virtio-blk-pci,drive=disk");
  }
  list.add("-netdev", "user,id=net0");
  // QEMU counts no bytes of its network: what goes by is counted in what these write. The queues
  // are named as the network sees them.
  if (role == Role::clone) {
    add_capture(list, "tx", files.directory / received_capture);
    add_capture(list, "rx", files.directory / sent_capture);
  }
  list.add("-device", "virtio-net-pci,netdev=net0,addr=0x3,romfile=");
  list.add("-device", "virtio-rng-pci");
  list.add("-device", "pvpanic-pci");
}

}  // namespace

std::string_view name(Accelerator accelerator) {
  return accelerator == Accelerator::kvm ? "KVM" : "TCG";
}

std::string_view name(PanicOn cause) {
  switch (cause) {
    case PanicOn::oops: return "oops";
    case PanicOn::soft_lockup: return "soft-lockup";
    case PanicOn::hung_task: return "hung-task";
  }
  return "";
}

std::optional<PanicOn> panic_on_named(std::string_view wanted) {
  for (const auto cause : {PanicOn::oops, PanicOn::soft_lockup, PanicOn::hung_task})
    if (name(cause) == wanted) return cause;
  return std::nullopt;
}

std::string kernel_command_line(const MachineShape& shape, const Box& box) {
  const auto asked = [&](PanicOn what) {
    return std::find(shape.panic_on.begin(), shape.panic_on.end(), what) != shape.panic_on.end();
  };
  std::string line = "console=ttyS0 quiet loglevel=4 mitigations=off no_timer_check tsc=reliable ";
  line += asked(PanicOn::soft_lockup) ? "softlockup_panic=1" : "nowatchdog";
  line += " panic=-1 random.trust_cpu=on apparmor=0 audit=0";
  if (asked(PanicOn::oops)) line += " oops=panic";
  if (asked(PanicOn::hung_task)) line += " hung_task_panic=1";
  // QEMU keys translated code by address: with every process at other ones it translates anew.
  if (shape.accelerator == Accelerator::tcg) line += " norandmaps";
  if (box.disk) line += " cupel.root=/dev/vda";
  return line;
}

// Paths are relative to where QEMU runs, its machine's directory: so they are the same in all
// clones of a snapshot, and short enough for a socket. QEMU 7.2 listens on no inherited descriptor
// here.
std::vector<std::string> interface_devices(std::size_t count, std::size_t first_slot) {
  Arguments list;
  for (std::size_t i = 0; i < count; ++i) {
    list.add("-netdev", "stream,id=link{},server=on,addr.type=unix,addr.path={}", i,
             interface_socket({}, i).string());
    list.add("-device", "virtio-net-pci,netdev=link{},addr={:#x},romfile=", i, first_slot + i);
  }
  return list.take();
}

std::filesystem::path interface_socket(const std::filesystem::path& directory, std::size_t number) {
  return directory / fmt::format("interface{}", number);
}

std::vector<std::string> qemu_arguments(const MachineShape& shape, const Box& box,
                                        const QemuFiles& files, Role role) {
  Arguments list;
  list.add(std::string(qemu_program));
  list.add("-name", "cupel-{}", files.id);
  list.add("-nodefaults");
  list.add("-no-user-config");
  list.add("-display", "none");
  list.add("-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny");
  // After its end a machine can be looked into until its owner has seen why.
  list.add("-action", "panic=pause,shutdown=pause,reboot=reset");
  add_processor_and_memory(list, shape, files, role);
  list.add("-kernel", "{}", box.kernel.string());
  list.add("-initrd", "{}", files.initramfs.string());
  list.add("-append", "{}", kernel_command_line(shape, box));
  add_sockets(list, files);
  add_devices(list, files, role);
  list.add_all(shape.devices);
  if (role != Role::boot) list.add("-incoming", "defer");
  return list.take();
}

}  // namespace cupel::machine
