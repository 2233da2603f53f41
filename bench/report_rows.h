// What the benchmarks wrote, read again, and rows of the report's tables.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace suyuan::bench {

namespace json = boost::json;

// Empty if there is no such file, as in a run of another part.
std::string text_in(const std::string& path);
std::vector<json::object> lines_in(const std::string& path);  // of JSON, an object each

double field(const json::object& one, std::string_view name);  // 0: it has none
std::string text_of(const json::object& one, std::string_view name);

std::string figure(double value);
void print_row(const std::vector<std::string>& cells);

// What is measured of posts, whoever answers them. Seven cells.
std::vector<std::string> post_cells(const json::object& one);

}  // namespace suyuan::bench
