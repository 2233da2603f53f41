// Style as a test: which room may include which, and the few rules that a reader should never have
// to check by eye.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
const fs::path kRoot = SUYUAN_SOURCE_DIR;

struct Layer {
  std::vector<std::string> rooms;    // that it may include, beside itself
  std::vector<std::string> outside;  // header prefixes from outside
};

std::map<std::string, Layer> read_layers() {
  std::map<std::string, Layer> layers;
  std::ifstream file(kRoot / "tests/tidy/layers.txt");
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    const size_t colon = line.find(':');
    Layer layer;
    bool after_bar = false;
    std::istringstream words(line.substr(colon + 1));
    for (std::string one; words >> one;) {
      if (one == "|")
        after_bar = true;
      else
        (after_bar ? layer.outside : layer.rooms).push_back(one);
    }
    layers[line.substr(0, colon)] = layer;
  }
  return layers;
}

struct Source {
  std::string path;  // from the root, with '/'
  std::vector<std::string> lines;
};

std::vector<Source> sources(const std::vector<std::string>& folders) {
  std::vector<Source> all;
  for (const auto& folder : folders) {
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
      const std::string suffix = entry.path().extension();
      if (suffix != ".h" && suffix != ".cc") continue;
      if (entry.path().string().find("node_modules") != std::string::npos) continue;
      Source source{.path = fs::relative(entry.path(), kRoot).generic_string(), .lines = {}};
      std::ifstream file(entry.path());
      for (std::string line; std::getline(file, line);) source.lines.push_back(line);
      all.push_back(std::move(source));
    }
  }
  return all;
}

const std::vector<Source>& product_sources() {
  static const auto kAll = sources({"ledger", "proto", "node", "client"});
  return kAll;
}
const std::vector<Source>& all_sources() {
  static const auto kAll = sources({"ledger", "proto", "node", "client", "tests", "bench"});
  return kAll;
}

bool begins(const std::string& text, const std::string& prefix) {
  return text.rfind(prefix, 0) == 0;
}

std::string room_of(const std::string& path, const std::map<std::string, Layer>& layers) {
  std::string room;
  for (const auto& [name, layer] : layers) {
    if (begins(path, name + "/") && name.size() > room.size()) room = name;
  }
  return room;
}

std::string place(const Source& source, size_t line) {
  return source.path + ":" + std::to_string(line + 1) + ": ";
}

// The width that a reader sees: one column for each UTF-8 character.
size_t columns(const std::string& line) {
  return static_cast<size_t>(std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80;
  }));
}

TEST(Layers, ARoomIncludesOnlyWhatItsLineAllows) {
  const auto layers = read_layers();
  ASSERT_FALSE(layers.empty());
  const std::regex include(R"re(^\s*#include\s*(["<])([^">]+)[">])re");
  for (const auto& source : product_sources()) {
    const std::string room = room_of(source.path, layers);
    ASSERT_FALSE(room.empty()) << source.path << ": add its folder to tests/tidy/layers.txt";
    const Layer& layer = layers.at(room);
    for (size_t i = 0; i < source.lines.size(); ++i) {
      std::smatch match;
      if (!std::regex_search(source.lines[i], match, include)) continue;
      const std::string target = match[2];
      const bool ours = begins(target, "ledger/") || begins(target, "proto/") ||
                        begins(target, "node/") || begins(target, "client/") ||
                        begins(target, "tests/");
      const std::string target_room = ours ? room_of(target, layers) : "";
      const auto& allowed = ours ? layer.rooms : layer.outside;
      const bool standard = !ours && target.find('/') == std::string::npos && match[1] == "<" &&
                            target.find(".h") == std::string::npos;
      const bool system = begins(target, "sys/") || target == "unistd.h" || target == "fcntl.h" ||
                          target == "termios.h" || target == "csignal";
      const bool own = ours && target_room == room;
      const bool generated = target.size() > 8 && target.ends_with(".capnp.h") &&
                             std::count(layer.outside.begin(), layer.outside.end(), "capnp/") > 0;
      const bool fits = std::any_of(allowed.begin(), allowed.end(), [&](const std::string& prefix) {
        return ours ? target_room == prefix || target == prefix ||
                          (prefix.find('/') == std::string::npos && begins(target_room, prefix) &&
                           prefix != "ledger/store/rocks")
                    : begins(target, prefix);
      });
      EXPECT_TRUE(standard || own || generated || fits ||
                  (system && (begins(room, "node") || begins(room, "client") ||
                              room == "ledger/os" || room == "ledger/store/rocks")))
          << place(source, i) << room << " may not include " << target
          << "; move the code to a room that may, or change tests/tidy/layers.txt with a reason";
    }
  }
}

