// suyuan-bench-recall: asks a running node over HTTP for everything downstream of a lot: the first
// page of its units, all pages in sequence, the recall list. Prints one line of JSON.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json/parse.hpp>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <stdexcept>

#include "bench/asker.h"

namespace suyuan::bench {
namespace {

struct RecallOptions {
  std::string host = "127.0.0.1";
  uint16_t port = 0;
  std::string code;
  std::string name = "recall";
  int node_pid = 0;
  size_t limit = 1000;
  double seconds_max = 60;
};

constexpr size_t kFirstPageTimes = 20;

class Stretch {
 public:
  Stretch(Asker& asker, int pid)
      : asker_(asker), pid_(pid), before_(node_use(asker, pid)),
        start_(std::chrono::steady_clock::now()) {}
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  NodeUse used() const { return node_use(asker_, pid_) - before_; }

 private:
  Asker& asker_;
  const int pid_;
  const NodeUse before_;
  const std::chrono::steady_clock::time_point start_;
};

struct Pages {
  size_t units = 0;
  size_t pages = 0;
  double seconds = 0;
  bool whole = false;
};

// Reads until the last page, or until the time is over.
Pages read_pages(Asker& asker, const RecallOptions& options) {
  Pages read;
  std::string next;
  const Stretch stretch(asker, options.node_pid);
  do {
    const std::string body =
        asker.get("/v1/codes/" + escaped(options.code) +
                  "/forward?limit=" + std::to_string(options.limit) +
                  (next.empty() ? "" : "&page=" + next));
    const auto answer = boost::json::parse(body);
    read.units += answer.at_pointer("/forward/units").as_array().size();
    ++read.pages;
    const auto* token = answer.at("forward").as_object().if_contains("next");
    next = token == nullptr ? "" : std::string(token->as_string());
    read.seconds = stretch.seconds();
  } while (!next.empty() && read.seconds < options.seconds_max);
  read.whole = next.empty();
  return read;
}

int run(const RecallOptions& options) {
  Asker asker(options.host, options.port);
  const std::string about = "/v1/codes/" + escaped(options.code);

  std::vector<double> first;
  const Stretch firsts(asker, options.node_pid);
  for (size_t i = 0; i < kFirstPageTimes && firsts.seconds() < options.seconds_max; ++i) {
    const auto start = std::chrono::steady_clock::now();
    asker.get(about + "/forward?limit=" + std::to_string(options.limit));
    first.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
            .count());
  }
  std::sort(first.begin(), first.end());

  const Stretch paging(asker, options.node_pid);
  const Pages pages = read_pages(asker, options);
  const NodeUse pages_used = paging.used();

  const Stretch listing(asker, options.node_pid);
  const auto list = boost::json::parse(asker.get(about + "/recall"));
  const double list_seconds = listing.seconds();
  const NodeUse list_used = listing.used();
  std::printf(
      "{\"name\":\"%s\",\"firstPageMs\":%.2f,\"firstPageMaxMs\":%.2f,\"pageLimit\":%zu,"
      "\"pages\":%zu,\"pagedUnits\":%zu,\"whole\":%s,\"pagesSeconds\":%.2f,"
      "\"pagesNodeCpuSeconds\":%.2f,\"pagesBlocksRead\":%.0f,"
      "\"listUnits\":%.0f,\"listSeconds\":%.2f,\"listNodeCpuSeconds\":%.2f,"
      "\"listBlocksRead\":%.0f}\n",
      options.name.c_str(), percentile_of(first, 0.5), first.empty() ? 0 : first.back(),
      options.limit, pages.pages, pages.units, pages.whole ? "true" : "false", pages.seconds,
      pages_used.cpu_seconds, pages_used.blocks_read,
      list.at_pointer("/recall/unitsTotal").to_number<double>(), list_seconds,
      list_used.cpu_seconds, list_used.blocks_read);
  return 0;
}

int parse_and_run(int argc, char** argv) {
  CLI::App app{"Asks a node over HTTP for what is downstream of a lot: pages, then the list."};
  RecallOptions options;
  app.add_option("--host", options.host)->capture_default_str();
  app.add_option("--port", options.port)->required();
  app.add_option("--code", options.code, "of the lot")->required();
  app.add_option("--name", options.name, "name of the row")->capture_default_str();
  app.add_option("--node-pid", options.node_pid, "its process, for its CPU time");
  app.add_option("--limit", options.limit, "units on a page")
      ->check(CLI::Range(size_t{1}, size_t{1000}))
      ->capture_default_str();
  app.add_option("--seconds", options.seconds_max, "after so long no further page is asked for")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    return run(options);
  } catch (const std::exception& error) {
    std::cerr << "suyuan-bench-recall: " << error.what() << '\n';
    return 1;
  }
}

}  // namespace
}  // namespace suyuan::bench

int main(int argc, char** argv) { return suyuan::bench::parse_and_run(argc, argv); }
