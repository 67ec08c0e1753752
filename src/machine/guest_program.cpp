// SPDX-License-Identifier: Apache-2.0
#include "machine/guest_program.hpp"

asm(".pushsection .rodata\n"
    ".balign 64\n"
    "cupel_guest_program_begin:\n"
    ".incbin \"" CUPEL_GUEST_FILE
    "\"\n"
    "cupel_guest_program_end:\n"
    ".byte 0\n"
    ".popsection\n");

extern "C" const char cupel_guest_program_begin[];  // NOLINT(*-avoid-c-arrays): named by the asm
extern "C" const char cupel_guest_program_end[];    // NOLINT(*-avoid-c-arrays)

namespace cupel::machine {

std::string_view guest_program() { return {cupel_guest_program_begin, cupel_guest_program_end}; }

}  // namespace cupel::machine
