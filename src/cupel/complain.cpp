// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include "base/text.hpp"
#include "cli/text_output.hpp"
#include "cupel/surroundings.hpp"

namespace cupel {

void write_to_stderr(std::string_view text) {
  cli::TextOutput(STDERR_FILENO, Stop().within(cli::TextOutput::patience)).write(text);
}

void tell(std::string_view line) { write_to_stderr(fmt::format("cupel: {}\n", printable(line))); }

int complain(const Error& error) {
  auto text = error.text();
  for (auto& c : text)
    if (c == '\n') c = ' ';
  tell(text);
  switch (error.fault()) {
    case Fault::invalid:
    case Fault::not_found:
    case Fault::conflict: return exit_usage;
    case Fault::stopped: return exit_aborted;
    default: return exit_infrastructure;
  }
}

int status_of(const Result<int>& done) { return done ? *done : complain(done.error()); }

}  // namespace cupel
