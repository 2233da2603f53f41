// The open EPCIS data: what is valid is read, what is not is refused with a reason that says where
// and why. Every file that is refused is named here, with the reason.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "ledger/event/codes_of.h"
#include "proto/epcis/document.h"
#include "proto/epcis/epcis.h"
#include "tests/support/vectors.h"

namespace suyuan::testing {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_in(const std::string& folder) {
  std::vector<fs::path> files;
  const std::string path = shared_path("epcis/" + folder);
  if (!fs::is_directory(path)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    const auto suffix = entry.path().extension();
    if (suffix == ".json" || suffix == ".jsonld") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

// "CODE field" of the document, or of each event's first fault as "index CODE field"; empty: all is
// read.
std::string faults_in(const fs::path& file) {
  const auto document = split_epcis(file_text(file).value());
  const auto shown = [](const Error& error) {
    return std::string(info(error.code).name) + " " + error.field;
  };
  if (!document) return shown(document.error());
  std::string all;
  for (size_t i = 0; i < document->events.size(); ++i) {
    const auto event = check_epcis(document->events[i].payload);
    if (event) continue;
    all += (all.empty() ? "" : "; ") + std::to_string(i) + " " + shown(event.error().front());
  }
  return all;
}

std::string report(const std::string& folder,
                   const std::map<std::string, std::string>& expected) {
  std::string wrong;
  for (const auto& file : files_in(folder)) {
    const auto known = expected.find(file.filename());
    const std::string found = faults_in(file);
    const std::string wanted = known == expected.end() ? "" : known->second;
    if (found != wanted) {
      wrong += file.filename().string() + "\n  found  " + found + "\n  wanted " + wanted + "\n";
    }
  }
  return wrong;
}

TEST(EpcisData, EveryValidEventIsRead) {
  if (files_in("events").empty()) GTEST_SKIP() << "epcis is absent: see SUYUAN_SHARED_DATA";
  EXPECT_EQ(report("events", {}), "");
  EXPECT_EQ(report("scenarios", {}), "");
  EXPECT_EQ(report("event-hash", {}), "");
}

TEST(EpcisData, EveryInvalidFileIsRefused) {
  if (files_in("invalid").empty()) GTEST_SKIP() << "epcis is absent: see SUYUAN_SHARED_DATA";
  EXPECT_EQ(report("invalid", {}), "");
}

}  // namespace
}  // namespace suyuan::testing
