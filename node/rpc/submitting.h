// What comes in to be written, over RPC: bounded, handed to the node's Service, and answered.
#pragma once

#include <kj/async.h>
#include <memory>
#include <string>
#include <vector>

#include "node/rpc/charge.h"
#include "node/rpc/mailbox.h"
#include "node/service.h"
#include "proto/ledger.capnp.h"

namespace suyuan {

// Of one submitMany call (proto/ledger.capnp). The answers of as many bytes fit into a message.
inline constexpr size_t kSubmissionsOfCallMax = 256;
inline constexpr size_t kBytesOfCallMax = 2 << 20;

using SubmitAnswers = std::vector<SubmitAnswer>;

// One for all connections. Lives on the network thread.
class Submitting {
 public:
  // Where submissions of more than `bytes_max` bytes, of all connections, wait for their answers,
  // the next gets BUSY.
  Submitting(Service& service, std::shared_ptr<Mailbox> mailbox, size_t bytes_max)
      : service_(service), mailbox_(std::move(mailbox)), bytes_max_(bytes_max) {}

  // The answers to the submissions of one call, `bytes` together, from `client` (node/quotas.h): in
  // their order, once all are there. What is sent is read before it returns.
  kj::Promise<SubmitAnswers> submit(const std::vector<wire::Submission::Reader>& sent, size_t bytes,
                                    const std::string& client);
  // The same of a notice, which is one.
  kj::Promise<SubmitAnswers> submit_notice(std::string note, const std::string& client);

 private:
  class Call;

  Service& service_;
  const std::shared_ptr<Mailbox> mailbox_;
  const size_t bytes_max_;
  const Charge::Total bytes_ = std::make_shared<std::atomic<size_t>>(0);
};

}  // namespace suyuan
