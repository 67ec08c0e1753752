// SPDX-License-Identifier: Apache-2.0
#include "base/crew.hpp"

#include <pthread.h>

namespace cupel {

Crew::Crew(const Stop& parent) : source_(parent) {}

Crew::~Crew() {
  stop();
  static_cast<void>(join());
}

void Crew::add(std::string name, Work work) {
  threads_.emplace_back([this, name = std::move(name), work = std::move(work)] {
    pthread_setname_np(pthread_self(), name.substr(0, 15).c_str());
    auto result = work(source_.stop());
    if (result) return;
    {
      auto failure = first_failure_.lock();
      if (!*failure) {
        result.error().add_frame(name);
        *failure = std::move(result.error());
      }
    }
    source_.request();
  });
}

void Crew::stop() { source_.request(); }

Result<> Crew::join() {
  for (auto& thread : threads_) thread.join();
  threads_.clear();
  auto failure = first_failure_.lock();
  if (*failure) return tl::unexpected<Error>(**failure);
  return {};
}

}  // namespace cupel