TEST(Layers, OnlyStoreRocksIncludesRocksDB) {
  for (const auto& source : product_sources()) {
    if (begins(source.path, "ledger/store/rocks/")) continue;
    for (size_t i = 0; i < source.lines.size(); ++i) {
      EXPECT_EQ(source.lines[i].find("#include <rocksdb/"), std::string::npos) << place(source, i);
    }
  }
}

TEST(Core, HasNoClockNoChanceNoThreadNoFile) {
  const std::regex banned(
      R"(system_clock|steady_clock|random_device|\brand\(|<thread>|<mutex>|<atomic>|<fstream>|)"
      R"(<iostream>|unordered_map|unordered_set|\bgetenv\b|<random>|\bdouble\b|\bfloat\b)");
  for (const auto& source : product_sources()) {
    if (!begins(source.path, "ledger/") || begins(source.path, "ledger/store/rocks/") ||
        begins(source.path, "ledger/order/") || begins(source.path, "ledger/os/")) {
      continue;
    }
    const bool memory =
        begins(source.path, "ledger/store/memory_store");  // Its snapshots cross threads.
    for (size_t i = 0; i < source.lines.size(); ++i) {
      const std::string code = source.lines[i].substr(0, source.lines[i].find("//"));
      std::smatch match;
      if (!std::regex_search(code, match, banned)) continue;
      if (memory && (match[0] == "<mutex>" || match[0] == "<atomic>")) continue;
      ADD_FAILURE() << place(source, i) << "the core is deterministic: no " << match[0]
                    << "; take it as an argument";
    }
  }
}

TEST(Core, NeitherThrowsNorCatches) {
  const std::regex banned(R"(\bthrow\b|\bcatch\s*\()");
  for (const auto& source : product_sources()) {
    if (!begins(source.path, "ledger/")) continue;
    for (size_t i = 0; i < source.lines.size(); ++i) {
      const std::string code = source.lines[i].substr(0, source.lines[i].find("//"));
      EXPECT_FALSE(std::regex_search(code, banned))
          << place(source, i) << "return a Result instead";
    }
  }
}

TEST(Text, LinesFitAHundredColumns) {
  for (const auto& source : all_sources()) {
    for (size_t i = 0; i < source.lines.size(); ++i) {
      EXPECT_LE(columns(source.lines[i]), 100U) << place(source, i);
    }
  }
}

// Prose alone: a table's row and what stands in a fence are as long as they must be.
TEST(Text, ProseOfTheDocumentsFitsAHundredColumns) {
  std::vector<fs::path> documents = {kRoot / "README.md", kRoot / "ledger/README.md",
                                     kRoot / "proto/README.md"};
  for (const auto& entry : fs::recursive_directory_iterator(kRoot / "docs")) {
    if (entry.path().extension() == ".md") documents.push_back(entry.path());
  }
  for (const auto& document : documents) {
    std::ifstream file(document);
    bool fenced = false;
    size_t number = 0;
    for (std::string line; std::getline(file, line);) {
      ++number;
      const std::string text = line.substr(std::min(line.find_first_not_of(' '), line.size()));
      if (begins(text, "```")) fenced = !fenced;
      if (fenced || begins(text, "|") || line.find("http") != std::string::npos) continue;
      EXPECT_LE(columns(line), 100U) << document.string() << ":" << number;
    }
    EXPECT_FALSE(fenced) << document.string() << ": a fence is open at its end";
  }
}

// Counted from the first line of its signature. A function of a class counts as one of a file: what
// stands in two columns is looked at too, and there a longer block is one of a longer function.
TEST(Text, FunctionsHaveAtMostSeventyLines) {
  constexpr size_t kLinesMax = 70;
  // Tables: one line for each rule, in the second language.
  const std::set<std::string> tables = {"client/text/rules.cc", "client/text/audit_rules.cc"};
  for (const auto& source : all_sources()) {
    if (begins(source.path, "tests/") || tables.contains(source.path)) continue;
    for (const std::string indent : {"", "  "}) {
      size_t first = 0;  // the newest line that begins in this column
      for (size_t i = 0; i < source.lines.size(); ++i) {
        const std::string& line = source.lines[i];
        if (line == indent + "}") {
          EXPECT_LE(i - first + 1, kLinesMax) << place(source, first) << "split it";
        }
        if (line.find_first_not_of(' ') == indent.size() && line[indent.size()] != '/') first = i;
      }
    }
  }
}

TEST(Text, HeadersGuardThemselvesAndOpenNoNamespace) {
  const std::regex opening(R"(^\s*using namespace )");
  for (const auto& source : all_sources()) {
    if (!source.path.ends_with(".h")) continue;
    bool guarded = false;
    for (size_t i = 0; i < source.lines.size(); ++i) {
      guarded = guarded || source.lines[i] == "#pragma once";
      EXPECT_FALSE(std::regex_search(source.lines[i], opening)) << place(source, i);
    }
    EXPECT_TRUE(guarded) << source.path << ": add #pragma once";
  }
}

