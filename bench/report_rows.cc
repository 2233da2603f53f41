#include "bench/report_rows.h"

#include <boost/json/parse.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>

namespace suyuan::bench {

std::string text_in(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<json::object> lines_in(const std::string& path) {
  std::vector<json::object> rows;
  std::istringstream text(text_in(path));
  for (std::string line; std::getline(text, line);) {
    if (!line.empty()) rows.push_back(json::parse(line).as_object());
  }
  return rows;
}

double field(const json::object& one, std::string_view name) {
  const auto* value = one.if_contains(name);
  return value == nullptr ? 0 : value->to_number<double>();
}

std::string text_of(const json::object& one, std::string_view name) {
  const auto* value = one.if_contains(name);
  return value == nullptr ? "" : std::string(value->as_string());
}

std::string figure(double value) {
  char text[32];
  std::snprintf(text, sizeof text, value >= 100 ? "%.0f" : "%.2f", value);
  return text;
}

void print_row(const std::vector<std::string>& cells) {
  std::string text = "|";
  for (const auto& cell : cells) text += " " + cell + " |";
  std::cout << text << '\n';
}

std::vector<std::string> post_cells(const json::object& one) {
  std::vector<std::string> cells;
  for (const std::string_view name :
       {"batch", "inFlight", "eventsPerSecond", "p50Ms", "p99Ms", "clientCpuUsPerEvent",
        "nodeCpuUsPerEvent"}) {
    cells.push_back(figure(field(one, name)));
  }
  return cells;
}

}  // namespace suyuan::bench
