// suyuan-bench-report: prints the results of one run of bench/run.sh as one table, each figure next
// to the machine's ceiling in the same run.
#include <boost/json/parse.hpp>
#include <cstdio>
#include <iostream>
#include <map>
#include <optional>

#include "bench/report_rows.h"
#include "bench/report_scale.h"

namespace suyuan::bench {
namespace {

// Strips what Google Benchmark appends to names: "/real_time/threads:2".
std::string bare(std::string name) {
  for (const std::string_view tail : {"/threads:", "/real_time"}) {
    const size_t at = name.find(tail);
    if (at != std::string::npos) name.erase(at);
  }
  return name;
}

struct Core {
  std::map<std::string, json::object> rows;
  std::vector<std::string> order;

  // Empty if there is no file, as in a run of another part.
  explicit Core(const std::string& path) {
    const std::string text = text_in(path);
    if (text.empty()) return;
    const auto parsed = json::parse(text);
    for (const auto& one : parsed.at("benchmarks").as_array()) {
      const auto& row = one.as_object();
      const std::string full(row.at("name").as_string());
      // If a row was measured with one thread and with all, the one with all is also stored under
      // the bare name.
      const std::string name = bare(full);
      if (!rows.contains(name)) order.push_back(name);
      rows[name] = row;
    }
  }
  double rate(const std::string& name) const {
    const auto found = rows.find(name);
    return found == rows.end() ? 0 : field(found->second, "items_per_second");
  }
};

// Returns the ceiling that a row of the core is compared with, with the same batch shape if it has
// one.
std::optional<std::pair<std::string, std::string>> ceiling_of(const std::string& name) {
  const auto starts = [&](std::string_view head) { return name.rfind(head, 0) == 0; };
  if (starts("batch/decode+verify/events:1") && name.back() == '1') {
    return std::pair<std::string, std::string>{"libsodium verify, all cores",
                                               "ceiling/libsodium_verify"};
  }
  if (starts("audit/log/batch:1/jobs:2")) {
    return std::pair<std::string, std::string>{"libsodium verify, all cores",
                                               "ceiling/libsodium_verify"};
  }
  if (starts("apply/rocks/")) {
    return std::pair<std::string, std::string>{"RocksDB, the same rows",
                                               "ceiling/rocks_commit" + name.substr(11)};
  }
  return std::nullopt;
}

bool is_ceiling(const std::string& name) { return name.rfind("ceiling/", 0) == 0; }

void print_ceilings(const Core& core) {
  if (core.order.empty()) return;
  std::cout << "\n### Ceilings of this machine in this run, on all cores where it has threads\n\n";
  print_row({"what", "items/s"});
  print_row({"---", "---:"});
  for (const auto& name : core.order) {
    if (is_ceiling(name)) print_row({name, figure(core.rate(name))});
  }
}

void print_core(const Core& core) {
  bool begun = false;
  for (const auto& name : core.order) {
    const double rate = core.rate(name);
    if (rate == 0 || is_ceiling(name)) continue;
    if (!begun) {
      std::cout << "\n### Core\n\n";
      print_row({"what", "items/s", "ceiling of this run", "ratio"});
      print_row({"---", "---:", "---", "---:"});
      begun = true;
    }
    const auto ceiling = ceiling_of(name);
    const double most = ceiling ? core.rate(ceiling->second) : 0;
    print_row({name, figure(rate), most > 0 ? ceiling->first + " " + figure(most) : "",
               most > 0 ? figure(rate / most) : ""});
  }
}

// Returns a row's time in milliseconds, whatever its unit.
double milliseconds(const json::object& one) {
  const auto* unit = one.if_contains("time_unit");
  const double time = field(one, "real_time");
  if (unit == nullptr || unit->as_string() == "ns") return time / 1e6;
  if (unit->as_string() == "us") return time / 1e3;
  return unit->as_string() == "ms" ? time : time * 1e3;
}

// One-time costs and the size of answers: opening the chain map, and its proofs.
void print_times(const Core& core) {
  bool begun = false;
  for (const auto& name : core.order) {
    const auto& one = core.rows.at(name);
    if (core.rate(name) != 0 || milliseconds(one) == 0) continue;
    if (!begun) {
      std::cout << "\n### Times and sizes\n\n";
      print_row({"what", "ms", "bytes, mean", "bytes, most", "MiB in memory"});
      print_row({"---", "---:", "---:", "---:", "---:"});
      begun = true;
    }
    const auto cell = [&](std::string_view counter) {
      return one.contains(counter) ? figure(field(one, counter)) : std::string();
    };
    char time[32];
    std::snprintf(time, sizeof time, "%.4g", milliseconds(one));
    print_row({name, time, cell("bytes"), cell("bytes_max"), cell("MiB")});
  }
}

// Events a second of the same posts at the server that only verifies; 0 if it had none such.
double verify_only_rate(const std::vector<json::object>& verify_only, const json::object& one) {
  for (const auto& other : verify_only) {
    if (other.contains("batch") && field(other, "batch") == field(one, "batch") &&
        field(other, "inFlight") == field(one, "inFlight")) {
      return field(other, "eventsPerSecond");
    }
  }
  return 0;
}

void print_posts(const Core& core, const std::string& path,
                 const std::vector<json::object>& verify_only) {
  const auto rows = lines_in(path);
  if (rows.empty()) return;
  double verify = 0;
  double sync = 0;
  std::cout << "\n### Posts to a node over loopback, each answered after its sync\n\n";
  print_row({"events in a batch", "in flight", "events/s", "p50 ms", "p99 ms", "client us/event",
             "node us/event", "ceiling of this run", "ratio", "of a server that only verifies"});
  print_row({"---:", "---:", "---:", "---:", "---:", "---:", "---:", "---", "---:", "---:"});
  for (const auto& one : rows) {
    if (one.contains("verifyPerSecond")) {
      verify = field(one, "verifyPerSecond");
      sync = field(one, "syncPerSecond");
      continue;
    }
    if (!one.contains("batch")) continue;  // registration for the run
    const double batch = field(one, "batch");
    const double rate = field(one, "eventsPerSecond");
    const double rocks = core.rate("ceiling/rocks_commit/batch:256/batches:16");
    const double most = batch == 1 ? verify : rocks;
    const double only = verify_only_rate(verify_only, one);
    auto cells = post_cells(one);
    cells.push_back((batch == 1 ? "verify " : "RocksDB, the same rows ") + figure(most));
    cells.push_back(most > 0 ? figure(rate / most) : "");
    cells.push_back(only > 0 ? figure(rate / only) : "");
    print_row(cells);
  }
  std::cout << "\nfdatasync of 4 KiB: " << figure(sync) << "/s.\n";
}

void print_verify_only(const std::vector<json::object>& rows) {
  if (rows.empty()) return;
  std::cout << "\n### The same posts to a server that only verifies\n\n";
  print_row({"events in a batch", "in flight", "events/s", "p50 ms", "p99 ms", "client us/event",
             "server us/event"});
  print_row({"---:", "---:", "---:", "---:", "---:", "---:", "---:"});
  for (const auto& one : rows) {
    if (one.contains("batch")) print_row(post_cells(one));
  }
}

// The same work in other databases: a row for each, next to Suyuan's own of the same run.
void print_peers(const Core& peers) {
  constexpr std::string_view kOurs = "/suyuan/";
  if (peers.order.empty()) return;
  std::cout << "\n### Peers on the same work\n\n";
  print_row(
      {"what", "who", "items/s", "Suyuan in this run", "Suyuan to it", "events in an answer"});
  print_row({"---", "---", "---:", "---:", "---:", "---:"});
  for (const auto& name : peers.order) {
    const size_t first = name.find('/', name.find('/') + 1) + 1;
    const size_t last = name.find('/', first);
    if (first == 0 || last == std::string::npos) continue;
    const std::string what = name.substr(0, first - 1);
    const double rate = peers.rate(name);
    const double ours = peers.rate(what + std::string(kOurs) + name.substr(last + 1));
    const auto& one = peers.rows.at(name);
    print_row({what.substr(what.find('/') + 1) + ", " + name.substr(last + 1),
               name.substr(first, last - first), figure(rate), figure(ours),
               rate > 0 ? figure(ours / rate) : "",
               one.contains("events_in_answer") ? figure(field(one, "events_in_answer")) : ""});
  }
}

void print_questions(const std::string& path) {
  const auto rows = lines_in(path);
  if (rows.empty()) return;
  std::cout << "\n### Provenance over HTTP, codes drawn at random over the whole ledger\n\n";
  print_row({"ledger", "connections", "answers/s", "p50 ms", "p99 ms", "events in an answer"});
  print_row({"---", "---:", "---:", "---:", "---:", "---:"});
  for (const auto& one : rows) {
    print_row({std::string(one.at("name").as_string()), figure(field(one, "connections")),
               figure(field(one, "perSecond")), figure(field(one, "p50Ms")),
               figure(field(one, "p99Ms")), figure(field(one, "meanEvents"))});
  }
}

int run(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: suyuan-bench-report <folder of results>\n";
    return 2;
  }
  const std::string folder = argv[1];
  try {
    const Core core(folder + "/core.json");
    print_ceilings(core);
    print_core(core);
    print_times(core);
    const auto verify_only = lines_in(folder + "/verify-only.jsonl");
    print_posts(core, folder + "/posts.jsonl", verify_only);
    print_verify_only(verify_only);
    print_peers(Core(folder + "/peers.json"));
    print_questions(folder + "/questions.jsonl");
    print_scale(lines_in(folder + "/scale.jsonl"));
  } catch (const std::exception& error) {
    std::cerr << "suyuan-bench-report: " << error.what() << '\n';
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace suyuan::bench

int main(int argc, char** argv) { return suyuan::bench::run(argc, argv); }
