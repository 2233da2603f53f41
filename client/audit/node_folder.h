// A node's data directory as the source of an audit. Only this file of the client opens a node's
// store: an inspector who has the directory needs no node.
#pragma once

#include <memory>

#include "client/audit/log_reader.h"
#include "ledger/merkle/proof.h"
#include "ledger/store/store.h"

namespace suyuan {

class NodeFolder {
 public:
  virtual ~NodeFolder() = default;
  // Opens the log as of the newest checkpoint. The folder must outlive it.
  virtual OpenLog log() const = 0;
  virtual const Reader& store() const = 0;
  // Reads and checks all files of the store.
  // Errors: CORRUPT, IO.
  virtual Result<Done> scrub() const = 0;
  // Returns the highest tree that a checkpoint was signed for; nullopt if there is none, or no such
  // file.
  virtual const std::optional<TreeHead>& watermark() const = 0;
  // Returns the newest tree that receipts were given for; nullopt if there is none, or no readable
  // file (a power cut can cause that).
  virtual const std::optional<TreeHead>& acknowledged() const = 0;
  virtual uint64_t leaves() const = 0;  // in the store, including those after the checkpoint
};

bool is_node_folder(const std::string& path);
// Opens the folder. Writes nothing except the store's lock.
// Errors: BUSY (a node runs on it), NOT_FOUND (no store, or no checkpoint yet), CORRUPT, IO,
// STORE_TOO_NEW.
Result<std::unique_ptr<NodeFolder>> open_node_folder(const std::string& path);

}  // namespace suyuan
