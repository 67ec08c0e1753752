// SPDX-License-Identifier: Apache-2.0
// Drives a fuzz target without clang: each seed once, then seeds that were changed at random, until
// the time is over. libFuzzer, which sees what the inputs reach, is the preset `fuzz`; this finds in
// every build what is easy to find.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <cstring>
#include <iostream>
#include <random>

#include "base/check.hpp"
#include "os/files.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size);

namespace {

using cupel::os::fs::path;
using Random = std::mt19937_64;

constexpr std::size_t longest = 1 << 15;
constexpr unsigned longest_seconds = 20;  ///< of one input

/// A file that holds the input at hand, also when the process dies of it.
class Witness {
 public:
  explicit Witness(path file) : file_(std::move(file)) {
    const int fd = ::open(file_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    CHECK(fd >= 0 && ::ftruncate(fd, longest) == 0, "cannot write {}", file_.string());
    memory_ = ::mmap(nullptr, longest, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    CHECK(memory_ != MAP_FAILED, "cannot map {}", file_.string());
    fd_ = fd;
  }
  ~Witness() {
    ::munmap(memory_, longest);
    ::close(fd_);
    ::unlink(file_.c_str());
  }
  Witness(const Witness&) = delete;
  Witness& operator=(const Witness&) = delete;

  void hold(std::string_view input) {
    CHECK(::ftruncate(fd_, static_cast<off_t>(longest)) == 0);
    std::memcpy(memory_, input.data(), input.size());
    CHECK(::ftruncate(fd_, static_cast<off_t>(input.size())) == 0);
  }

 private:
  path file_;
  int fd_ = -1;
  void* memory_ = nullptr;
};

/// What the handler says; made before anything can happen.
std::string& last_words() {
  static std::string text;
  return text;
}

extern "C" void tell(int signal) {
  const auto& text = last_words();
  if (::write(STDERR_FILENO, text.data(), text.size()) < 0) ::_exit(1);
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

void watch(const path& file, const std::string& program) {
  last_words() = "\nfailed (or took longer than 20 s) on the input in " + file.string() +
                 "\nagain: " + program + " --input " + file.string() + "\n";
  // A stack of its own: the input may have used up the other one.
  static std::array<char, 1 << 16> stack;
  stack_t other{};
  other.ss_sp = stack.data();
  other.ss_size = stack.size();
  ::sigaltstack(&other, nullptr);
  struct sigaction action {};
  action.sa_handler = tell;
  action.sa_flags = SA_ONSTACK;
  for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGALRM})
    ::sigaction(signal, &action, nullptr);
}

std::size_t below(Random& random, std::size_t bound) {
  return bound == 0 ? 0 : std::uniform_int_distribution<std::size_t>(0, bound - 1)(random);
}

/// A short piece, mostly.
std::string_view piece(std::string_view text, Random& random) {
  const auto at = below(random, text.size());
  const auto most = below(random, 4) == 0 ? text.size() : std::size_t{12};
  return text.substr(at, below(random, most) + 1);
}

void change(std::string& text, const std::vector<std::string>& seeds, Random& random) {
  const auto at = below(random, text.size() + 1);
  switch (below(random, 7)) {
    case 0:
      if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(random, 8)));
      break;
    case 1: text.insert(at, 1, static_cast<char>(below(random, 256))); break;
    case 2: text.erase(at, below(random, 12) + 1); break;
    case 3: text.insert(at, std::string(piece(text, random))); break;
    case 4: text.insert(at, std::string(piece(seeds[below(random, seeds.size())], random))); break;
    case 5: text.resize(at); break;
    default: {  // depth, and repetition
      const std::string unit(piece(text, random).substr(0, 3));
      const auto times = std::size_t{1} << below(random, 12);
      std::string many;
      for (std::size_t i = 0; i < times; ++i) many += unit;
      text.insert(at, many);
    }
  }
  if (text.size() > longest) text.resize(longest);
}

std::vector<std::string> read_seeds(const std::vector<std::string>& names) {
  std::vector<std::string> seeds = {""};
  const auto add = [&](const path& file) {
    auto text = cupel::os::read_file(file);
    CHECK(text, "{}", text.error().text());
    if (text->size() <= longest) seeds.push_back(std::move(*text));
  };
  for (const auto& name : names) {
    if (!cupel::os::fs::is_directory(name)) {
      add(name);
      continue;
    }
    std::vector<path> files;
    for (const auto& entry : cupel::os::fs::recursive_directory_iterator(name))
      if (entry.is_regular_file() && entry.path().extension() != ".expected")
        files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const auto& file : files) add(file);
  }
  return seeds;
}

void run(std::string_view input) {
  ::alarm(longest_seconds);
  LLVMFuzzerTestOneInput(reinterpret_cast<const unsigned char*>(input.data()), input.size());
  ::alarm(0);
}

struct Wanted {
  unsigned seconds = 60;
  std::uint64_t seed = 1;
  std::string input;
  std::vector<std::string> seeds;
};

void fuzz(const Wanted& wanted, const std::string& program) {
  const auto seeds = read_seeds(wanted.seeds);
  const auto file = cupel::os::fs::current_path() / (path(program).filename().string() + ".input");
  Witness witness(file);
  watch(file, program);
  const auto begin = std::chrono::steady_clock::now();
  std::size_t inputs = 0;
  for (const auto& seed : seeds) {
    witness.hold(seed);
    run(seed);
    ++inputs;
  }
  Random random(wanted.seed);
  while (std::chrono::steady_clock::now() - begin < std::chrono::seconds(wanted.seconds)) {
    auto text = seeds[below(random, seeds.size())];
    for (auto left = below(random, 8) + 1; left > 0; --left) change(text, seeds, random);
    witness.hold(text);
    run(text);
    ++inputs;
  }
  std::cout << inputs << " inputs, from " << seeds.size() << " seeds\n";
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Fuzzes one target without clang");
  Wanted wanted;
  app.add_option("--seconds", wanted.seconds, "How long");
  app.add_option("--seed", wanted.seed, "Of the random numbers")->envname("CUPEL_SEED");
  app.add_option("--input", wanted.input, "Runs this file alone");
  app.add_option("SEEDS", wanted.seeds, "Files, or directories of them")->check(CLI::ExistingPath);
  CLI11_PARSE(app, argc, argv);
  if (wanted.input.empty()) {
    fuzz(wanted, argv[0]);
    return 0;
  }
  const auto text = cupel::os::read_file(wanted.input);
  CHECK(text, "{}", text.error().text());
  run(*text);
  return 0;
}
