// A folder for one test.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "ledger/base/check.h"

namespace suyuan::testing {

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "suyuan-XXXXXX").string();
    SUYUAN_CHECK(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace suyuan::testing
