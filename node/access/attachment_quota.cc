#include "node/access/attachment_quota.h"

#include <algorithm>

#include "ledger/base/coding.h"
#include "ledger/store/schema.h"
#include "node/ops/disk.h"
#include "node/ops/family.h"

namespace suyuan {
namespace {

constexpr std::array<std::string_view, 8> kTypes = {
    "application/json", "application/pdf", "image/jpeg", "image/png",
    "image/webp",       "text/csv",        "text/plain", "application/xml"};

constexpr uint64_t kKib = 1 << 10;
constexpr uint64_t kMib = 1 << 20;

Bytes row_key(std::string_view party) { return Bytes(kAttachmentRows) += party; }

uint64_t bytes_in(BytesView row) {
  uint64_t bytes = 0;
  Decoder(row).get_u64(bytes);
  return bytes;
}

uint64_t bytes_counted(const Reader& reader) {
  uint64_t sum = 0;
  // Read errors of the store are reported elsewhere, at once.
  (void)reader.scan(Table::meta, kAttachmentRows, after_prefix(kAttachmentRows),
                    Direction::ascending, [&](BytesView, BytesView row) {
                      sum += bytes_in(row);
                      return true;
                    });
  return sum;
}

std::string room_text(uint64_t bytes) {
  return bytes < 10 * kMib ? std::to_string(bytes / kKib) + " KiB"
                           : std::to_string(bytes / kMib) + " MiB";
}

// Does not copy the row's bytes.
Result<bool> has(const Reader& state, const Hash& name) {
  bool found = false;
  SUYUAN_TRY_DONE(state.scan(Table::attachment, name.view(), after_prefix(name.view()),
                             Direction::ascending, [&](BytesView, BytesView) {
                               found = true;
                               return false;
                             }));
  return found;
}

// Counts callers that write or wait.
class Waiting {
 public:
  explicit Waiting(std::atomic<size_t>& all) : all_(all), count_(++all) {}
  ~Waiting() { --all_; }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;
  size_t count() const { return count_; }

 private:
  std::atomic<size_t>& all_;
  const size_t count_;
};

Unexpected<Error> no_room(std::string message) {
  return fail(Code::QUOTA_EXCEEDED, std::move(message), "body");
}

}  // namespace

bool is_attachment_type(std::string_view media_type) {
  return std::ranges::find(kTypes, media_type) != kTypes.end();
}

AttachmentQuota::AttachmentQuota(Parts parts)
    : parts_(std::move(parts)),
      bytes_(std::max(parts_.found, bytes_counted(parts_.store.latest()))) {}

Result<Done> AttachmentQuota::check(uint64_t of_party, uint64_t more,
                                   const std::string& party) const {
  const uint64_t party_most = parts_.options.party_mib * kMib;
  if (party_most != 0 && of_party + more > party_most) {
    return no_room("'" + party + "' has put " + room_text(of_party) +
                   " of attachments here, and may put " + room_text(party_most) +
                   "; ask the operator for more");
  }
  const uint64_t all_most = parts_.options.all_mib * kMib;
  if (all_most != 0 && bytes_ + more > all_most) {
    return no_room("attachments take " + room_text(bytes_) + " here, and may take " +
                   room_text(all_most) + "; ask the operator for more");
  }
  const uint64_t left = parts_.options.leave_mib * kMib;
  const auto free = left == 0 ? std::nullopt : free_bytes(parts_.folder);
  if (free && *free < left + more) {
    return no_room(room_text(*free) + " are free on the disk, and the last " + room_text(left) +
                   " are kept for the log; try again later");
  }
  return Done{};
}

Result<Done> AttachmentQuota::keep(const Hash& name, Bytes row, const std::string& party) {
  // The first one stays: another media type for the same bytes would change the answer. An existing
  // row makes nobody wait.
  SUYUAN_TRY(kept_before, has(*parts_.store.snapshot(), name));
  if (kept_before) return Done{};
  const Waiting waiting(waiting_);
  if (waiting.count() > kWaitingMax) {
    return fail(Code::BUSY, "too many attachments are being put; try again in a moment", "body");
  }
  const std::scoped_lock lock(mutex_);
  const auto state = parts_.store.snapshot();
  SUYUAN_TRY(known, has(*state, name));
  if (known) return Done{};
  SUYUAN_TRY(before, state->get(Table::meta, row_key(party)));
  const uint64_t of_party = before ? bytes_in(*before) : 0;
  const uint64_t more = row.size();
  if (auto room = check(of_party, more, party); !room) {
    ++refused_;
    return room;
  }
  Bytes after;
  put_u64(after, of_party + more);
  auto kept = parts_.store.commit(
      {{.table = Table::attachment, .key = name.bytes(), .value = std::move(row)},
       {.table = Table::meta, .key = row_key(party), .value = std::move(after)}});
  if (kept) {
    bytes_ += more;
  } else {
    parts_.on_fault(kept.error());
  }
  return kept;
}

std::vector<prometheus::MetricFamily> AttachmentQuota::families() const {
  auto refused = counter_family("suyuan_attachments_refused_total",
                                "Attachments refused for lack of space");
  add_count(refused, refused_);
  return {gauge_family("suyuan_attachment_bytes", "Attachments that are kept",
                       static_cast<double>(bytes_)),
          gauge_family("suyuan_attachment_limit_bytes",
                       "Limit for all attachments together; 0: no limit",
                       static_cast<double>(parts_.options.all_mib * kMib)),
          std::move(refused)};
}

}  // namespace suyuan
