// The nodes of one ledger as each other's cosigners: each signs the trees that it made itself, with
// its own key, and a checkpoint is published with all signatures that come in time. So the thief of
// one node's log key cannot speak for k of them (docs/cluster.md).
//
// A node's signature is a cosignature (c2sp.org/tlog-cosignature, type 0x04) under the node's name
// and its key in genesis, like a witness's: a trust policy names the nodes that it requires.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "ledger/crypto/key_file.h"
#include "ledger/proof/cosignature.h"
#include "ledger/registry/genesis.h"
#include "node/pipeline/publisher.h"

namespace suyuan {

//   shown = u8 1 ‖ u8 n ‖ n * (u64 size ‖ u32 length ‖ signature line)    newest first, n to 8
//
// What a node shows the others: its line for each of its newest trees. A node that is a little
// behind the others still finds their lines.
struct ShownLine {
  uint64_t size = 0;
  std::string line;  // with its line feed
  friend bool operator==(const ShownLine&, const ShownLine&) = default;
};
using ShownLines = std::vector<ShownLine>;
inline constexpr size_t kShownLinesMax = 8;
// REQUIRES: at most kShownLinesMax.
Bytes encode_shown(const ShownLines& lines);
// Total on hostile bytes. Errors: CORRUPT.
Result<ShownLines> decode_shown(BytesView bytes);

class NodeCosigners final : public Witnesses {
 public:
  struct Parts {
    const NamedKeyPair& key;      // ours
    // The nodes in force at a tree's last leaf: they sign it, others do not.
    std::function<std::vector<NamedKey>(uint64_t leaf)> nodes;
    Clock clock;
    // Puts what we show, if anything, and reads what all nodes show, by node.
    std::function<Result<std::map<std::string, Bytes>>(const std::optional<Bytes>& ours)> show;
    std::function<std::set<std::string>()> living;  // other nodes that are alive
  };
  struct Limits {
    std::chrono::milliseconds all{2000};    // for one checkpoint
    std::chrono::milliseconds others{300};  // of it, once more than half of the nodes have signed
    std::chrono::milliseconds pause{15};  // between two reads; doubles up to 16 times this
  };
  NodeCosigners(Parts parts, const Limits& limits) : parts_(std::move(parts)), limits_(limits) {}
  explicit NodeCosigners(Parts parts) : NodeCosigners(std::move(parts), Limits{}) {}

  // Asked besides the nodes; null: nobody. Call before the first cosign().
  void ask_also(Witnesses* outside) { outside_ = outside; }

  // Returns valid lines of nodes, ours included, and of outside witnesses. Waits for more than half
  // of the nodes, and a little for other living ones, up to the limit.
  std::string cosign(const CosignRequest& request) override;

 private:
  using Lines = std::map<std::string, std::string>;  // by node, ours among them
  // What is cosigned, and by whom.
  struct Round {
    std::string text;
    uint64_t size = 0;
    std::vector<NamedKey> nodes;
    Lines lines = {};
    bool has_majority() const { return lines.size() > nodes.size() / 2; }
  };
  void collect(Round& round) const;
  void take(const std::map<std::string, Bytes>& shown, Round& round) const;
  bool is_enough(const Round& round) const;

  const Parts parts_;
  const Limits limits_;
  Witnesses* outside_ = nullptr;
  ShownLines ours_;
};

}  // namespace suyuan
