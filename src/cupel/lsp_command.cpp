// SPDX-License-Identifier: Apache-2.0
#include "cupel/reading_commands.hpp"

namespace cupel {

int lsp(const Surroundings&) {
  tell("lsp is not there yet");
  return exit_usage;
}

}  // namespace cupel
