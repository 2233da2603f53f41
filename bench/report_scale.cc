#include "bench/report_scale.h"

#include <algorithm>
#include <functional>
#include <iostream>
#include <utility>

namespace suyuan::bench {
namespace {

// One table of the part scale: a row for each line of that kind.
void print_kind(const std::vector<json::object>& all, std::string_view kind,
                const std::string& title, const std::vector<std::string>& heads,
                const std::function<std::vector<std::string>(const json::object&)>& cells) {
  bool begun = false;
  for (const auto& one : all) {
    if (text_of(one, "kind") != kind) continue;
    if (!begun) {
      std::cout << "\n### " << title << "\n\n";
      print_row(heads);
      print_row(std::vector<std::string>(heads.size(), "---"));
      begun = true;
    }
    print_row(cells(one));
  }
}

void print_questions_of_sizes(const std::vector<json::object>& all) {
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
}

// How many times the other figure; empty where one of them is missing.
std::string times(double now, double before) {
  return now > 0 && before > 0 ? figure(now / before) : "";
}

// A row of a table that compares a size with the one before it. `before` has no fields for the
// smallest.
using GrownCells =
    std::function<std::vector<std::string>(const json::object& one, const json::object& before)>;

// What tells the rows of a table from each other: each batch size grows for itself.
struct Growing {
  std::string_view kind;
  std::string_view size;
  std::string_view batch;
};

void print_growth(const std::vector<json::object>& all, const Growing& by,
                  const std::string& title, const std::vector<std::string>& heads,
                  const GrownCells& cells) {
  std::vector<json::object> rows;
  for (const auto& one : all) {
    if (text_of(one, "kind") == by.kind) rows.push_back(one);
  }
  if (rows.empty()) return;
  const auto place = [&](const json::object& one) {
    return std::pair(field(one, by.batch), field(one, by.size));
  };
  std::stable_sort(rows.begin(), rows.end(), [&](const json::object& one, const json::object& two) {
    return place(one) < place(two);
  });
  std::cout << "\n### " << title << "\n\n";
  print_row(heads);
  print_row(std::vector<std::string>(heads.size(), "---"));
  const json::object none;
  for (size_t i = 0; i < rows.size(); ++i) {
    const bool grown = i > 0 && field(rows[i - 1], by.batch) == field(rows[i], by.batch);
    print_row(cells(rows[i], grown ? rows[i - 1] : none));
  }
}

void print_posts_of_sizes(const std::vector<json::object>& all) {
  print_growth(all, {.kind = "posts", .size = "ledgerEvents", .batch = "batch"},
               "Posts at full speed into a ledger, after its questions; without an EPCIS index",
               {"events in the ledger", "in a batch", "in flight", "events/s", "p50 ms", "p99 ms",
                "client us/event", "node us/event", "s that RocksDB held writes back",
                "leaves not sealed at the end", "ceiling measured just before", "ratio",
                "events/s to the size before", "node us/event to the size before"},
               [](const json::object& one, const json::object& before) {
                 const double rate = field(one, "eventsPerSecond");
                 const double most = field(one, "ceiling");
                 std::vector<std::string> cells = {figure(field(one, "ledgerEvents"))};
                 for (auto& cell : post_cells(one)) cells.push_back(std::move(cell));
                 cells.push_back(figure(field(one, "heldSeconds")));
                 cells.push_back(figure(field(one, "notSealed")));
                 cells.push_back(text_of(one, "ceilingName") + " " + figure(most));
                 cells.push_back(times(rate, most));
                 cells.push_back(times(rate, field(before, "eventsPerSecond")));
                 cells.push_back(times(field(one, "nodeCpuUsPerEvent"),
                                       field(before, "nodeCpuUsPerEvent")));
                 return cells;
               });
}

// Bytes of a folder to those of the payloads.
double bytes_to_payload(const json::object& one, std::string_view folder) {
  const double payload = field(one, "payloadBytes");
  return payload > 0 ? field(one, folder) / payload : 0;
}

void print_storage_of_sizes(const std::vector<json::object>& all) {
  print_growth(all, {.kind = "storage", .size = "made", .batch = "lotBatch"},
               "Bytes on disk to bytes of payload",
               {"events", "in a batch", "payload bytes each", "store as written", "compacted",
                "EPCIS index beside it", "as written to the size before",
                "compacted to the size before", "index to the size before"},
               [](const json::object& one, const json::object& before) {
                 const std::string_view folders[] = {"storeBytes", "compactedBytes", "indexBytes"};
                 const double made = field(one, "made");
                 std::vector<std::string> cells = {figure(made), figure(field(one, "lotBatch"))};
                 cells.push_back(times(field(one, "payloadBytes"), made));
                 for (const auto folder : folders) {
                   const double now = bytes_to_payload(one, folder);
                   cells.push_back(now > 0 ? figure(now) : "");
                 }
                 for (const auto folder : folders) {
                   cells.push_back(times(bytes_to_payload(one, folder),
                                         bytes_to_payload(before, folder)));
                 }
                 return cells;
               });
}

void print_left_out(const std::vector<json::object>& all) {
  for (const auto& one : all) {
    if (text_of(one, "kind") == "left out") {
      std::cout << "\nLeft out: " << text_of(one, "what") << ".\n";
    }
  }
}

}  // namespace

void print_scale(const std::vector<json::object>& all) {
  print_questions_of_sizes(all);
  print_posts_of_sizes(all);
  print_storage_of_sizes(all);
  print_left_out(all);
}

}  // namespace suyuan::bench
