// Folders of many public files: written one by one without waiting for the disk, then synced
// together.
#pragma once

#include "ledger/os/files.h"

namespace suyuan {

// Writes a file: readers see all of it or none. After a power cut it may be empty or gone, until
// sync_file_system has returned. Mode 0644; missing parent folders are made (0755).
Result<Done> place_file(const std::string& path, BytesView bytes);
// Syncs the file system of `folder`: everything written to it is on disk.
Result<Done> sync_file_system(const std::string& folder);
// Removes the folder and its contents. A missing folder is not an error. A kill meanwhile leaves
// some of them.
Result<Done> remove_folder(const std::string& path);
// The same for a folder that is used again under its name: it is whole there, or gone. A kill
// meanwhile leaves the rest in `path`.old, which the next call removes, or remove_leftover.
Result<Done> clear_folder(const std::string& path);
Result<Done> remove_leftover(const std::string& path);

}  // namespace suyuan
