// SPDX-License-Identifier: Apache-2.0
#include "machine/shape.hpp"

#include <gmock/gmock.h>

#include "machine/acceleration.hpp"
#include "machine/snapshots.hpp"

namespace cupel::machine {
namespace {

Box box_with_disk() {
  return {"cupel/x", digest_of("x"), "/b/vmlinux", "/b/initramfs", "/b/d", {}};
}
QemuFiles files() {
  return {"3f2a91",
          "/m/3f2a91",
          "/s/initramfs",
          "/s/memory",
          "/m/3f2a91/disk.qcow2",
          {10, 9, 11, {12, 13, 14, 15}}};
}

TEST(QemuArguments, ACloneMapsMemoryPrivatelyAndWaits) {
  const auto list = qemu_arguments({}, box_with_disk(), files(), Role::clone);

  const auto line = join(list, " ");
  EXPECT_EQ(
      line,
      "qemu-system-x86_64 -name cupel-3f2a91 -nodefaults -no-user-config -display none "
      "-sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny "
      "-action panic=pause,shutdown=pause,reboot=reset "
      "-object memory-backend-file,id=memory,size=1073741824,mem-path=/s/memory,share=off "
      "-machine q35,vmport=off,hpet=off,smbus=off,sata=off,usb=off,graphics=off,smm=off,"
      "memory-backend=memory -m 1024M -accel tcg,thread=multi -cpu Nehalem -smp 2 "
      "-kernel /b/vmlinux -initrd /s/initramfs -append console=ttyS0 quiet loglevel=4 "
      "mitigations=off no_timer_check tsc=reliable nowatchdog panic=-1 random.trust_cpu=on "
      "apparmor=0 audit=0 norandmaps cupel.root=/dev/vda "
      "-chardev socket,id=qmp,fd=10,server=on,wait=off -mon chardev=qmp,mode=control "
      "-chardev socket,id=monitor,fd=9,server=on,wait=off -mon chardev=monitor,mode=control "
      "-chardev socket,id=console,fd=11,server=on,wait=off,logfile=/m/3f2a91/console.log,"
      "logappend=on -serial chardev:console -device virtio-serial-pci,id=ports,max_ports=5 "
      "-chardev socket,id=port0,fd=12,server=on,wait=off "
      "-device virtserialport,id=cupel0,bus=ports.0,nr=1,chardev=port0,name=cupel.0 "
      "-chardev socket,id=port1,fd=13,server=on,wait=off "
      "-device virtserialport,id=cupel1,bus=ports.0,nr=2,chardev=port1,name=cupel.1 "
      "-chardev socket,id=port2,fd=14,server=on,wait=off "
      "-device virtserialport,id=cupel2,bus=ports.0,nr=3,chardev=port2,name=cupel.2 "
      "-chardev socket,id=port3,fd=15,server=on,wait=off "
      "-device virtserialport,id=cupel3,bus=ports.0,nr=4,chardev=port3,name=cupel.3 "
      "-drive if=none,id=disk,file=/m/3f2a91/disk.qcow2,format=qcow2,cache=unsafe,discard=unmap,"
      "werror=enospc -device virtio-blk-pci,drive=disk -netdev user,id=net0 "
      "-object filter-dump,id=count-tx,netdev=net0,queue=tx,maxlen=1,file=/m/3f2a91/net-in "
      "-object filter-dump,id=count-rx,netdev=net0,queue=rx,maxlen=1,file=/m/3f2a91/net-out "
      "-device virtio-net-pci,netdev=net0,addr=0x3,romfile= -device virtio-rng-pci "
      "-device pvpanic-pci -incoming defer");
}

TEST(QemuArguments, ABootWritesToItsMemoryFile) {
  auto ours = files();
  ours.sockets.monitor = -1;
  const auto line = join(qemu_arguments({}, box_with_disk(), ours, Role::boot), " ");
  EXPECT_THAT(line, testing::HasSubstr("mem-path=/s/memory,share=on"));
  EXPECT_THAT(line, testing::Not(testing::HasSubstr("monitor")));
  EXPECT_THAT(line, testing::Not(testing::HasSubstr("-incoming")));
  EXPECT_THAT(line, testing::Not(testing::HasSubstr("filter-dump")));
}

TEST(QemuArguments, InterfacesAreSocketsBesideTheMachine) {
  MachineShape shape;
  shape.devices = interface_devices(2, 8);

  const auto line = join(qemu_arguments(shape, box_with_disk(), files(), Role::boot), " ");

  EXPECT_THAT(line, testing::HasSubstr(
                        "-netdev stream,id=link0,server=on,addr.type=unix,addr.path=interface0 "
                        "-device virtio-net-pci,netdev=link0,addr=0x8,romfile= "
                        "-netdev stream,id=link1,server=on,addr.type=unix,addr.path=interface1 "
                        "-device virtio-net-pci,netdev=link1,addr=0x9,romfile="));
  EXPECT_EQ(interface_socket("/m/3f2a91", 1), "/m/3f2a91/interface1");
}

TEST(QemuArguments, CommasInPathsAreDoubled) {
  auto odd = files();
  odd.memory = "/a,b/memory";
  const auto line = join(qemu_arguments({}, box_with_disk(), odd, Role::boot), " ");
  EXPECT_THAT(line, testing::HasSubstr("mem-path=/a,,b/memory,"));
}

TEST(SnapshotKey, ChangesWithAllThatAMachineSees) {
  const Recipe base{box_with_disk(), {}, "guest"};
  const auto key = snapshot_key(base, "qemu 1");
  EXPECT_EQ(key, snapshot_key(base, "qemu 1"));
  EXPECT_NE(key, snapshot_key(base, "qemu 2"));
  std::vector<Recipe> others(7, base);
  others[0].box.digest = digest_of("y");
  others[1].shape.cpus = 3;
  others[2].shape.memory = mib(512);
  others[3].shape.disk = gib(20);
  others[4].guest = "another guest";
  others[5].box.ready = {"true"};
  others[6].shape.host_cpu = "another";
  for (const auto& other : others) EXPECT_NE(key, snapshot_key(other, "qemu 1"));
}

TEST(SnapshotKey, ChangesWithTheDiskThatItsOverlayNames) {
  Recipe moved{box_with_disk(), {}, "guest"};
  moved.box.disk = "/elsewhere/disk.raw";
  EXPECT_NE(snapshot_key(moved, "q"), snapshot_key({box_with_disk(), {}, "guest"}, "q"));
}

TEST(SnapshotKey, DoesNotDependOnWhereTheKernelLies) {
  Recipe moved{box_with_disk(), {}, "guest"};
  moved.box.kernel = "/elsewhere/vmlinux";
  EXPECT_EQ(snapshot_key(moved, "q"), snapshot_key({box_with_disk(), {}, "guest"}, "q"));
}

TEST(Acceleration, AVerdictHoldsForTheHostItWasMadeOn) {
  const HostFacts host{"6.1", "some cpu", "qemu", "boot"};
  const Acceleration verdict{Accelerator::tcg, "it hangs", "mend it"};
  const auto text = write_verdict(verdict, host);

  EXPECT_EQ(parse_verdict(text, host), verdict);
  auto other = host;
  other.kernel = "6.2";
  EXPECT_FALSE(parse_verdict(text, other));
  EXPECT_FALSE(parse_verdict("", host));
  EXPECT_FALSE(parse_verdict(text.substr(0, 20), host));
}

TEST(Shape, TheKernelPanicsOnWhatWasAskedFor) {
  MachineShape shape;
  shape.panic_on = {PanicOn::soft_lockup, PanicOn::oops, PanicOn::hung_task};
  const auto line = kernel_command_line(shape, Box{});
  for (const auto* word : {" oops=panic", " softlockup_panic=1", " hung_task_panic=1"})
    EXPECT_NE(line.find(word), std::string::npos) << word;
  EXPECT_EQ(line.find("nowatchdog"), std::string::npos);
}

}  // namespace
}  // namespace cupel::machine
