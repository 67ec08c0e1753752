// SPDX-License-Identifier: Apache-2.0
#include "runs/lock_queue.hpp"

#include <algorithm>
#include <utility>

#include "base/digest.hpp"
#include "base/text.hpp"

namespace cupel::runs {

namespace fs = os::fs;

LockQueue::Place::Place(Place&& other) noexcept
    : number_(other.number_),
      path_(std::move(other.path_)),
      lock_(std::exchange(other.lock_, std::nullopt)) {}

LockQueue::Place::~Place() {
  if (!lock_) return;
  std::error_code ignored;
  fs::remove(path_, ignored);
}

fs::path LockQueue::path_of(unsigned number) const {
  return directory_ / fmt::format("{:010}.waits", number);
}

Result<std::vector<unsigned>> LockQueue::numbers() const {
  std::vector<unsigned> all;
  std::error_code error;
  for (fs::directory_iterator it(directory_, error), end; !error && it != end;
       it.increment(error)) {
    if (it->path().extension() != ".waits") continue;
    const auto number = parse_integer(it->path().stem().string());
    if (number && *number > 0) all.push_back(static_cast<unsigned>(*number));
  }
  std::sort(all.begin(), all.end());
  return all;
}

Result<LockQueue::Place> LockQueue::join(const std::vector<std::string>& resources,
                                         const Stop& stop) {
  TRY(os::make_directories(directory_, 0700));
  // Nobody looks at the queue while a place in it comes into being.
  const auto door = TRY(os::FileLock::take(directory_ / "door", stop));
  const auto taken = TRY(numbers());
  const auto number = taken.empty() ? 1 : taken.back() + 1;
  std::string text;
  for (const auto& resource : resources) text += digest_of(resource).hex + "\n";
  TRY(os::write_file(path_of(number), text));
  auto lock = TRY(os::FileLock::try_take(path_of(number)));
  if (!lock) return fail(Fault::conflict, "{} is locked", path_of(number).string());
  return Place(number, path_of(number), std::move(*lock));
}

Result<bool> LockQueue::somebody_before(const std::vector<std::string>& resources, const Place* own,
                                        const Stop& stop) {
  std::error_code ignored;
  if (!fs::exists(directory_, ignored)) return false;
  const auto door = TRY(os::FileLock::take(directory_ / "door", stop));
  for (const auto number : TRY(numbers())) {
    if (own && number >= own->number_) break;
    const auto path = path_of(number);
    if (const auto dead = TRY(os::FileLock::try_take(path))) {
      fs::remove(path, ignored);
      continue;
    }
    const auto text = os::read_file(path);
    if (!text) continue;  // it has what it waited for
    const auto lines = split(*text, '\n');
    const bool same = std::any_of(resources.begin(), resources.end(), [&](const auto& one) {
      return std::find(lines.begin(), lines.end(), digest_of(one).hex) != lines.end();
    });
    if (same) return true;
  }
  return false;
}

}  // namespace cupel::runs
