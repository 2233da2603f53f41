// suyuan-node init: makes a ledger: keys, genesis, the store with leaf 0. key and join: the same
// for a further node of it.
#pragma once

#include <string>
#include <vector>

#include "ledger/registry/genesis.h"
#include "node/options.h"

namespace suyuan {

inline constexpr size_t kKeyFileBytesMax = 4096;

// Where everything lies in a node's data folder.
struct DataFolder {
  std::string path;
  std::string store() const { return path + "/store"; }
  std::string genesis() const { return path + "/genesis.leaf"; }  // public: what a client pins
  // The newest rules notice that somebody laid there, for a node that joins
  // (node/peers/known_rules.h).
  std::string rules() const { return path + "/rules.note"; }
  std::string policy() const { return path + "/policy"; }  // public: a beginning, without witnesses
  std::string scans() const { return path + "/scans"; }  // node/scans/desk.h
  std::string scan_rows() const { return scans() + "/rows"; }
  std::string scan_salts() const { return scans() + "/salts"; }
  std::string watermark() const { return path + "/watermark"; }  // node/ops/watermark.h
  std::string access() const { return path + "/access"; }  // node/access/access_log.h
  std::string restored() const { return path + "/restored"; }  // node/backup/restored_mark.h
  std::string acknowledged() const { return path + "/acknowledged"; }  // node/ops/acknowledged.h
  std::string gateway() const { return path + "/gateway"; }          // node/epcis/gateway.h
  std::string epcis_index() const { return path + "/epcis/index"; }  // can be made again
  std::string epcis_state() const { return path + "/epcis/state"; }  // jobs, named queries
  std::string log_key() const { return path + "/keys/log.key"; }
  std::string node_key() const { return path + "/keys/node.key"; }
  std::string authority_key(std::string_view name) const {
    return path + "/keys/" + std::string(name) + ".key";
  }
};

struct Initialised {
  LedgerId ledger;
  Genesis genesis;
  std::vector<std::string> authority_key_files;  // of authorities that were made here
  bool begun_again = false;  // an init before had been interrupted: what it made was taken away
};

// Whole, or nothing that serves (init_mark.h); after an interruption at any point it can be run
// again. INVALID_FIELD, IO.
Result<Initialised> init_ledger(const InitOptions& options, int64_t now_ms);

// Makes a node's key, for a genesis that another node makes. INVALID_FIELD, IO.
Result<NamedKey> make_node_key(const KeyOptions& options);

// The folder of make_node_key becomes a node of the ledger: its genesis, the log's key, a store
// with leaf 0, which grows by what the ordered log holds. As whole as init_ledger. INVALID_FIELD:
// neither genesis nor the notice given names the folder's key, or not this log key; what a notice
// is refused for; IO.
Result<LedgerId> join_ledger(const JoinOptions& options);

}  // namespace suyuan
