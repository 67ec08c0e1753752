// SPDX-License-Identifier: Apache-2.0
#include "runs/program_outbox.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "os/files.hpp"
#include "os/process.hpp"

namespace cupel::runs {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 30s;

std::string header_value(std::string_view text) {
  std::string line;
  for (const char c : text) line += static_cast<unsigned char>(c) < 0x20 || c == '\x7F' ? ' ' : c;
  return std::string(trim(line));
}

Result<> run(std::vector<std::string> argv, std::string_view input, const Stop& stop) {
  os::Spawn spawn;
  spawn.argv = std::move(argv);
  const auto name = spawn.argv.front();
  const auto done = TRY(os::capture(std::move(spawn), input, stop.within(patience)), "{}", name);
  if (done.exit.status != 0)
    return fail(Fault::unavailable, "{}: {}", name, trim(done.err.empty() ? done.out : done.err));
  return {};
}

Result<> post(const std::string& url, const json::Object& body, const Stop& stop) {
  const auto aside = TRY(os::TempDir::make("post"));
  // The URL is a secret often: other users could read it among the arguments.
  std::string quoted;
  for (const char c : url) quoted += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
  const auto config = aside.path() / "curl";
  TRY(os::write_file(config,
                     "url = \"" + quoted +
                         "\"\nheader = \"Content-Type: application/json\"\ndata-binary = \"@-\"\n",
                     0600));
  return run({"curl", "--silent", "--show-error", "--fail", "--proto", "=http,https", "--config",
              config.string()},
             json::write(body), stop);
}

}  // namespace

std::string mail_text(const pipeline::Notification& notification, const std::string& from) {
  std::string text;
  const auto header = [&](std::string_view name, std::string_view value) {
    if (const auto line = header_value(value); !line.empty())
      text += fmt::format("{}: {}\n", name, line);
  };
  const auto more = [&](const char* name) {
    const auto found = notification.more.find(name);
    return found == notification.more.end() ? std::string() : found->second;
  };
  const auto sender = more("from");
  header("From", sender.empty() ? from : sender);
  header("To", notification.to);
  header("Cc", more("cc"));
  header("Bcc", more("bcc"));
  header("Reply-To", more("replyTo"));
  header("Subject", notification.subject);
  const auto type = more("mimeType");
  header("Content-Type", (type.empty() ? std::string("text/plain") : type) + "; charset=UTF-8");
  return text + "MIME-Version: 1.0\n\n" + notification.text + "\n";
}

Result<ProgramOutbox::Sent> ProgramOutbox::send(const pipeline::Notification& notification,
                                                const Stop& stop) {
  if (notification.step == "mail" || notification.step == "emailext") {
    if (ways_.mail_program.empty()) return Sent::not_configured;
    if (notification.to.empty() && !notification.more.contains("bcc"))
      return fail(Fault::invalid, "the mail has no address");
    TRY(run({ways_.mail_program, "-t", "-i"}, mail_text(notification, ways_.mail_from), stop));
    return Sent::yes;
  }
  const auto found = ways_.webhooks.find(notification.step);
  if (found == ways_.webhooks.end()) return Sent::not_configured;
  json::Object body = {{"text", notification.text}};
  // Where a step's address is a place in the chat, and not the webhook itself.
  if (!notification.to.empty() && !notification.to.starts_with("http"))
    body.emplace_back("channel", notification.to);
  if (!notification.subject.empty()) body.emplace_back("title", notification.subject);
  TRY(post(found->second, body, stop));
  return Sent::yes;
}

}  // namespace cupel::runs
