// The open EPCIS data: what the standard's schema calls valid is read, what it calls invalid is
// refused with a reason that says where and why.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "ledger/event/codes_of.h"
#include "proto/epcis/document.h"
#include "proto/epcis/epcis.h"
#include "tests/support/vectors.h"

namespace suyuan {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_in(const std::string& folder) {
  std::vector<fs::path> files;
  const std::string path = testing::shared_path("epcis/" + folder);
  if (!fs::is_directory(path)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    const auto suffix = entry.path().extension();
    if (suffix == ".json" || suffix == ".jsonld") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

TEST(Dump, All) {
  for (const char* folder : {"events", "scenarios", "event-hash", "invalid", "query"}) {
    for (const auto& file : files_in(folder)) {
      const auto text = testing::file_text(file).value();
      const auto split = split_epcis(text);
      if (!split) {
        std::cout << folder << " " << file.filename() << " DOC " << to_text(split.error()) << "\n";
        continue;
      }
      for (const auto& event : split->events) {
        const auto read = check_epcis(event.payload);
        std::cout << folder << " " << file.filename() << " " << event.pointer << " ";
        if (read) {
          std::cout << "OK " << word(read->kind) << " " << read->step << " " << codes_of(*read).size();
        } else {
          for (const auto& error : read.error()) std::cout << "\n     " << to_text(error);
        }
        std::cout << "\n";
      }
    }
  }
}

}  // namespace
}  // namespace suyuan
