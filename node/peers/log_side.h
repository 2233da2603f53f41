// A node's ordered log, and what a shared one requires: what nodes tell each other, whose
// signatures are under a checkpoint, and what happens if two nodes disagree.
#pragma once

#include <atomic>
#include <memory>

#include "ledger/order/etcd/etcd_order.h"
#include "node/options.h"
#include "node/peers/members.h"
#include "node/peers/node_cosigners.h"
#include "node/peers/peer_desk.h"
#include "node/peers/peers.h"
#include "node/peers/store_desk.h"
#include "node/pipeline/held_order.h"
#include "node/pipeline/receipts.h"
#include "node/pipeline/wrap_order.h"

namespace suyuan {

// Why a node whose last group on disk is `followed` is not ready, where the log is known to end at
// `tail`; empty: it is. Until it has caught up, it answers from an older state, and posts late.
std::string lags_behind(uint64_t followed, uint64_t tail);

class LogSide {
 public:
  struct Parts {
    std::string data;
    const Store& store;
    // Links the store's files, as of now, into a folder that does not exist yet.
    std::function<Result<Done>(const std::string& folder)> link_store;
    const PublishedState& published;
    const ReceiptSigner& signer;
    Clock clock;
    Workers& workers;
    Genesis genesis;
    std::vector<RulesState> rules;  // what the store holds of them (Members::read)
    // Called on threads of the log, from Order::follow on.
    DecodeProposal decode;
    std::function<void()> order_seal;
    // The ledger differs from most nodes', or this is no longer one of its nodes: nothing more may
    // be served.
    std::function<void(const Error&)> on_alone;
    WrapOrder wrap_order = {};  // null, except in benchmarks
  };
  // `kv` null: the log belongs to this node only.
  LogSide(Parts parts, const OrderOptions& options, std::unique_ptr<Kv> kv);
  ~LogSide();
  LogSide(const LogSide&) = delete;
  LogSide& operator=(const LogSide&) = delete;

  HeldOrder& order() { return *order_; }
  // Sequencer thread only: a notice is committed.
  void rules_changed(RulesState rules);
  // How much longer than its leader this node waits for a seal; null: no other node orders seals.
  std::function<std::chrono::milliseconds()> seal_patience() const;
  // How far a time of the log is behind our clock, in ms; null: the log's clock is ours.
  std::function<int64_t(int64_t log_time_ms)> behind() const;
  // This node's own line under a checkpoint; null: it is the only node.
  std::function<std::string(const Checkpoint&)> own_line() const;
  // The cosigners: `outside` (null: none), and, if there are other nodes, those.
  Witnesses* witnesses(Witnesses* outside);
  // A request of another node: accepted here, if there are other nodes.
  bool takes(const http::Request& request) const {
    return desk_ && (PeerDesk::is_ours(request) || StoreDesk::is_ours(request));
  }
  void handle(const http::Request& request, http::Reply reply);
  // Removes what another node no longer takes of the store. On a worker, every few seconds.
  void sweep_given_store();
  // In a shared log: why posts are better sent to another node now: a submission would be answered
  // BUSY, or this node is far behind the log; empty: for no reason.
  std::string not_ready() const;
  // The ledger's nodes after everything that is committed.
  std::vector<NamedKey> nodes() const { return members_.nodes(); }
  // The address at which others can reach this node; empty: none.
  void listens_at(const std::string& url);
  std::vector<prometheus::MetricFamily> families() const;
  bool has_diverged() const { return has_diverged_; }

 private:
  std::unique_ptr<Order> make_order(const OrderOptions& options, std::unique_ptr<Kv> kv);
  std::unique_ptr<HeldOrder> held(std::unique_ptr<Order> order) const;
  Result<Done> check_turn() const;
  bool is_member() const;
  void heard(const std::map<std::string, Bytes>& notes);
  void tell_standing_time();
  void tell_full(const KvStatus& status);
  void on_divergence(const Divergence& found);

  const Parts parts_;
  const std::string log_;  // its name in etcd
  Members members_;
  Peers peers_;
  EtcdOrder* shared_ = nullptr;  // the order, where other nodes share it
  std::unique_ptr<HeldOrder> order_;
  std::optional<NodeCosigners> cosigners_;  // where it is shared
  std::optional<PeerDesk> desk_;            // the same
  std::optional<StoreDesk> store_desk_;     // the same
  std::optional<int64_t> sealed_again_ms_;  // of the pulse's thread
  uint32_t time_stood_ = 0;                 // the same: pulses without a majority's clocks
  bool etcd_is_full_ = false;               // the same
  std::atomic<bool> has_diverged_ = false;
};

}  // namespace suyuan
