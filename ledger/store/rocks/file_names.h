// The files in a RocksDB folder, by name: which of them a copy of its rows needs.
#pragma once

#include <string_view>

namespace suyuan {

// Files of whoever has, or had, the folder open. No row is in them, and opening a copy makes them
// again. Out of a copy are therefore:
//   LOCK           held while the folder is open; empty
//   LOG, LOG.old*  warnings of this run and of earlier ones (info_log.h); LOG may grow meanwhile
//   IDENTITY       a random name, which nothing of ours reads
//   <name>.dbtmp   a file half written, before it is renamed
// Everything else is in, also under a name not known here: CURRENT and MANIFEST-<n> say which files
// the store consists of, OPTIONS-<n> how it was opened; <n>.sst and <n>.blob have the rows, <n>.log
// those that are not in tables yet.
inline bool is_file_of_a_process(std::string_view name) {
  return name == "LOCK" || name == "LOG" || name.starts_with("LOG.old") || name == "IDENTITY" ||
         name.ends_with(".dbtmp");
}

}  // namespace suyuan
