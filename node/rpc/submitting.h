// Submissions over RPC: bounds them, hands them to the node's Service, and answers.
#pragma once

#include <kj/async.h>
#include <memory>
#include <string>
#include <vector>

#include "node/rpc/mailbox.h"
#include "node/service.h"
#include "proto/ledger.capnp.h"

namespace suyuan {

// Maximum of one submitMany call (proto/ledger.capnp). The answers to that many fit in one message.
inline constexpr size_t kSubmissionsOfCallMax = 256;
inline constexpr size_t kBytesOfCallMax = 2 << 20;

using SubmitAnswers = std::vector<SubmitAnswer>;

// One for all connections. Network thread only.
class Submitting {
 public:
  Submitting(Service& service, std::shared_ptr<Mailbox> mailbox)
      : service_(service), mailbox_(std::move(mailbox)) {}

  // Returns the answers to the submissions of one call, from `client` (node/access/clients.h): in
  // their order, once all are there. The input is read before it returns.
  kj::Promise<SubmitAnswers> submit(const std::vector<wire::Submission::Reader>& sent,
                                    const std::string& client);
  // As above, for one notice.
  kj::Promise<SubmitAnswers> submit_notice(std::string note, const std::string& client);

 private:
  class Call;

  Service& service_;
  const std::shared_ptr<Mailbox> mailbox_;
};

}  // namespace suyuan
