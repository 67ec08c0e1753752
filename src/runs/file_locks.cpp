// SPDX-License-Identifier: Apache-2.0
#include "runs/file_locks.hpp"

#include "base/digest.hpp"
#include "os/wait.hpp"
#include "runs/lock_queue.hpp"

namespace cupel::runs {
namespace {

using namespace std::chrono_literals;

/// How often somebody who waits looks again. Nobody tells when a lock is freed.
constexpr auto between_looks = 50ms;

class Held final : public pipeline::HeldLock {
 public:
  struct One {
    std::string resource;
    os::fs::path holder;
    os::FileLock lock;
  };
  explicit Held(std::vector<One> locks) : locks_(std::move(locks)) {}
  ~Held() override {
    std::error_code ignored;
    for (const auto& one : locks_) os::fs::remove(one.holder, ignored);
  }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

  std::vector<std::string> resources() const override {
    std::vector<std::string> names;
    for (const auto& one : locks_) names.push_back(one.resource);
    return names;
  }

 private:
  std::vector<One> locks_;
};

}  // namespace

os::fs::path FileLocks::file(const std::string& resource, std::string_view suffix) const {
  return directory_ / (digest_of(resource).hex + std::string(suffix));
}

std::string FileLocks::holder(const std::string& resource) const {
  return os::read_file(file(resource, ".holder"), 4096).value_or("another run");
}

Result<FileLocks::Candidates> FileLocks::candidates(const Request& request) const {
  if (!request.resource.empty()) return Candidates{{request.resource}, 1};
  const auto found = labels_.find(request.label);
  if (found == labels_.end() || found->second.empty())
    return fail(Fault::not_found,
                "no resource has the label '{}': name some under [locks] in "
                "cupel.toml",
                request.label);
  const auto all = found->second.size();
  if (request.quantity > all)
    return fail(Fault::invalid, "the label '{}' has {} resources, and {} are wanted", request.label,
                all, request.quantity);
  return Candidates{found->second, request.quantity == 0 ? all : request.quantity};
}

Result<std::unique_ptr<pipeline::HeldLock>> FileLocks::take(
    const Request& request, const std::function<void(std::string_view)>& waiting,
    const Stop& stop) {
  const auto wanted = TRY(candidates(request));
  TRY(os::make_directories(directory_));
  LockQueue queue(directory_ / "queue");
  std::optional<LockQueue::Place> place;
  for (;;) {
    TRY(stop.check());
    const bool waits = request.wait == Request::Wait::yes;
    // Whoever came before us comes first.
    const bool behind =
        waits && TRY(queue.somebody_before(wanted.resources, place ? &*place : nullptr, stop));
    std::string missing = wanted.resources.front();
    if (!behind)
      if (auto held = TRY(try_take(wanted, missing))) return held;
    if (!waits) return fail(Fault::conflict, "locked by {}", holder(missing));
    if (!place) {
      place.emplace(TRY(queue.join(wanted.resources, stop)));
      waiting(holder(missing));
      continue;
    }
    TRY(os::sleep(between_looks, stop));
  }
}

Result<std::unique_ptr<pipeline::HeldLock>> FileLocks::try_take(const Candidates& candidates,
                                                                std::string& missing) {
  std::vector<Held::One> taken;
  for (const auto& resource : candidates.resources) {
    if (taken.size() == candidates.wanted) break;
    auto lock = TRY(os::FileLock::try_take(file(resource, ".lock")), "lock {}", resource);
    if (lock)
      taken.push_back({resource, file(resource, ".holder"), std::move(*lock)});
    else
      missing = resource;
  }
  // All or none: two who wait for each other's would wait for ever.
  if (taken.size() < candidates.wanted) return std::unique_ptr<pipeline::HeldLock>();
  for (const auto& one : taken) TRY(os::write_file(one.holder, owner_));
  return std::make_unique<Held>(std::move(taken));
}

}  // namespace cupel::runs
