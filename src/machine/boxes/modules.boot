virtio_pci
virtio_console
virtio_blk
virtio_net
virtio_rng
ext4
pvpanic-pci
