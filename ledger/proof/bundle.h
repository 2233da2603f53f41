// The provenance bundle as a value (docs/bundle.md): what proto/json reads and writes, what
// make_bundle makes, what verify_bundle judges. Holding one says nothing about its truth.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/limits.h"

namespace suyuan {

// A leaf's data with its path to the checkpoint's root.
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

// A chain that is too long to carry: that it exists is proven, and how long it is.
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
