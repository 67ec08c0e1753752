#!/bin/sh
# Makes this machine router $ROUTER, which is reached at 192.0.2.$ROUTER.
set -eu
sysctl -q net.ipv4.ip_forward=1
ip address replace "192.0.2.$ROUTER/32" dev lo
{ echo "router id 192.0.2.$ROUTER;"; cat bird.conf; } >/etc/bird/bird.conf
systemctl start bird
