// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/turns.hpp"

#include "base/check.hpp"

namespace cupel::pipeline {
namespace {

/// Unlike any other failure: no `catch` takes it, and only the first is told.
tl::unexpected<Signal> unfit(const Error& why, bool told) {
  auto exception = std::make_shared<Exception>("cupel.JournalException", why.text());
  exception->infrastructure = why.fault() != Fault::conflict;
  exception->reported = told;
  return tl::unexpected(Signal(Exhausted{std::move(exception)}));
}

/// Whether a record of `owner` cannot be taken as long as `branch` waits: it is the same branch, or
/// one that waits for it.
bool waits_for(const std::string& owner, const std::string& branch) {
  return branch.starts_with(owner) &&
         (owner.empty() || branch.size() == owner.size() || branch[owner.size()] == '/');
}

Error unwritten(const Error& error) {
  return Error(error.fault() == Fault::conflict ? Fault::unavailable : error.fault(),
               "write the journal: " + error.text());
}

}  // namespace

Turns::Turns(Journal* journal) : journal_(journal) {
  if (!journal_) return;
  for (auto& record : journal_->recorded()) {
    if (record.kind == JournalRecord::Kind::start) {
      starts_.insert_or_assign(record.id, std::move(record));
      continue;
    }
    places_.emplace(record.id, ends_.size());
    ends_.push_back(std::move(record));
  }
  replaying_ = !ends_.empty();
}

void Turns::take() {
  mutex_.lock();
  owner_ = std::this_thread::get_id();
  began_ = std::chrono::steady_clock::now();
}

void Turns::give() {
  owner_ = std::thread::id();
  mutex_.unlock();
}

tl::unexpected<Signal> Turns::fail_run(Error why) {
  if (broken_) return is_broken();
  broken_ = std::move(why);
  is_broken_ = true;
  for (auto* waiter : waiting_) waiter->changed.notify_one();
  return unfit(*broken_, false);
}

const std::optional<Error>& Turns::broken() const {
  static const std::optional<Error> no;
  return is_broken_ ? broken_ : no;
}

tl::unexpected<Signal> Turns::is_broken() const { return unfit(*broken_, true); }

const JournalRecord* Turns::started(const StepId& id) const {
  const auto found = starts_.find(id);
  return found == starts_.end() ? nullptr : &found->second;
}

const JournalRecord* Turns::ended(const StepId& id) const {
  const auto found = places_.find(id);
  return found == places_.end() ? nullptr : &ends_[found->second];
}

Outcome<const JournalRecord*> Turns::replay(const StepId& id, std::string_view name,
                                            std::string_view arguments) {
  if (broken_) return is_broken();
  const auto place = places_.at(id);
  const auto& record = ends_[place];
  if (record.name != name)
    return fail_run(Error(Fault::conflict,
                          fmt::format("the journal has '{}' here, not '{}'", record.name, name)));
  if (record.arguments != arguments)
    return fail_run(Error(Fault::conflict,
                          fmt::format("the journal has '{}' with other arguments here", name)));
  TRY(reach(place, id.branch));
  ++next_;
  replaying_ = next_ < ends_.size();
  for (auto* waiter : waiting_)
    if (settled(*waiter)) waiter->changed.notify_one();
  return &record;
}

bool Turns::settled(const Waiter& waiter) const {
  return next_ == waiter.place || waits_for(ends_[next_].id.branch, waiter.branch);
}

Outcome<void> Turns::reach(std::size_t place, const std::string& branch) {
  CHECK(place >= next_, "the record {} was taken before", place);
  Waiter waiter{place, branch};
  if (!broken_ && !settled(waiter)) {
    waiting_.insert(&waiter);
    std::unique_lock<std::mutex> lock(mutex_, std::adopt_lock);
    owner_ = std::thread::id();
    waiter.changed.wait(lock, [&] { return broken_ || settled(waiter); });
    owner_ = std::this_thread::get_id();
    began_ = std::chrono::steady_clock::now();
    lock.release();
    waiting_.erase(&waiter);
  }
  if (broken_) return is_broken();
  if (next_ == place) return {};
  return fail_run(
      Error(Fault::conflict,
            fmt::format("the journal goes on with '{}' where the pipeline does something else",
                        ends_[next_].name)));
}

Outcome<void> Turns::await(const StepId& id) {
  const auto found = places_.find(id);
  return reach(found == places_.end() ? ends_.size() : found->second, id.branch);
}

Outcome<void> Turns::add_start(JournalRecord record) {
  if (broken_) return is_broken();
  record.kind = JournalRecord::Kind::start;
  if (const auto added = journal_->append(record); !added)
    return fail_run(unwritten(added.error()));
  return {};
}

Outcome<void> Turns::add_end(JournalRecord record) {
  TRY(reach(ends_.size(), record.id.branch));
  record.kind = JournalRecord::Kind::end;
  if (const auto added = journal_->append(record); !added)
    return fail_run(unwritten(added.error()));
  return {};
}

Outcome<void> Turns::leave(const Branch& branch) {
  if (broken_) return is_broken();
  const auto* left = ended({branch.path, branch.steps});
  if (!left) return {};
  return fail_run(
      Error(Fault::conflict,
            fmt::format("the journal goes on with '{}' where the pipeline ends", left->name)));
}

Outcome<void> Turns::sync() {
  if (!journal_) return {};
  const auto done = journal_->sync();
  if (done) return {};
  take();
  auto failure = fail_run(unwritten(done.error()));
  give();
  return failure;
}

std::chrono::milliseconds Turns::now() const {
  using namespace std::chrono;
  if (replaying()) return next_ == 0 ? ends_[0].at : ends_[next_ - 1].at;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch());
}

}  // namespace cupel::pipeline
