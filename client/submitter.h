// Submitter: many submissions over one connection, small ones several in a call.
#pragma once

#include <kj/async-io.h>
#include <kj/timer.h>

#include <memory>
#include <optional>
#include <vector>

#include "client/connection.h"
#include "proto/ledger.capnp.h"

namespace suyuan {

class Submitter {
 public:
  // All outlive it. `answer`: how long a call may take.
  Submitter(wire::Ledger::Client& ledger, kj::AsyncIoContext& io, kj::Duration answer)
      : ledger_(ledger), io_(io), answer_(answer) {}

  // Connection::submit_many. Throws what KJ throws; UNAVAILABLE.
  Result<Done> run(const Submissions& submissions, size_t in_flight);

 private:
  // What goes in one call; shared by the promises that wait for its answers.
  using Pack = std::shared_ptr<std::vector<Outgoing>>;
  struct Answered {
    Pack pack;
    std::vector<SubmitAnswer> answers;  // of each
  };

  static Pack next_pack(const Submissions& submissions, size_t count_max,
                        std::optional<Outgoing>& kept);
  kj::Promise<Answered> send(Pack pack);
  kj::Promise<Answered> send_later(Pack pack, kj::Duration after);
  kj::Promise<Answered> send_each(const Pack& pack);
  template <class Params, class Results>
  kj::Promise<capnp::Response<Results>> in_time(capnp::Request<Params, Results>& request);

  wire::Ledger::Client& ledger_;
  kj::AsyncIoContext& io_;
  const kj::Duration answer_;
  bool each_alone_ = false;  // the node is an earlier one, without submitMany
};

}  // namespace suyuan
