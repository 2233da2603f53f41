// Senders: threads that ask etcd, so that several requests can be under way: a call of Kv waits for
// its answer.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "ledger/order/etcd/kv.h"

namespace suyuan {

class Senders {
 public:
  using Ask = std::function<Result<KvAnswer>(const KvTxn&)>;
  using Answered = std::function<void(uint64_t sending, Result<KvAnswer>)>;
  // Starts the threads: `count` of them. `answered` is called on one of them.
  Senders(size_t count, Ask ask, Answered answered);
  // Waits for what has been sent; what has not been is dropped.
  ~Senders();
  Senders(const Senders&) = delete;
  Senders& operator=(const Senders&) = delete;

  // Requests begin in the order of these calls. Never waits. One thread calls it, with few more
  // requests under way than there are flights: what is void is still answered.
  void send(uint64_t sending, KvTxn txn);

 private:
  struct Request {
    uint64_t sending;
    KvTxn txn;
  };
  void run();

  const Ask ask_;
  const Answered answered_;
  std::mutex mutex_;  // guards all below except the threads
  std::condition_variable moved_;
  std::deque<Request> requests_;
  bool ended_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace suyuan
