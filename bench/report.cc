// suyuan-bench-report: prints the results of one run of bench/run.sh as one table, each figure next
// to the machine's ceiling in the same run.
#include <boost/json/parse.hpp>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace json = boost::json;

std::string read(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

double number(const json::value& value) { return value.to_number<double>(); }

double field(const json::object& row, std::string_view name) {
  const auto* value = row.if_contains(name);
  return value == nullptr ? 0 : number(*value);
}

std::vector<json::object> lines(const std::string& path) {
  std::vector<json::object> rows;
  std::istringstream text(read(path));
  for (std::string line; std::getline(text, line);) {
    if (!line.empty()) rows.push_back(json::parse(line).as_object());
  }
  return rows;
}

std::string figure(double value) {
  char text[32];
  std::snprintf(text, sizeof text, value >= 100 ? "%.0f" : "%.2f", value);
  return text;
}

void row(const std::vector<std::string>& cells) {
  std::string text = "|";
  for (const auto& cell : cells) text += " " + cell + " |";
  std::cout << text << '\n';
}

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
    const std::string text = read(path);
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

void print_core(const Core& core) {
  if (core.order.empty()) return;
  std::cout << "\n### Core\n\n";
  row({"what", "items/s", "ceiling of this run", "ratio"});
  row({"---", "---:", "---", "---:"});
  for (const auto& name : core.order) {
    const double rate = core.rate(name);
    if (rate == 0) continue;
    const auto ceiling = ceiling_of(name);
    const double most = ceiling ? core.rate(ceiling->second) : 0;
    row({name, figure(rate), most > 0 ? ceiling->first + " " + figure(most) : "",
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
      row({"what", "ms", "bytes, mean", "bytes, most", "MiB in memory"});
      row({"---", "---:", "---:", "---:", "---:"});
      begun = true;
    }
    const auto cell = [&](std::string_view counter) {
      return one.contains(counter) ? figure(field(one, counter)) : std::string();
    };
    char time[32];
    std::snprintf(time, sizeof time, "%.4g", milliseconds(one));
    row({name, time, cell("bytes"), cell("bytes_max"), cell("MiB")});
  }
}

// What is measured of posts, whoever answers them.
std::vector<std::string> post_cells(const json::object& one) {
  std::vector<std::string> cells;
  for (const std::string_view name :
       {"batch", "inFlight", "eventsPerSecond", "p50Ms", "p99Ms", "clientCpuUsPerEvent",
        "nodeCpuUsPerEvent"}) {
    cells.push_back(figure(field(one, name)));
  }
  return cells;
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
  const auto rows = lines(path);
  if (rows.empty()) return;
  double verify = 0;
  double sync = 0;
  std::cout << "\n### Posts to a node over loopback, each answered after its sync\n\n";
  row({"events in a batch", "in flight", "events/s", "p50 ms", "p99 ms", "client us/event",
       "node us/event", "ceiling of this run", "ratio", "of a server that only verifies"});
  row({"---:", "---:", "---:", "---:", "---:", "---:", "---:", "---", "---:", "---:"});
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
    row(cells);
  }
  std::cout << "\nfdatasync of 4 KiB: " << figure(sync) << "/s.\n";
}

void print_verify_only(const std::vector<json::object>& rows) {
  if (rows.empty()) return;
  std::cout << "\n### The same posts to a server that only verifies\n\n";
  row({"events in a batch", "in flight", "events/s", "p50 ms", "p99 ms", "client us/event",
       "server us/event"});
  row({"---:", "---:", "---:", "---:", "---:", "---:", "---:"});
  for (const auto& one : rows) {
    if (one.contains("batch")) row(post_cells(one));
  }
}

// The same work in other databases: a row for each, next to Suyuan's own of the same run.
void print_peers(const Core& peers) {
  constexpr std::string_view kOurs = "/suyuan/";
  if (peers.order.empty()) return;
  std::cout << "\n### Peers on the same work\n\n";
  row({"what", "who", "items/s", "Suyuan in this run", "Suyuan to it", "events in an answer"});
  row({"---", "---", "---:", "---:", "---:", "---:"});
  for (const auto& name : peers.order) {
    const size_t first = name.find('/', name.find('/') + 1) + 1;
    const size_t last = name.find('/', first);
    if (first == 0 || last == std::string::npos) continue;
    const std::string what = name.substr(0, first - 1);
    const double rate = peers.rate(name);
    const double ours = peers.rate(what + std::string(kOurs) + name.substr(last + 1));
    const auto& one = peers.rows.at(name);
    row({what.substr(what.find('/') + 1) + ", " + name.substr(last + 1),
         name.substr(first, last - first), figure(rate), figure(ours),
         rate > 0 ? figure(ours / rate) : "",
         one.contains("events_in_answer") ? figure(field(one, "events_in_answer")) : ""});
  }
}

void print_questions(const std::string& path) {
  const auto rows = lines(path);
  if (rows.empty()) return;
  std::cout << "\n### Provenance over HTTP, codes drawn at random over the whole ledger\n\n";
  row({"ledger", "connections", "answers/s", "p50 ms", "p99 ms", "events in an answer"});
  row({"---", "---:", "---:", "---:", "---:", "---:"});
  for (const auto& one : rows) {
    row({std::string(one.at("name").as_string()), figure(field(one, "connections")),
         figure(field(one, "perSecond")), figure(field(one, "p50Ms")), figure(field(one, "p99Ms")),
         figure(field(one, "meanEvents"))});
  }
}

std::string text_of(const json::object& one, std::string_view name) {
  const auto* value = one.if_contains(name);
  return value == nullptr ? "" : std::string(value->as_string());
}

// One table of the part scale: a row for each line of that kind.
void print_kind(const std::vector<json::object>& all, std::string_view kind,
                const std::string& title, const std::vector<std::string>& heads,
                const std::function<std::vector<std::string>(const json::object&)>& cells) {
  bool begun = false;
  for (const auto& one : all) {
    if (text_of(one, "kind") != kind) continue;
    if (!begun) {
      std::cout << "\n### " << title << "\n\n";
      row(heads);
      row(std::vector<std::string>(heads.size(), "---"));
      begun = true;
    }
    row(cells(one));
  }
}

void print_scale(const std::string& path) {
  const auto all = lines(path);
  const auto part = [](double bytes, double payload) {
    return payload > 0 ? figure(bytes / payload) : std::string();
  };
  print_kind(all, "open", "Opening: from the start of the program until it answers",
             {"ledger", "s", "CPU s", "MiB in memory"}, [](const json::object& one) {
               return std::vector<std::string>{text_of(one, "name"), figure(field(one, "seconds")),
                                               figure(field(one, "cpuSeconds")),
                                               figure(field(one, "rssMib"))};
             });
  print_kind(all, "trace", "Provenance over HTTP; with a rate, each question sent when it is due",
             {"ledger", "questions due/s", "answers/s", "p50 ms", "p99 ms", "longest ms",
              "node us/answer", "blocks found", "blocks read", "events in an answer"},
             [](const json::object& one) {
               std::vector<std::string> cells = {text_of(one, "name")};
               for (const std::string_view name :
                    {"rate", "perSecond", "p50Ms", "p99Ms", "maxMs", "nodeCpuUs", "blocksFound",
                     "blocksRead", "meanEvents"}) {
                 cells.push_back(figure(field(one, name)));
               }
               return cells;
             });
  print_kind(all, "appends", "Appends beside these questions",
             {"ledger", "events/s", "p50 ms", "p99 ms", "refused"}, [](const json::object& one) {
               return std::vector<std::string>{
                   text_of(one, "name"), figure(field(one, "eventsPerSecond")),
                   figure(field(one, "p50Ms")), figure(field(one, "p99Ms")),
                   figure(field(one, "refused"))};
             });
  print_kind(all, "recall", "Recall of one lot over HTTP: its units page by page, and the list",
             {"ledger", "units", "first page ms", "units on a page", "all pages s", "node CPU s",
              "list s", "node CPU s", "blocks read for it"},
             [](const json::object& one) {
               std::vector<std::string> cells = {text_of(one, "name")};
               for (const std::string_view name :
                    {"listUnits", "firstPageMs", "pageLimit", "pagesSeconds", "pagesNodeCpuSeconds",
                     "listSeconds", "listNodeCpuSeconds", "listBlocksRead"}) {
                 cells.push_back(figure(field(one, name)));
               }
               if (!one.at("whole").as_bool()) {
                 cells[4] += ", then given up at " + figure(field(one, "pagedUnits")) + " units";
               }
               return cells;
             });
  print_kind(all, "storage", "Bytes on disk to bytes of payload",
             {"events", "in a batch", "payload bytes each", "store as written", "compacted",
              "EPCIS index beside it"},
             [&](const json::object& one) {
               const double payload = field(one, "payloadBytes");
               return std::vector<std::string>{
                   figure(field(one, "made")), figure(field(one, "lotBatch")),
                   figure(payload / field(one, "made")), part(field(one, "storeBytes"), payload),
                   part(field(one, "compactedBytes"), payload),
                   part(field(one, "indexBytes"), payload)};
             });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: suyuan-bench-report <folder of results>\n";
    return 2;
  }
  const std::string folder = argv[1];
  try {
    const Core core(folder + "/core.json");
    print_core(core);
    print_times(core);
    const auto verify_only = lines(folder + "/verify-only.jsonl");
    print_posts(core, folder + "/posts.jsonl", verify_only);
    print_verify_only(verify_only);
    print_peers(Core(folder + "/peers.json"));
    print_questions(folder + "/questions.jsonl");
    print_scale(folder + "/scale.jsonl");
  } catch (const std::exception& error) {
    std::cerr << "suyuan-bench-report: " << error.what() << '\n';
    return 1;
  }
  return 0;
}
