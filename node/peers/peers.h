// Peers: what the nodes of one ledger tell each other next to the log: how far each is on disk, and
// the newest checkpoint that it signed. So each node notices if another has a different ledger.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "ledger/registry/genesis.h"
#include "ledger/store/store.h"
#include "node/clock.h"
#include "node/pipeline/published.h"

namespace suyuan {

//   note = u8 1 ‖ i64 time ms ‖ u64 position ‖ u32 length ‖ checkpoint
//
// Signed with the rest of what the node told (ledger/order/etcd/group.h). A false position can keep
// the log longer, or make a returning node fetch a store; it changes nothing.
struct PeerNote {
  int64_t time_ms = 0;
  uint64_t position = 0;   // of the last group on disk
  std::string checkpoint;  // empty: none is published yet
  friend bool operator==(const PeerNote&, const PeerNote&) = default;
};
Bytes encode_peer_note(const PeerNote& note);
Result<PeerNote> decode_peer_note(BytesView bytes);

// Two checkpoints of one size with two roots, or a peer's root and our own log's root at that size.
struct Divergence {
  std::string peer;
  uint64_t size = 0;
  Hash ours;
  std::string checkpoint;      // the peer's, signed with its own key
  std::string own_checkpoint;  // of the same size, if we published one; else the newest
  bool minority = false;       // another root has at least as many nodes as ours: we stop
};

struct PeerView {
  PeerNote note;
  int64_t heard_ms = 0;  // by our clock, when it last said something new
  uint32_t unchanged = 0;  // pulses since then: shows who is alive, whatever the clocks say
  // Its newest checkpoint that could be compared with our log; nullopt: none yet.
  std::optional<bool> agrees = std::nullopt;
};

class Peers {
 public:
  struct Parts {
    const Store& store;
    const PublishedState& published;
    Clock clock;
    std::string name;    // ours
    std::string origin;  // of the ledger
    std::function<std::vector<NamedKey>()> nodes;  // in force
    std::function<void(uint64_t)> trim;  // the log, up to a position
    // Called once for each checkpoint of a peer, and again if we turn out to have no majority. On
    // the pulse's thread.
    std::function<void(const Divergence&)> on_divergence;
  };
  explicit Peers(Parts parts) : parts_(std::move(parts)) {}

  // On the pulse's thread.
  Bytes note() const;
  void heard(const std::map<std::string, Bytes>& notes);

  std::map<std::string, PeerView> view() const;
  // The nodes heard within the last seconds.
  std::set<std::string> living() const;
  // BUSY: our clock is far ahead of all living nodes', so nothing is proposed by it. Thread-safe.
  Result<Done> check_clock() const;

 private:
  void forget_others(const std::vector<NamedKey>& nodes);
  void compare(const NamedKey& peer);
  void set_agrees(const std::string& peer, bool agrees);
  Divergence divergence(const NamedKey& peer, const std::string& checkpoint, uint64_t size,
                        const Hash& ours) const;
  void judge();
  void trim();
  uint64_t erased_before(uint64_t least);

  const Parts parts_;
  // For the pulse's thread, by peer: the checkpoint last compared, its differences from our log,
  // and which of those were reported.
  std::map<std::string, std::string> compared_;
  std::map<std::string, Divergence> diverged_;
  std::set<std::string> reported_;
  bool is_alone_ = false;
  std::optional<int64_t> undecided_ms_;  // since when a living node has published nothing
  std::deque<uint64_t> erasures_;        // groups that erased something, newest last
  mutable std::mutex mutex_;  // guards views_, which metrics read
  std::map<std::string, PeerView> views_;
};

}  // namespace suyuan
