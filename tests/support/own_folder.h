// A folder for one test below the system's temporary one, removed by its maker. A test that was
// killed cannot remove its folder, so the next test of its kind does.
#pragma once

#include <cstdlib>

#include <chrono>
#include <filesystem>
#include <string>

#include "ledger/base/check.h"

namespace suyuan::test {

// After this time nobody needs what a failed test left, and no run lasts that long.
inline constexpr std::chrono::hours kLeftFolderLasts{24 * 7};

// `what`: a word that identifies the test.
inline std::string make_own_folder(const std::string& what) {
  namespace fs = std::filesystem;
  const fs::path parent = fs::temp_directory_path();
  const std::string start = "suyuan-" + what + "-";
  const auto old = fs::file_time_type::clock::now() - kLeftFolderLasts;
  std::error_code ignored;  // another test may be sweeping, or another user owns it
  for (const auto& one : fs::directory_iterator(parent, ignored)) {
    if (!one.path().filename().string().starts_with(start)) continue;
    const auto time = fs::last_write_time(one.path(), ignored);
    if (!ignored && time < old) fs::remove_all(one.path(), ignored);
  }
  std::string pattern = (parent / (start + "XXXXXX")).string();
  SUYUAN_CHECK(::mkdtemp(pattern.data()) != nullptr);
  return pattern;
}

}  // namespace suyuan::test
