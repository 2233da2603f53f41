// suyuan-bench-http: asks a running node over HTTP where random codes come from, and prints one
// line of JSON: rate, latency, events in an answer, and what the node used for each.
#include <sys/prctl.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <boost/json/parse.hpp>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <random>
#include <thread>

#include "bench/asker.h"

namespace suyuan::bench {
namespace {

using Clock = std::chrono::steady_clock;

// One answer in this many is parsed to count its events. The clock is stopped for that, unless a
// rate must be kept: then it is parsed after the run.
constexpr size_t kParsedOneIn = 16;
constexpr size_t kKeptBodies = 64;
constexpr size_t kWarmUp = 50;

struct Options {
  std::string host = "127.0.0.1";
  uint16_t port = 0;
  std::string codes;
  std::string name = "trace";
  std::string path = "trace?events=false";
  size_t connections = 1;
  double seconds = 5;
  double rate = 0;
  int node_pid = 0;
  uint32_t seed = 1;
};

struct Samples {
  std::vector<double> ms;
  size_t parsed = 0;
  size_t events = 0;
  size_t fewest = SIZE_MAX;

  void count(const std::string& body) {
    const auto answer = boost::json::parse(body);
    const size_t steps = answer.at_pointer("/trace/steps").as_array().size();
    ++parsed;
    events += steps;
    fewest = std::min(fewest, steps);
  }
};

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// Questions due at even intervals, whether or not earlier ones are answered. A question without a
// free connection counts as late from the moment it was due.
struct Schedule {
  Clock::time_point start;
  double rate = 0;
  size_t count = 0;
  std::atomic<size_t> next = 0;

  Clock::time_point due(size_t i) const {
    const auto after = std::chrono::duration<double>(static_cast<double>(i) / rate);
    return start + std::chrono::duration_cast<Clock::duration>(after);
  }
};

class Load {
 public:
  Load(const Options& options, std::vector<std::string> codes)
      : options_(options), codes_(std::move(codes)) {}

  void run_closed(uint32_t seed, Samples& samples) {
    Asker asker(options_.host, options_.port);
    std::mt19937 random(seed);
    for (size_t i = 0; i < kWarmUp; ++i) ask(asker, random);
    double spent_ms = 0;
    while (spent_ms < options_.seconds * 1000) {
      const auto start = Clock::now();
      const std::string body = ask(asker, random);
      const double ms = ms_since(start);
      spent_ms += ms;
      samples.ms.push_back(ms);
      if (samples.ms.size() % kParsedOneIn == 0) samples.count(body);
    }
  }

  void run_open(Schedule& schedule, uint32_t seed, Samples& samples) {
    // this thread's timer slack: 1 us instead of 50
    prctl(PR_SET_TIMERSLACK, 1000UL, 0UL, 0UL, 0UL);
    Asker asker(options_.host, options_.port);
    std::mt19937 random(seed);
    std::vector<std::string> bodies;
    for (size_t i = schedule.next++; i < schedule.count; i = schedule.next++) {
      const auto due = schedule.due(i);
      std::this_thread::sleep_until(due);
      std::string body = ask(asker, random);
      samples.ms.push_back(ms_since(due));
      if (bodies.size() < kKeptBodies) bodies.push_back(std::move(body));
    }
    for (const auto& body : bodies) samples.count(body);
  }

 private:
  std::string ask(Asker& asker, std::mt19937& random) const {
    std::uniform_int_distribution<size_t> any(0, codes_.size() - 1);
    return asker.get("/v1/codes/" + escaped(codes_[any(random)]) + "/" + options_.path);
  }

