// The witnesses of the node's policy: each new checkpoint is shown to all of them at once, and what
// they sign is checked before it is attached (c2sp.org/tlog-witness).
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/proof/policy.h"
#include "node/peers/http_link.h"
#include "node/pipeline/publisher.h"

namespace suyuan {

// What a witness says about our tree.
struct WitnessHeard {
  std::string witness;
  bool answered = false;     // with a size, or by saying that it knows another tree
  bool contradicts = false;  // it knows another tree
  uint64_t size = 0;         // the size that it has cosigned
  std::string failure = {};  // why it did not answer
};

class HttpWitnesses final : public Witnesses {
 public:
  struct Limits {
    std::chrono::milliseconds all{2000};  // for one checkpoint, all witnesses together
    std::chrono::milliseconds one{1500};  // for one exchange with one of them
    size_t answer_bytes_max = 16 << 10;
  };
  // `ca_file`: authorities of HTTPS certificates (PEM), instead of the system's. Errors:
  // INVALID_FIELD (a witness without a URL that we can ask; no certificates in the file), NOT_FOUND
  // (no such file), TOO_LARGE, IO.
  static Result<std::unique_ptr<HttpWitnesses>> make(const Policy& policy, const Limits& limits,
                                                     const std::string& ca_file = {});
  static Result<std::unique_ptr<HttpWitnesses>> make(const Policy& policy) {
    return make(policy, Limits{});
  }
  ~HttpWitnesses() override;
  // `metrics` must outlive the last cosign(). Call before the first.
  void count_in(Metrics& metrics) { metrics_ = &metrics; }

  std::string cosign(const CosignRequest& request) override;
  // Shows all of them a checkpoint that was published earlier, to learn how far each has come.
  // Bounded like cosign().
  std::vector<WitnessHeard> ask(const CosignRequest& request);

 private:
  struct Asked;
  struct Peer {
    PolicyWitness witness;
    LinkUrl url;
    uint64_t size = 0;    // that it last cosigned, as far as known
    std::string failure;  // why it did not cosign the last checkpoint; empty: it did
  };
  HttpWitnesses(std::vector<Peer> peers, const Limits& limits);
  std::vector<Asked> show(const CosignRequest& request);
  void wait_for_names();

  std::vector<Peer> peers_;
  LinkNames names_;
  std::shared_ptr<boost::asio::ssl::context> trust_;  // null: no witness speaks TLS
  Metrics* metrics_ = nullptr;
  const Limits limits_;
};

}  // namespace suyuan
