// SPDX-License-Identifier: Apache-2.0
#include "os/memory.hpp"

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace cupel::os {

void expect_heap(Bytes size) {
  constexpr std::uint64_t most = 16U << 20;
  const auto wanted = static_cast<int>(std::min(size.count, most));
  // The heap is to grow by that at once, and to give nothing back.
  ::mallopt(M_TOP_PAD, wanted);
  ::mallopt(M_TRIM_THRESHOLD, 2 * wanted);
  ::mallopt(M_MMAP_THRESHOLD, 2 * wanted);
  void* const first = std::malloc(static_cast<std::size_t>(wanted) / 2);
#ifdef MADV_POPULATE_WRITE
  constexpr std::uintptr_t page = 4096;
  const auto begin = (reinterpret_cast<std::uintptr_t>(first) + page - 1) / page * page;
  const auto end = reinterpret_cast<std::uintptr_t>(::sbrk(0)) / page * page;
  if (first != nullptr && begin < end && end - begin <= 2 * most)
    ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_POPULATE_WRITE);
#endif
  std::free(first);
}

}  // namespace cupel::os
