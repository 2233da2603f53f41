// A node's data directory as a source of an audit. The one place in the client that opens a node's
// store: an inspector who is given the directory needs no node to look into it.
#pragma once

#include <memory>

#include "client/audit/log_reader.h"
#include "ledger/merkle/proof.h"
#include "ledger/store/store.h"

namespace suyuan {

class NodeFolder {
 public:
  virtual ~NodeFolder() = default;
  // The log as of the newest checkpoint. The folder outlives it.
  virtual OpenLog log() const = 0;
  virtual const Reader& store() const = 0;
  // Of all its files. CORRUPT, IO.
  virtual Result<Done> scrub() const = 0;
  // The highest tree that a checkpoint was signed for; nullopt: none, or there is no such file.
  virtual const std::optional<TreeHead>& watermark() const = 0;
  // The newest tree that receipts were given of; nullopt: none, or no such file that can be read,
  // as after a power cut.
  virtual const std::optional<TreeHead>& acknowledged() const = 0;
  virtual uint64_t leaves() const = 0;  // in the store, those behind the checkpoint with them
};

bool is_node_folder(const std::string& path);
// Nothing is written but the store's lock. BUSY: a node runs on it. NOT_FOUND: no store, or no
// checkpoint yet. CORRUPT, IO, STORE_TOO_NEW.
Result<std::unique_ptr<NodeFolder>> open_node_folder(const std::string& path);

}  // namespace suyuan
