#include "node/upkeep/upkeep.h"

#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>

#include "node/backup/purge.h"
#include "node/ops/family.h"

namespace suyuan {
namespace {

constexpr auto kSweepPause = std::chrono::hours(1);
constexpr int kSettleTriesMax = 3;
constexpr auto kMemoryPause = std::chrono::seconds(5);
constexpr auto kDiskPause = std::chrono::milliseconds(250);

}  // namespace

Upkeep::Upkeep(Parts parts, const ServeOptions& options)
    : parts_(std::move(parts)),
      data_(options.data),
      sweep_timer_(parts_.io),
      disk_timer_(parts_.io),
      memory_timer_(parts_.io),
      room_(uint64_t{options.disk_reserve_mib} << 20) {}

Result<std::unique_ptr<Upkeep>> Upkeep::start(Parts parts, const ServeOptions& options) {
  std::unique_ptr<Upkeep> upkeep(new Upkeep(std::move(parts), options));
  // The published view may be the only obstacle, and stays if nobody asks for another.
  const auto demand_seal = [here = upkeep.get()] {
    boost::asio::post(here->parts_.io, [&sealer = here->parts_.service.parts().sealer] {
      sealer.demand();
    });
  };
  upkeep->purge_ = std::make_unique<FilePurge>(upkeep->parts_.store, demand_seal);
  auto backups = BackupView::listen(
      options.data,
      [here = upkeep.get()](const std::string& folder) { return here->link_all(folder); },
      [&store = upkeep->parts_.store](uint64_t leaves) {
        return erased_since(*store.snapshot(), leaves);
      });
  if (backups) {
    upkeep->backups_ = *std::move(backups);
  } else {  // a file system without sockets, say
    spdlog::warn("backups of this node can be made only while it is stopped: {}",
                 to_text(backups.error()));
  }
  const auto& service = upkeep->parts_.service.parts();
  if (options.scrub_mib_per_s != 0) {
    upkeep->scrub_ = std::make_unique<Scrub>(
        Scrub::Parts{.store = upkeep->parts_.store,
                     .clock = service.clock,
                     .on_damage = [&service](const Error& found) {
                       service.pipeline.report_fault(found);
                     }},
        Scrub::Pace{.bytes_per_second = uint64_t{options.scrub_mib_per_s} << 20,
                    .pause = std::chrono::seconds(options.scrub_pause_s)});
    service.metrics.also([scrub = upkeep->scrub_.get()] { return scrub->families(); });
  }
  service.metrics.also([purge = upkeep->purge_.get()] { return purge->families(); });
  if (options.disk_reserve_mib != 0) upkeep->watch_disk();
  service.metrics.also([data = options.data] {
    return std::vector{gauge_family("suyuan_disk_free_bytes",
                                    "Free space on the file system of the data folder",
                                    static_cast<double>(free_bytes(data).value_or(0)))};
  });
  service.metrics.also([&pipeline = service.pipeline, giving = upkeep->giving_] {
    return std::vector{
        gauge_family("suyuan_memory_resident_bytes", "Memory of the process, without file pages",
                     static_cast<double>(giving->resident)),
        gauge_family("suyuan_memory_allocated_bytes", "The part of it that the program holds",
                     static_cast<double>(giving->allocated)),
        gauge_family("suyuan_batches_held_bytes",
                     "Memory charged for batches waiting for answers",
                     static_cast<double>(pipeline.reserved())),
        gauge_family("suyuan_bodies_held_bytes", "Memory charged for bodies being parsed",
                     static_cast<double>(pipeline.parsing()))};
  });
  upkeep->watch_memory();
  upkeep->sweep_scans();
  return upkeep;
}

// A backup that waits for the purge ends first.
Upkeep::~Upkeep() { purge_->stop(); }

void Upkeep::stop() {
  purge_->stop();
  stopping_ = true;
  sweep_timer_.cancel();
  disk_timer_.cancel();
  memory_timer_.cancel();
  parts_.order.hold({});  // a nearly full disk does not change how the node ends
}

void Upkeep::watch_disk() {
  const auto& service = parts_.service.parts();
  if (const auto free = free_bytes(data_)) {
    const bool was_low = room_.is_low();
    const bool is_low = room_.look(*free);
    if (is_low || was_low) {
      parts_.order.hold(is_low ? room_.reason(*free) : std::string());
      service.metrics.read_only.Set(service.pipeline.read_only_reason().empty() ? 0 : 1);
    }
    if (is_low && !was_low) spdlog::error("{}", room_.reason(*free));
    if (was_low && !is_low) spdlog::info("the disk has space again: batches are accepted");
  }
  disk_timer_.expires_after(kDiskPause);
  disk_timer_.async_wait([this](boost::system::error_code error) {
    if (!error && !stopping_) watch_disk();
  });
}

// On the network thread; the check itself is on a worker, since it visits all free space.
void Upkeep::watch_memory() {
  if (!giving_->at_work) {
    giving_->at_work = true;
    const bool taken = parts_.service.parts().workers.post([giving = giving_,
                                                            sweep = parts_.sweep] {
      sweep();
      const auto before = memory_use();
      if (before) giving->seen(*before);
      if (before && giving->rule.look(*before)) {
        give_memory_back();
        const auto after = memory_use().value_or(*before);
        giving->rule.done(*before, after);
        giving->seen(after);
      }
      giving->at_work = false;
    });
    if (!taken) giving_->at_work = false;
  }
  memory_timer_.expires_after(kMemoryPause);
  memory_timer_.async_wait([this](boost::system::error_code error) {
    if (!error && !stopping_) watch_memory();
  });
}

// If possible, no backup contains what was erased. A ledger that erases every second, or whose
// published state does not change, has some of it, and its manifest says so.
Result<Done> Upkeep::settle_files() const {
  for (int tries = 0; tries < kSettleTriesMax; ++tries) {
    const auto settled = purge_->settle();
    if (!settled && settled.error().code != Code::BUSY) return settled;
    SUYUAN_TRY(due, rows_to_purge(*parts_.store.snapshot(), 1));
    if (!settled || due.empty()) break;
  }
  return Done{};
}

// On BackupView's thread. A store that a fault has ended is not copied as if it were whole.
Result<Done> Upkeep::link_all(const std::string& folder) const {
  if (const auto fault = parts_.store.fault(); !fault.empty())
    return fail(Code::READ_ONLY, "this node's store has a fault: " + fault);
  SUYUAN_TRY_DONE(settle_files());
  if (parts_.link_epcis_state)
    SUYUAN_TRY_DONE(parts_.link_epcis_state(folder + "/epcis-state"));
  const auto& service = parts_.service.parts();
  SUYUAN_TRY_DONE(service.scans.link_to(folder + "/scan-rows"));
  SUYUAN_TRY_DONE(service.access.link_log_to(folder + "/access"));
  return parts_.store.link_to(folder + "/store");
}

// Now and every hour, on the network thread; the work is done by a worker.
void Upkeep::sweep_scans() {
  const auto& service = parts_.service.parts();
  if (!service.workers.post([&service] { service.scans.sweep(service.clock()); }))
    spdlog::info("old scans are removed an hour later: all threads are busy");
  sweep_timer_.expires_after(kSweepPause);
  sweep_timer_.async_wait([this](boost::system::error_code error) {
    if (!error && !stopping_) sweep_scans();
  });
}

}  // namespace suyuan
