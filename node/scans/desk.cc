#include "node/scans/desk.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "ledger/base/text.h"
#include "ledger/os/files.h"
#include "node/scans/inner_code.h"
#include "node/scans/summary.h"
#include "proto/event_codec.h"

namespace suyuan {
namespace {

constexpr size_t kSweepRows = 10'000;
constexpr int kSweepRounds = 100;

// docs/scans.md, How often.
constexpr Rate kScansOfCode{.burst = 600, .per_hour = 1200};
constexpr Rate kScansByDevice{.burst = 30, .per_hour = 120};
constexpr Rate kInnerOfCode{.burst = 10, .per_hour = 10};
constexpr Rate kInnerByDevice{.burst = 5, .per_hour = 5};

std::string name_of_code(char what, const std::string& code) {
  return what + code_key(code).bytes().substr(0, 16);
}
std::string name_of_device(char what, const std::string& device) { return what + device; }

bool is_device(std::string_view device) {
  if (device.size() < 16 || device.size() > 64) return false;
  return std::all_of(device.begin(), device.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

std::string trade_mode_in(const TraceEvent& event) {
  for (const TreeNode& node : event.extensions) {
    if ((node.name == "tradeMode" || node.name == "trade_mode") && node.kind == NodeKind::text)
      return node.value;
  }
  return {};
}

// Returns the trade mode of the newest declaration in the item's journey that states one.
Result<std::string> find_trade_mode(const Reader& reader, const Trace& trace) {
  constexpr size_t kDeclarationsMax = 16;
  size_t seen = 0;
  for (auto step = trace.steps.rbegin(); step != trace.steps.rend(); ++step) {
    if (step->step != "declaring" || step->withdrawn_by || step->no_effect) continue;
    if (++seen > kDeclarationsMax) break;
    SUYUAN_TRY(payload, get<StoredPayload>(reader, Table::payload, place_key(step->place)));
    if (!payload || payload->type != PayloadType::event_capnp) continue;
    SUYUAN_TRY(event, decode_event(payload->bytes));
    auto mode = trade_mode_in(event);
    if (!mode.empty()) return mode;
  }
  return std::string();
}

}  // namespace

ScanDesk::ScanDesk(const std::string& folder, ScanPolicy policy, int64_t now_ms)
    : policy_(std::move(policy)) {
  const auto open = [&]() -> Result<Done> {
    SUYUAN_TRY_DONE(make_folder(folder));
    SUYUAN_TRY(salts, Salts::open(folder + "/salts", policy_.kept_days * kDayMs, now_ms));
    SUYUAN_TRY(store, ScanStore::open(folder + "/rows"));
    salts_ = std::move(salts);
    store_ = std::move(store);
    return Done{};
  };
  if (const auto opened = open(); !opened) fault_ = to_text(opened.error());
}

Result<ScanRequest> ScanDesk::check(ScanRequest request) {
  auto code = parse_code(request.code);
  if (!code) {
    Error error = std::move(code).error();
    error.field = "code";
    return Unexpected(std::move(error));
  }
  request.code = code->text();
  if (!request.device.empty() && !is_device(request.device)) {
    return fail(Code::INVALID_FIELD, "a device is 16 to 64 random letters of A-Z a-z 0-9 _ -",
                "device");
  }
  if (request.inner.size() > limits::kInnerCodeBytesMax) {
    return fail(Code::INVALID_FIELD, "an inner code has at most 64 characters", "inner");
  }
  SUYUAN_TRY_DONE(scan_place(request));
  return request;
}

uint32_t ScanDesk::admit(const ScanRequest& request, int64_t now_ms) {
  uint32_t wait = rates_.take(name_of_code('c', request.code), kScansOfCode, now_ms);
  if (wait == 0 && !request.device.empty())
    wait = rates_.take(name_of_device('d', request.device), kScansByDevice, now_ms);
  if (wait == 0 && !request.inner.empty()) {
    if (!request.device.empty())
      wait = rates_.take(name_of_device('e', request.device), kInnerByDevice, now_ms);
    if (wait == 0) wait = rates_.take(name_of_code('i', request.code), kInnerOfCode, now_ms);
  }
  if (wait != 0) ++counts_.limited;
  return wait;
}

Result<VerdictView> ScanDesk::scan(const Reader& reader, const ScanRequest& request,
                                   int64_t now_ms) {
  return judge(reader, request, now_ms, true);
}

Result<VerdictView> ScanDesk::verdict(const Reader& reader, const std::string& code,
                                      int64_t now_ms) {
  return judge(reader, {.code = code}, now_ms, false);
}

Result<VerdictView> ScanDesk::judge(const Reader& reader, const ScanRequest& request,
                                    int64_t now_ms, bool is_scan) {
  SUYUAN_TRY(code, parse_code(request.code));
  SUYUAN_TRY(traces, traces_of(reader, code.text(), now_ms));
  std::string trade_mode;
  if (traces.whole) {
    SUYUAN_TRY(found, find_trade_mode(reader, *traces.whole));
    trade_mode = std::move(found);
  }
  std::optional<ProductData> product;
  if (!code.gtin().empty()) {
    SUYUAN_TRY(found, find_product(reader, code.gtin()));
    product = std::move(found);
  }
  const auto& required =
      required_steps(policy_, product ? &*product : nullptr, code.gtin(), trade_mode);
  SUYUAN_TRY(journey, read_journey(reader, code, now_ms, traces, required));
  SUYUAN_TRY(inner, compare_inner_code(reader, code.text(), journey.makings, request.inner));
  if (inner == InnerCode::right) {
    rates_.give_back(name_of_code('i', code.text()));
    if (!request.device.empty()) rates_.give_back(name_of_device('e', request.device));
  }

  VerdictView view{.at_ms = now_ms, .kept_days = policy_.kept_days};
  judge_with_history(journey, request, inner, is_scan, view);
  view.title = title_of(view.verdict);
  view.advice = advice_for(view.verdict, view.reasons);
  view.steps = steps_told(journey, view.verdict);
  return view;
}

void ScanDesk::hide_unknown_city(const Hash& key, int64_t now_ms, ScanPlace& place) {
  const std::string city = unknown_city_of(place);
  if (!city.empty()) hide_city(place, salts_->name_of_place(key, city, now_ms).view());
}

// Scans decided by the ledger alone are not stored: such scans must not distinguish anything, and
// unknown codes would fill the disk.
void ScanDesk::judge_with_history(const Journey& journey, const ScanRequest& request,
                                  InnerCode inner, bool is_scan, VerdictView& view) {
  const Hash key = code_key(journey.code);
  auto judged = judge_journey(journey, policy_);
  const bool counts = is_scan && !judged;
  {
    const std::lock_guard lock(stripes_[key.data[0] % stripes_.size()]);
    std::vector<DeviceName> own;
    if (store_) {
      if (!request.device.empty()) own = salts_->names_of(key, request.device, view.at_ms);
      auto rows = store_->rows_of(key, view.at_ms - policy_.kept_days * kDayMs);
      if (!rows) spdlog::warn("the scans of a code cannot be read: {}", to_text(rows.error()));
      if (rows) {
        // Rows that an earlier program wrote have the names as they were sent.
        for (ScanRow& row : *rows) hide_unknown_city(key, view.at_ms, row.place);
        const bool room = rows->size() < limits::kScanRowsMax;
        if (counts) {
          ScanRow row{.time_ms = view.at_ms, .inner_right = inner == InnerCode::right};
          if (!own.empty()) row.device = own.front();
          if (auto place = scan_place(request)) row.place = *std::move(place);
          hide_unknown_city(key, view.at_ms, row.place);
          rows->push_back(row);
          if (room) {
            const auto added = store_->add(key, row);
            if (!added) spdlog::warn("a scan cannot be recorded: {}", to_text(added.error()));
            view.recorded = added.has_value();
          }
        }
        view.scans = summarise(*rows, own, view.at_ms, policy_);
      }
    }
  }
  if (!judged) judged = judge_scans(journey, view.scans, inner, is_scan, policy_);
  view.verdict = judged->verdict;
  view.reasons = std::move(judged->reasons);
  if (!is_scan) return;
  ++counts_.verdicts.at(static_cast<size_t>(view.verdict));
  if (view.recorded) ++counts_.recorded;
  if (counts && !view.recorded) ++counts_.not_recorded;
}

uint64_t ScanDesk::sweep(int64_t now_ms) {
  if (!store_) return 0;
  uint64_t all = 0;
  for (int round = 0; round < kSweepRounds; ++round) {
    const auto swept = store_->sweep(now_ms - policy_.kept_days * kDayMs, kSweepRows);
    if (!swept) {
      spdlog::warn("old scans cannot be removed: {}", to_text(swept.error()));
      break;
    }
    all += *swept;
    if (*swept < kSweepRows) break;
  }
  counts_.swept += all;
  if (const auto renewed = salts_->renew(now_ms); !renewed) {
    spdlog::warn("the salt of scans cannot be changed: {}", to_text(renewed.error()));
  }
  return all;
}

}  // namespace suyuan
