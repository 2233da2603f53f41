// Upkeep: what a serving node does besides its work to stay whole: old scans are removed, backups
// are made, the data on disk is read again, and disk space is monitored.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>

#include "ledger/store/rocks/rocks_store.h"
#include "node/backup/view.h"
#include "node/ops/disk.h"
#include "node/options.h"
#include "node/pipeline/held_order.h"
#include "node/service.h"
#include "node/upkeep/file_purge.h"
#include "node/upkeep/memory.h"
#include "node/upkeep/scrub.h"

namespace suyuan {

class Upkeep {
 public:
  struct Parts {
    boost::asio::io_context& io;
    RocksStore& store;
    Service& service;
    HeldOrder& order;
    std::function<Result<Done>(const std::string& folder)> link_epcis_state;  // null: there is none
    std::function<void()> sweep;  // on a worker, every few seconds
  };
  // Network thread only, before it runs. Errors: IO.
  static Result<std::unique_ptr<Upkeep>> start(Parts parts, const ServeOptions& options);
  ~Upkeep();
  Upkeep(const Upkeep&) = delete;
  Upkeep& operator=(const Upkeep&) = delete;

  // Network thread only: nothing more begins.
  void stop();

 private:
  Upkeep(Parts parts, const ServeOptions& options);
  void sweep_scans();
  void watch_disk();
  void watch_memory();
  Result<Done> settle_files() const;
  Result<Done> link_all(const std::string& folder) const;

  const Parts parts_;
  const std::string data_;
  boost::asio::steady_timer sweep_timer_;
  boost::asio::steady_timer disk_timer_;
  boost::asio::steady_timer memory_timer_;
  struct Giving {
    std::atomic<bool> at_work = false;
    GivingBack rule;  // of the worker that does it
    // From the last measurement. /metrics shows these values and never measures itself: measuring
    // blocks threads that allocate, and anyone may ask for /metrics.
    std::atomic<uint64_t> resident = 0;
    std::atomic<uint64_t> allocated = 0;
    void seen(const MemoryUse& use) {
      resident = use.resident;
      allocated = use.allocated;
    }
  };
  const std::shared_ptr<Giving> giving_ = std::make_shared<Giving>();  // also a worker's
  DiskRoom room_;
  std::unique_ptr<Scrub> scrub_;  // null: it is off
  bool stopping_ = false;
  std::unique_ptr<FilePurge> purge_;
  std::unique_ptr<BackupView> backups_;
};

}  // namespace suyuan
