// What comes in to be written, over RPC: bounded, handed to the node's Service, and answered.
#pragma once

#include <kj/async.h>
#include <memory>
#include <string>
#include <vector>

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
  Submitting(Service& service, std::shared_ptr<Mailbox> mailbox)
      : service_(service), mailbox_(std::move(mailbox)) {}

  // The answers to the submissions of one call, from `client` (node/access/quotas.h): in their
  // order, once all are there. What is sent is read before it returns.
  kj::Promise<SubmitAnswers> submit(const std::vector<wire::Submission::Reader>& sent,
                                    const std::string& client);
  // The same of a notice, which is one.
  kj::Promise<SubmitAnswers> submit_notice(std::string note, const std::string& client);

 private:
  class Call;

  Service& service_;
  const std::shared_ptr<Mailbox> mailbox_;
};

}  // namespace suyuan
