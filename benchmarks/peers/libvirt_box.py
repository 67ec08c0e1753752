# SPDX-License-Identifier: Apache-2.0
"""A Vagrant box for libvirt from one of ours: the same kernel, initramfs and root file system, and in
that what Vagrant needs: a user, an SSH server with keys, an address by DHCP."""

import glob
import json
import os
import shutil
import subprocess
import tarfile

NAME = "cupel-peer"

NETWORK = """[Match]
Type=ether
[Network]
DHCP=ipv4
LinkLocalAddressing=no
IPv6AcceptRA=no
"""

BOX_VAGRANTFILE = """Vagrant.configure("2") do |config|
  config.vm.provider :libvirt do |libvirt|
    libvirt.driver = "qemu"
  end
end
"""

# The settings that make it the same machine. /vagrant and key insertion would only add work.
PROJECT_VAGRANTFILE = """Vagrant.configure("2") do |config|
  config.vm.box = "%(name)s"
  config.vm.boot_timeout = 900
  config.vm.synced_folder ".", "/vagrant", disabled: true
  config.ssh.insert_key = false
  config.vm.provider :libvirt do |libvirt|
    libvirt.driver = "qemu"
    libvirt.memory = %(memory)d
    libvirt.cpus = %(cpus)d
    libvirt.cpu_mode = "custom"
    libvirt.cpu_model = "%(cpu)s"
    libvirt.kernel = "%(kernel)s"
    libvirt.initrd = "%(initramfs)s"
    libvirt.cmd_line = "%(command_line)s"
    libvirt.disk_driver :cache => "unsafe"
    libvirt.graphics_type = "none"
    libvirt.random :model => "random"
    libvirt.storage_pool_path = "%(pool)s"
  end
end
"""


def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def write(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)


def insecure_public_key():
    found = glob.glob("/usr/share/rubygems-integration/all/gems/vagrant-[0-9]*/keys/vagrant.pub")
    with open(found[0], encoding="utf-8") as file:
        return file.read()


def enable(root, unit):
    """Takes a unit out of the mask that our box puts over it, and starts it at boot."""
    units = os.path.join(root, "etc/systemd/system")
    masked = os.path.join(units, unit)
    if os.path.islink(masked):
        os.remove(masked)
    wants = os.path.join(units, "multi-user.target.wants", unit)
    if not os.path.lexists(wants):
        os.symlink("/lib/systemd/system/" + unit, wants)


def adapt(root):
    run("useradd", "--root", root, "--create-home", "--shell", "/bin/bash", "vagrant")
    ssh = os.path.join(root, "home/vagrant/.ssh")
    write(os.path.join(ssh, "authorized_keys"), insecure_public_key(), 0o600)
    os.chmod(ssh, 0o700)
    run("chroot", root, "chown", "-R", "vagrant:vagrant", "/home/vagrant")
    write(os.path.join(root, "etc/sudoers.d/vagrant"), "vagrant ALL=(ALL) NOPASSWD: ALL\n", 0o440)
    run("ssh-keygen", "-q", "-A", "-f", root)
    write(os.path.join(root, "etc/systemd/network/50-dhcp.network"), NETWORK)
    enable(root, "systemd-networkd.service")
    enable(root, "ssh.service")


def build(box, scratch):
    """Makes SCRATCH/peer.box from the box directory `box`. Call it in a seclusion: it mounts."""
    raw, root = os.path.join(scratch, "disk.raw"), os.path.join(scratch, "root")
    os.makedirs(root)
    run("cp", "--sparse=always", "--reflink=auto", os.path.join(box, "disk.raw"), raw)
    run("mount", "-o", "loop", raw, root)
    try:
        adapt(root)
    finally:
        run("umount", root)
    contents = os.path.join(scratch, "contents")
    os.makedirs(contents)
    size = os.path.getsize(raw)
    # Not compressed: faster to run, if larger, than boxes that people download.
    run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", raw, os.path.join(contents, "box.img"))
    os.remove(raw)
    metadata = {"provider": "libvirt", "format": "qcow2", "virtual_size": -(-size // 2**30)}
    write(os.path.join(contents, "metadata.json"), json.dumps(metadata))
    write(os.path.join(contents, "Vagrantfile"), BOX_VAGRANTFILE)
    archive = os.path.join(scratch, "peer.box")
    with tarfile.open(archive, "w") as tar:
        for name in sorted(os.listdir(contents)):
            tar.add(os.path.join(contents, name), name)
    shutil.rmtree(contents)
    return archive


def project(scratch, box, shape):
    """A directory with the Vagrantfile of a machine of `shape`."""
    directory, pool = os.path.join(scratch, "project"), os.path.join(scratch, "pool")
    os.makedirs(pool)
    settings = {"name": NAME, "pool": pool, "kernel": os.path.join(box, "vmlinux"),
                "initramfs": os.path.join(box, "initramfs"), **shape}
    write(os.path.join(directory, "Vagrantfile"), PROJECT_VAGRANTFILE % settings)
    return directory
