// A folder for one test under the system's temporary one. Whoever makes it takes it away; a test
// that was killed, or ended itself, cannot, so whoever makes the next of its kind does.
#pragma once

#include <cstdlib>

#include <chrono>
#include <filesystem>
#include <string>

#include "ledger/base/check.h"

namespace suyuan::test {

// Nobody looks at what a failed test left any more, and no run lasts so long.
inline constexpr std::chrono::hours kLeftFolderLasts{24 * 7};

// `what`: one word of the test's own.
inline std::string make_own_folder(const std::string& what) {
  namespace fs = std::filesystem;
  const fs::path parent = fs::temp_directory_path();
  const std::string start = "suyuan-" + what + "-";
  const auto old = fs::file_time_type::clock::now() - kLeftFolderLasts;
  std::error_code ignored;  // another test may be sweeping, or it is another user's
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
