// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/rebootable.hpp"

namespace cupel::pipeline {

Result<> reboot(Lease& lease, const place::RebootOrder& order, const place::OutputSink& sink,
                const Stop& stop) {
  if (auto* machine = dynamic_cast<Rebootable*>(&lease)) return machine->reboot(order, sink, stop);
  return fail(Fault::denied, "{} cannot be rebooted: only a machine can", lease.node_name());
}

std::string reason_of_failure(Lease& lease) {
  auto* machine = dynamic_cast<Rebootable*>(&lease);
  return machine ? machine->reason_of_failure() : "";
}

}  // namespace cupel::pipeline
