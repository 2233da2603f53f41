// DataFolder: where everything is in a node's data folder.
#pragma once

#include <string>
#include <string_view>

namespace suyuan {

struct DataFolder {
  std::string path;
  std::string store() const { return path + "/store"; }
  std::string genesis() const { return path + "/genesis.leaf"; }  // public: what a client pins
  // The newest rules notice placed there, for a node that joins (node/peers/known_rules.h).
  std::string rules() const { return path + "/rules.note"; }
  std::string policy() const { return path + "/policy"; }  // public: a beginning, without witnesses
  std::string scans() const { return path + "/scans"; }  // node/scans/desk.h
  std::string scan_rows() const { return scans() + "/rows"; }
  std::string scan_salts() const { return scans() + "/salts"; }
  std::string watermark() const { return path + "/watermark"; }  // node/ops/watermark.h
  std::string access() const { return path + "/access"; }  // node/access/access_log.h
  std::string restored() const { return path + "/restored"; }  // node/folder/restored_mark.h
  std::string taken_store() const { return path + "/store.taken"; }  // node/backup/take_store.h
  std::string given_store() const { return path + "/peer.view"; }  // node/peers/store_desk.h
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

}  // namespace suyuan
