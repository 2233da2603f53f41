// Submitter: posts many submissions over one connection, several small ones in a call.
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
  // The arguments must outlive it. `answer`: time limit of one call.
  Submitter(wire::Ledger::Client& ledger, kj::AsyncIoContext& io, kj::Duration answer)
      : ledger_(ledger), io_(io), answer_(answer) {}

  // Implements Connection::submit_many. Throws KJ exceptions.
  // Errors: UNAVAILABLE.
  Result<Done> run(const Submissions& submissions, size_t in_flight);

 private:
  // The submissions of one call, shared by the promises that wait for its answers.
  using Pack = std::shared_ptr<std::vector<Outgoing>>;
  struct Answered {
    Pack pack;
    std::vector<SubmitAnswer> answers;  // one for each submission
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
  bool each_alone_ = false;  // an older node without submitMany: one submission in a call
};

}  // namespace suyuan
