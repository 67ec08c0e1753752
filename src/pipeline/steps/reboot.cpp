// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/reboot.hpp"

#include "pipeline/interpreter/rebootable.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

constexpr std::int64_t longest = std::int64_t{24} * 3600;

/// reboot()  |  reboot(hard: true, timeout: 600)
class Reboot final : public SignedStep {
 public:
  Reboot()
      : SignedStep(step("reboot", "",
                        "Reboots the node's machine and goes on when it is back; its disk stays",
                        {takes("timeout", Kind::number, "300", "Seconds until it must be back"),
                         takes("hard", Kind::flag, "false",
                               "Whether without a shutdown, as if its power had failed")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    place::RebootOrder order;
    if (arguments.has("timeout")) {
      const auto seconds = TRY(arguments.integer("timeout"));
      if (seconds < 1 || seconds > longest)
        return raise("java.lang.IllegalArgumentException",
                     "reboot: 'timeout' must be from 1 to {} seconds", longest);
      order.limit = std::chrono::seconds(seconds);
    }
    if (TRY(arguments.flag("hard"))) order.how = place::RebootOrder::How::hard;
    auto* node = TRY(context.node());
    auto done = reboot(
        node->lease(), order,
        [&](place::Stream stream, std::string_view bytes) { context.output(stream, bytes); },
        context.stop());
    if (!done) return tl::unexpected(context.failure(std::move(done.error())));
    return Value();
  }
};

}  // namespace

std::unique_ptr<Step> make_reboot() { return std::make_unique<Reboot>(); }

}  // namespace cupel::pipeline::steps
