// Room for attachments. They lie beside the log, and whoever is registered may put them: so each
// party, and all together, have a share of the disk, and its last part is kept for the log.
#pragma once

#include <prometheus/metric_family.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "ledger/store/store.h"
#include "node/options.h"

namespace suyuan {

// What a party has put, in meta: "attachments/" party -> u64 bytes. Rows of the node itself, as the
// attachments are: no log has them, and no replay asks for them.
inline constexpr std::string_view kAttachmentRows = "attachments/";

// What attachments leave free on the disk, where that is looked at: above the reserve below which
// nothing is taken at all, by what lies twice until it is flushed, in the log and in a file.
inline uint64_t left_by_attachments(uint64_t leave_mib, uint64_t reserve_mib) {
  constexpr uint64_t kTwiceMib = 64;
  return leave_mib == 0 ? 0 : std::max(leave_mib, reserve_mib + kTwiceMib);
}

class AttachmentQuota {
 public:
  struct Parts {
    Store& store;
    std::string folder;  // on the disk that is looked at
    AttachmentOptions options;
    // Bytes of attachments that lie in the store's files: those of before there were rows count in
    // the total and for no party.
    uint64_t found = 0;
    std::function<void(const Error&)> on_fault;  // a write failed
  };
  explicit AttachmentQuota(Parts parts);

  // Keeps a row of Table::attachment that `party` has put; where it is there already, it stays as
  // it is and nothing is counted. Any thread; one at a time, so that two together cannot pass what
  // each alone may. QUOTA_EXCEEDED; BUSY: others write and wait; errors of the store.
  Result<Done> keep(const Hash& name, Bytes row, const std::string& party);

  std::vector<prometheus::MetricFamily> families() const;

 private:
  Result<Done> check(uint64_t of_party, uint64_t more, const std::string& party) const;

  const Parts parts_;
  // One writes, one waits for it: the other workers are for questions and posts.
  static constexpr size_t kWaitingMax = 2;
  std::atomic<size_t> waiting_ = 0;
  std::mutex mutex_;  // over a row's look-up and its commit
  std::atomic<uint64_t> bytes_ = 0;
  std::atomic<uint64_t> refused_ = 0;
};

}  // namespace suyuan
