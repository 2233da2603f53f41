// Disk quota for attachments. They are stored next to the log, and every registered party may put
// them. So each party, and all together, have a share of the disk, and the last part of the disk is
// reserved for the log.
#pragma once

#include <prometheus/metric_family.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/store/store.h"
#include "node/options.h"

namespace suyuan {

// Bytes that a party has put, in table meta: "attachments/" party -> u64 bytes. These rows are the
// node's own, as attachments are: no log has them, and no replay needs them.
inline constexpr std::string_view kAttachmentRows = "attachments/";

// Returns true for media types that a node stores. It serves the bytes back under this type, so
// types that a browser would execute are excluded.
bool is_attachment_type(std::string_view media_type);

// Returns the bytes that attachments leave free on the disk, if free space is monitored: more than
// the reserve below which nothing is accepted, because until a flush data is on disk twice, in the
// store's log and in a file.
inline uint64_t left_by_attachments(uint64_t leave_mib, uint64_t reserve_mib) {
  constexpr uint64_t kTwiceMib = 64;
  return leave_mib == 0 ? 0 : std::max(leave_mib, reserve_mib + kTwiceMib);
}

class AttachmentQuota {
 public:
  struct Parts {
    Store& store;
    std::string folder;  // a folder on the disk that is monitored
    AttachmentOptions options;
    // Bytes of attachments in the store's files. Those from before there were rows count in the
    // total and for no party.
    uint64_t found = 0;
    std::function<void(const Error&)> on_fault;  // called when a write failed
  };
  explicit AttachmentQuota(Parts parts);

  // Stores a row of Table::attachment that `party` puts. If the row exists, it stays as it is and
  // nothing is counted. Thread-safe; one call runs at a time, so that two together cannot exceed
  // the quota.
  // Errors: QUOTA_EXCEEDED, BUSY (others write and wait), and those of the store.
  Result<Done> keep(const Hash& name, Bytes row, const std::string& party);

  std::vector<prometheus::MetricFamily> families() const;

 private:
  Result<Done> check(uint64_t of_party, uint64_t more, const std::string& party) const;

  const Parts parts_;
  // One caller writes and one waits; the other workers stay free for questions and posts.
  static constexpr size_t kWaitingMax = 2;
  std::atomic<size_t> waiting_ = 0;
  std::mutex mutex_;  // held over a row's look-up and its commit
  std::atomic<uint64_t> bytes_ = 0;
  std::atomic<uint64_t> refused_ = 0;
};

}  // namespace suyuan
