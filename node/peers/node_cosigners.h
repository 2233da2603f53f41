// The nodes of one ledger as each other's cosigners: each signs the trees that it made itself, by
// its own key, and a checkpoint goes out with the signatures of all that are there in time. So who
// took the log's key from one node cannot speak for k of them (docs/cluster.md).
//
// A node's signature is a cosignature (c2sp.org/tlog-cosignature, type 0x04) under the node's name
// and genesis' key of it, as of any witness: a trust policy names the nodes it asks for.
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
// What a node shows the others: a line of its own for each of its newest trees. One that is a
// little behind the others finds theirs all the same.
struct ShownLine {
  uint64_t size = 0;
  std::string line;  // with its line feed
  friend bool operator==(const ShownLine&, const ShownLine&) = default;
};
using ShownLines = std::vector<ShownLine>;
inline constexpr size_t kShownLinesMax = 8;
// REQUIRES: at most kShownLinesMax.
Bytes encode_shown(const ShownLines& lines);
// Total on hostile bytes. CORRUPT.
Result<ShownLines> decode_shown(BytesView bytes);

class NodeCosigners final : public Witnesses {
 public:
  struct Parts {
    const NamedKeyPair& key;      // ours
    // Those in force at a tree's last leaf: they sign it, others do not.
    std::function<std::vector<NamedKey>(uint64_t leaf)> nodes;
    Clock clock;
    // Puts what we show, where there is something, and reads what all show, by node.
    std::function<Result<std::map<std::string, Bytes>>(const std::optional<Bytes>& ours)> show;
    std::function<std::set<std::string>()> living;  // other nodes that are heard at present
  };
  struct Limits {
    std::chrono::milliseconds all{2000};    // for one checkpoint
    std::chrono::milliseconds others{300};  // of it, once more than half of the nodes are there
    std::chrono::milliseconds pause{15};  // between two looks, doubling up to 16 times of it
  };
  NodeCosigners(Parts parts, const Limits& limits) : parts_(std::move(parts)), limits_(limits) {}
  explicit NodeCosigners(Parts parts) : NodeCosigners(std::move(parts), Limits{}) {}

  // Who is asked beside the nodes; null: nobody. Before the first cosign().
  void ask_also(Witnesses* outside) { outside_ = outside; }

  // Lines of nodes that verify, ours among them, and of those outside. Waits for more than half of
  // the nodes, and a little for the others that are heard, up to the limit.
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
