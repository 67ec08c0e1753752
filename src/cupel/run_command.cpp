// SPDX-License-Identifier: Apache-2.0
#include "cupel/run_command.hpp"

#include "cupel/run_order.hpp"

namespace cupel {

int run(const cli::RunCommand& command, const Surroundings& surroundings,
        fleet::Machines& machines) {
  const auto ended = run_pipeline({command, surroundings, machines});
  return ended ? ended->status : complain(ended.error());
}

}  // namespace cupel