  const Options& options_;
  const std::vector<std::string> codes_;
};

std::vector<std::string> read_codes(const std::string& path) {
  std::vector<std::string> codes;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) codes.push_back(line);
  if (codes.empty()) throw std::runtime_error("no codes in " + path);
  return codes;
}

Samples run_all(const Options& options, Load& load) {
  std::vector<Samples> all(options.connections);
  std::vector<std::string> failures(options.connections);
  constexpr auto kLead = std::chrono::milliseconds(200);  // time for the connections to open
  Schedule schedule{.start = Clock::now() + kLead,
                    .rate = options.rate,
                    .count = static_cast<size_t>(options.rate * options.seconds)};
  {
    std::vector<std::jthread> threads;
    for (size_t i = 0; i < options.connections; ++i) {
      threads.emplace_back([&, i] {
        const uint32_t seed = options.seed + static_cast<uint32_t>(i);
        try {
          if (options.rate > 0) {
            load.run_open(schedule, seed, all[i]);
          } else {
            load.run_closed(seed, all[i]);
          }
        } catch (const std::exception& error) {
          failures[i] = error.what();
        }
      });
    }
  }
  Samples total;
  for (size_t i = 0; i < all.size(); ++i) {
    if (!failures[i].empty()) throw std::runtime_error(failures[i]);
    total.ms.insert(total.ms.end(), all[i].ms.begin(), all[i].ms.end());
    total.parsed += all[i].parsed;
    total.events += all[i].events;
    total.fewest = std::min(total.fewest, all[i].fewest);
  }
  std::sort(total.ms.begin(), total.ms.end());
  return total;
}

int run(const Options& options) {
  auto codes = read_codes(options.codes);
  const size_t codes_count = codes.size();
  Load load(options, std::move(codes));
  Asker node(options.host, options.port);
  const NodeUse before = node_use(node, options.node_pid);
  const Samples total = run_all(options, load);
  const NodeUse used = node_use(node, options.node_pid) - before;
  // The questions of the warm-up used the node too.
  const size_t asked =
      total.ms.size() + (options.rate > 0 ? 0 : kWarmUp * options.connections);
  const auto each = [&](double sum) { return sum / static_cast<double>(asked); };
  const double events =
      total.parsed == 0 ? 0 : static_cast<double>(total.events) / static_cast<double>(total.parsed);
  std::printf(
      "{\"name\":\"%s\",\"connections\":%zu,\"codes\":%zu,\"asked\":%zu,\"rate\":%.0f,"
      "\"perSecond\":%.0f,\"p50Ms\":%.3f,\"p99Ms\":%.3f,\"maxMs\":%.3f,\"meanEvents\":%.1f,"
      "\"fewestEvents\":%zu,\"nodeCpuUs\":%.1f,\"blocksFound\":%.1f,\"blocksRead\":%.1f}\n",
      options.name.c_str(), options.connections, codes_count, total.ms.size(), options.rate,
      static_cast<double>(total.ms.size()) / options.seconds, percentile_of(total.ms, 0.50),
      percentile_of(total.ms, 0.99), total.ms.empty() ? 0 : total.ms.back(), events,
      total.parsed == 0 ? 0 : total.fewest, each(used.cpu_seconds) * 1e6, each(used.blocks_found),
      each(used.blocks_read));
  return 0;
}

int parse_and_run(int argc, char** argv) {
  constexpr size_t kConnectionsMax = 256;
  constexpr double kSecondsMax = 3600;
  constexpr double kRateMax = 1e5;
  CLI::App app{"Asks a node over HTTP for the provenance of codes drawn at random."};
  Options options;
  app.add_option("--host", options.host)->capture_default_str();
  app.add_option("--port", options.port)->required();
  app.add_option("--codes", options.codes, "a code on each line")->required();
  app.add_option("--name", options.name, "name of the row")->capture_default_str();
  app.add_option("--path", options.path, "after /v1/codes/{code}/; its answer has steps")
      ->capture_default_str();
  app.add_option("--connections", options.connections, "each with one question in flight")
      ->check(CLI::Range(size_t{1}, kConnectionsMax))
      ->capture_default_str();
  app.add_option("--rate", options.rate,
                 "questions a second, sent when they are due whatever was answered, their time "
                 "counted from then on; 0: each after the answer before")
      ->check(CLI::Range(0.0, kRateMax))
      ->capture_default_str();
  app.add_option("--node-pid", options.node_pid, "its process, for its CPU time");
  app.add_option("--seconds", options.seconds)
      ->check(CLI::Range(0.1, kSecondsMax))
      ->capture_default_str();
  app.add_option("--seed", options.seed)->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    return run(options);
  } catch (const std::exception& error) {
    std::cerr << "suyuan-bench-http: " << error.what() << '\n';
    return 1;
  }
}

}  // namespace
}  // namespace suyuan::bench

int main(int argc, char** argv) { return suyuan::bench::parse_and_run(argc, argv); }
