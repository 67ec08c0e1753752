// SPDX-License-Identifier: Apache-2.0
// Drops the IPv4 packets of those sources that are in the map, and counts them there.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 16);
  __type(key, __be32);
  __type(value, __u64);
} dropped SEC(".maps");

SEC("xdp")
int drop_source(struct xdp_md *context) {
  void *data = (void *)(long)context->data;
  void *end = (void *)(long)context->data_end;
  struct ethhdr *ethernet = data;
  struct iphdr *ip = (void *)(ethernet + 1);

  if ((void *)(ip + 1) > end || ethernet->h_proto != bpf_htons(ETH_P_IP)) return XDP_PASS;
  __be32 source = ip->saddr;
  __u64 *count = bpf_map_lookup_elem(&dropped, &source);
  if (!count) return XDP_PASS;
  __sync_fetch_and_add(count, 1);
  return XDP_DROP;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
