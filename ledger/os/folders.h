// Folders of many public files: written one by one without waiting for the disk, then synced at
// once.
#pragma once

#include "ledger/os/files.h"

namespace suyuan {

// A reader sees the whole file or none; after a power cut it may be empty or gone, until
// sync_file_system has returned. Mode 0644; the folders above it are made (0755).
Result<Done> place_file(const std::string& path, BytesView bytes);
// All that was written to the file system of `folder` is on disk.
Result<Done> sync_file_system(const std::string& folder);
// With all that is in it; a folder that is not there is no error.
Result<Done> remove_folder(const std::string& path);

}  // namespace suyuan