// Two types of one name are one to the linker, and what is not inlined takes one's members for the
// other's. A header's types stand at the beginning of a line.
TEST(Text, ATypesNameIsThatOfOneHeaderAlone) {
  const std::regex space(R"(^namespace ([\w:]+) \{)");
  const std::regex type(R"(^(?:struct|class|enum class) (\w+)(?: final)?(?: :.*)?\s*\{)");
  std::map<std::string, std::string> headers;
  for (const auto& source : all_sources()) {
    if (!source.path.ends_with(".h")) continue;
    std::string within;
    std::smatch found;
    for (size_t i = 0; i < source.lines.size(); ++i) {
      if (std::regex_search(source.lines[i], found, space)) within = found[1];
      if (!std::regex_search(source.lines[i], found, type)) continue;
      const std::string name = within + "::" + found[1].str();
      const auto [at, first] = headers.emplace(name, source.path);
      EXPECT_TRUE(first || at->second == source.path)
          << place(source, i) << name << " is another type in " << at->second;
    }
  }
}

TEST(Text, EveryFileSaysWhatItIs) {
  for (const auto& source : all_sources()) {
    if (!source.path.ends_with(".h") || source.lines.empty()) continue;
    EXPECT_TRUE(begins(source.lines.front(), "//"))
        << source.path << ": its first line says what it is for";
  }
}

TEST(Text, NothingIsLeftForLater) {
  const std::string mark = std::string("TO") + "DO";
  for (const auto& source : all_sources()) {
    for (size_t i = 0; i < source.lines.size(); ++i) {
      EXPECT_EQ(source.lines[i].find(mark), std::string::npos) << place(source, i);
    }
  }
}

// C++, TypeScript and bash; another only for a test's client that shares nothing with us.
TEST(Text, IsOfThreeLanguages) {
  const std::set<std::string> others = {".py", ".rb", ".pl", ".java", ".go", ".rs"};
  for (const char* folder : {"ledger", "proto", "node", "client", "tests", "bench", "docs"}) {
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
      const std::string path = entry.path().string();
      if (path.find("node_modules") != std::string::npos) continue;
      if (path.find("tests/e2e/tlog_client/") != std::string::npos) continue;
      if (path.find("tests/e2e/epcis_client/") != std::string::npos) continue;
      if (path.find("tests/e2e/openapi_client/") != std::string::npos) continue;
      EXPECT_FALSE(others.contains(entry.path().extension())) << entry.path();
    }
  }
}

TEST(Build, EverySourceIsInAList) {
  std::map<std::string, std::string> lists;  // of each top folder, all lists together
  for (const char* folder : {"ledger", "proto", "node", "client", "tests", "bench"}) {
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
      if (entry.path().filename() != "CMakeLists.txt") continue;
      std::stringstream text;
      text << std::ifstream(entry.path()).rdbuf();
      lists[folder] += text.str();
    }
  }
  for (const auto& source : all_sources()) {
    if (!source.path.ends_with(".cc")) continue;
    const std::string top = source.path.substr(0, source.path.find('/'));
    EXPECT_NE(lists[top].find(fs::path(source.path).filename().string()), std::string::npos)
        << source.path << ": add it to its CMakeLists.txt, or delete it";
  }
}

// Of ours, of Asio's (asio.cc), and of what is generated.
TEST(Build, EveryUnitIsHardened) {
  const fs::path path = fs::path(SUYUAN_BUILD_DIR) / "compile_commands.json";
  if (!fs::exists(path)) GTEST_SKIP() << "the presets write " << path;
  const std::regex optimised(R"( -O[23s] )");
  std::ifstream file(path);
  size_t units = 0;
  bool asio = false;
  for (std::string line; std::getline(file, line);) {
    if (line.find("\"command\":") == std::string::npos) continue;
    ++units;
    asio = asio || line.find("suyuan_asio.dir") != std::string::npos;
    std::vector<std::string> flags = {" -fstack-protector-strong ", " -fstack-clash-protection "};
    if (std::regex_search(line, optimised)) flags.push_back(" -D_FORTIFY_SOURCE=2 ");
    for (const auto& flag : flags) {
      EXPECT_NE(line.find(flag), std::string::npos)
          << flag << "is missing, link suyuan_flags or suyuan_hardening: " << line;
    }
  }
  EXPECT_GT(units, 0U);
  EXPECT_TRUE(asio) << "no unit is of suyuan_asio";
}

}  // namespace
