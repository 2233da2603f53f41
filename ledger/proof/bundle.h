// The provenance bundle as a value (docs/bundle.md): proto/json reads and writes it, make_bundle
// makes it, verify_bundle judges it. An unverified Bundle may contain anything.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/limits.h"

namespace suyuan {

// A leaf's data, and its path to the checkpoint's root.
struct ProvenLeaf {
  Bytes data;
  std::vector<Hash> path;
  friend bool operator==(const ProvenLeaf&, const ProvenLeaf&) = default;
};

struct BundleLeaf {
  uint64_t index = 0;
  ProvenLeaf leaf;
  friend bool operator==(const BundleLeaf&, const BundleLeaf&) = default;
};

struct BundlePayload {
  Salt salt;
  Bytes bytes;
  friend bool operator==(const BundlePayload&, const BundlePayload&) = default;
};

struct BundleEvent {
  uint64_t leaf = 0;
  uint64_t event = 0;
  Bytes record;
  std::vector<Hash> path;                 // to the root in the batch's note
  std::optional<BundlePayload> payload;   // nullopt: withheld
  friend bool operator==(const BundleEvent&, const BundleEvent&) = default;
};

struct BundleChain {
  std::string code;
  Bytes proof;  // of the chain map
  friend bool operator==(const BundleChain&, const BundleChain&) = default;
};

// A chain that is too long to include. Proves its existence and length only.
struct BundleCut {
  std::string code;
  uint64_t count = 0;
  Hash link;
  Bytes proof;
  friend bool operator==(const BundleCut&, const BundleCut&) = default;
};

struct Bundle {
  std::string code;
  std::string checkpoint;
  ProvenLeaf genesis;
  ProvenLeaf seal;
  std::vector<BundleLeaf> leaves;    // ascending by index
  std::vector<BundleEvent> events;   // ascending by (leaf, event)
  std::vector<BundleChain> chains;   // ascending by code
  std::vector<BundleCut> cuts;       // ascending by code, none of them in chains
  friend bool operator==(const Bundle&, const Bundle&) = default;
};

}  // namespace suyuan
