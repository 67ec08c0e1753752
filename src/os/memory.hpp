// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/text.hpp"

namespace cupel::os {

/// So much memory will be wanted soon, in small pieces: has the kernel give it in one go instead of
/// with a fault for each page. At most 16 MiB; without effect where it cannot be done, as on a
/// thread whose heap is another than the first one's.
void expect_heap(Bytes size);

}  // namespace cupel::os
