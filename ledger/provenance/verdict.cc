// The nine verdicts: the first that fits, with its reasons and what else a reader should know.
#include "ledger/provenance/verdict.h"

#include <algorithm>
#include <array>
#include <utility>

#include "ledger/base/text.h"

namespace suyuan {
namespace {

bool holds(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

VerdictReason reason(std::string code, std::string zh, std::string en,
                     std::vector<Place> events = {}) {
  return {.code = std::move(code),
          .text = {.zh = std::move(zh), .en = std::move(en)},
          .events = std::move(events)};
}

ScanJudged one(ScanVerdict verdict, VerdictReason why) {
  return {.verdict = verdict, .reasons = {std::move(why)}};
}

// Whether the thing lacks the event that must create it.
bool never_made(const Journey& journey) {
  const bool needs_one = journey.type == CodeType::serial || journey.type == CodeType::lot;
  return needs_one && journey.makings.empty();
}

bool is_paper_or_place(CodeType type) {
  return type == CodeType::location || type == CodeType::order || type == CodeType::payment ||
         type == CodeType::customs_list || type == CodeType::document;
}

std::optional<ScanJudged> judge_known(const Journey& journey) {
  if (journey.type == CodeType::gtin_class || journey.type == CodeType::variant) {
    return one(ScanVerdict::UNKNOWN_CODE,
               reason("CLASS_CODE", "此码只表示一类商品，不表示某一件；请扫带序列号的二维码。",
                      "This code names a kind of product, not a single one: scan the label with "
                      "a serial number."));
  }
  if (is_paper_or_place(journey.type)) {
    return one(ScanVerdict::UNKNOWN_CODE,
               reason("NOT_GOODS", "此码不表示商品，而是单据或地点。",
                      "This code names no goods, but a paper or a place."));
  }
  if (!journey.named) {
    return one(ScanVerdict::UNKNOWN_CODE,
               reason("NOT_IN_LEDGER", "账本中没有任何记录提到此码。",
                      "No record in the ledger names this code."));
  }
  if (never_made(journey)) {
    return one(ScanVerdict::UNKNOWN_CODE,
               reason("NEVER_COMMISSIONED", "没有生产者登记过此码。",
                      "No maker ever brought this code into being."));
  }
  return std::nullopt;
}

struct End {
  std::string_view how;  // step or disposition
  std::string_view code;
  std::string_view zh;
  std::string_view en;
};
constexpr std::array<End, 6> kEnds = {{
    {"destroying", "DESTROYED", "此件已被销毁。", "This item was destroyed."},
    {"destroyed", "DESTROYED", "此件已被销毁。", "This item was destroyed."},
    {"sampled", "SAMPLED", "此件已被抽样送检，不会出售。",
     "This item was taken as a laboratory sample and is never sold."},
    {"decommissioning", "DECOMMISSIONED", "此码已被注销。", "This code was decommissioned."},
    {"consumed", "CONSUMED", "此件已用于生产其他产品。", "This item was used up in making another."},
    {"disposed", "DESTROYED", "此件已被处置。", "This item was disposed of."},
}};

std::optional<ScanJudged> judge_end(const Journey& journey, const ScanPolicy& policy) {
  const bool retired = holds(policy.retired, journey.disposition);
  if (journey.ended.empty() && !retired) return std::nullopt;
  for (const std::string& how : {journey.ended, journey.disposition}) {
    if (!journey.end_shown) break;  // an event for partners counts, but is not quoted
    for (const End& end : kEnds) {
      if (end.how == how) {
        return one(ScanVerdict::CODE_RETIRED,
                   reason(std::string(end.code), std::string(end.zh), std::string(end.en),
                          journey.end_events));
      }
    }
  }
  return one(ScanVerdict::CODE_RETIRED,
             reason("ENDED", "此码对应的物品已不复存在。", "What this code stood for is no more.",
                    journey.end_events));
}

std::optional<ScanJudged> judge_recall(const Journey& journey) {
  if (journey.recalled) {
    return one(ScanVerdict::RECALLED,
               reason("RECALLED", "主管机关已公布召回。", "An authority has recalled this product.",
                      journey.recalls));
  }
  if (journey.disposition != "recalled") return std::nullopt;
  if (!journey.disposition_shown) {  // an event for partners counts, but is not quoted
    return one(ScanVerdict::RECALLED,
               reason("RECALL_STATED", "账本中有不公开的召回记录。",
                      "A statement that is not public says that it is recalled.", {}));
  }
  return one(ScanVerdict::RECALLED,
             reason("RECALL_STATED", "有权说明其状态的一方称此件已被召回；账本中没有主管机关的召回记录。",
                    "A party that may state its condition says that it is recalled; the ledger "
                    "holds no recall by an authority.",
                    journey.end_events));
}

// Dispositions in Chinese, as `suyuan` writes them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kDispositions = {{
    {"active", "有效"},
    {"container_closed", "已封箱"},
    {"damaged", "破损"},
    {"expired", "已过期"},
    {"in_progress", "处理中"},
    {"in_transit", "在途"},
    {"non_sellable_other", "不可售"},
    {"recalled", "已召回"},
    {"reserved", "已预留"},
    {"returned", "已退回"},
    {"stolen", "被盗"},
    {"unknown", "不明"},
    {"needs_replacement", "待更换"},
}};

// A word without a translation is left out: Chinese readers cannot read it.
std::string not_for_sale_in_chinese(std::string_view disposition) {
  for (const auto& [word, zh] : kDispositions) {
    if (word == disposition) return "账本中的状态为“" + std::string(zh) + "”，不是可售状态。";
  }
  return "账本中的状态不是可售状态。";
}

// The disposition of a lot or transport unit stays that of its making or packing while its goods
// move on, so it does not say whether they are for sale.
bool is_sold_itself(CodeType type) {
  return type != CodeType::lot && type != CodeType::sscc && type != CodeType::container &&
         type != CodeType::parcel && type != CodeType::asset;
}

std::optional<ScanJudged> judge_sale(const Journey& journey, const ScanPolicy& policy) {
  if (!is_sold_itself(journey.type)) return std::nullopt;
  if (journey.custodian == "consumer" && journey.disposition != "returned") return std::nullopt;
  if (journey.disposition.empty() || holds(policy.for_sale, journey.disposition))
    return std::nullopt;
  if (!journey.disposition_shown) {  // an event for partners counts, but is not quoted
    return one(ScanVerdict::NOT_FOR_SALE,
               reason("DISPOSITION", not_for_sale_in_chinese({}),
                      "Its state in the ledger is not one in which it is sold.",
                      journey.end_events));
  }
  return one(ScanVerdict::NOT_FOR_SALE,
             reason("DISPOSITION", not_for_sale_in_chinese(journey.disposition),
                    "Its state in the ledger is " + quoted(journey.disposition) +
                        ": not one in which it is sold.",
                    journey.end_events));
}

// A finding's reason has values and is English only. Only flags that leave a gap get here.
std::string_view doubt_in_chinese(Flag flag) {
  switch (flag) {
    case Flag::MISSING_STEP:
      return "环节有疑：缺少应先记录的环节。";
    case Flag::OUT_OF_ORDER:
      return "环节有疑：环节顺序不合理。";
    case Flag::MASS_BALANCE:
      return "环节有疑：投入与产出的数量对不上。";
    default:
      return "环节有疑。";
  }
}

std::optional<ScanJudged> judge_chain(const Journey& journey) {
  ScanJudged judged{.verdict = ScanVerdict::INCOMPLETE_CHAIN, .reasons = {}};
  const auto lacks = [](const ChainStep& step) { return !step.done; };
  const auto hides = [](const ChainStep& step) { return step.done && step.events.empty(); };
  if (std::ranges::any_of(journey.steps, lacks)) {
    // Saying which non-public steps are recorded would reveal the content of withheld events.
    const bool hidden = std::ranges::any_of(journey.steps, hides);
    for (const ChainStep& step : journey.steps) {
      if (!step.events.empty()) continue;
      judged.reasons.push_back(reason(
          "STEP_MISSING", (hidden ? "缺少或未公开的环节：" : "缺少环节：") + step.title.zh + "。",
          (hidden ? "Not recorded, or not public: " : "Not recorded: ") + step.title.en + "."));
    }
  }
  for (const Finding& flag : journey.flags) {
    const std::string& why = journey.all_shown ? flag.reason : std::string(meaning(flag.flag));
    judged.reasons.push_back(reason("FLAGGED", std::string(doubt_in_chinese(flag.flag)),
                                    std::string(word(flag.flag)) + ": " + why,
                                    flag.event.leaf == 0 ? std::vector<Place>{}
                                                         : std::vector<Place>{flag.event}));
  }
  if (judged.reasons.empty()) return std::nullopt;
  return judged;
}

std::string times(uint64_t count) { return std::to_string(count); }
std::string times_in_english(uint64_t count) {
  return count == 1 ? "once" : std::to_string(count) + " times";
}

// "福州" from "CN-FJ/福州"; the region if no city is known.
std::string city_of(std::string_view place) {
  return std::string(place.substr(place.find('/') + 1));
}

std::string city_in_english(const Seen& seen) {
  return city_of(seen.place_en.empty() ? seen.place : seen.place_en);
}

std::vector<VerdictReason> clone_reasons(const ScanSummary& scans, const ScanPolicy& policy) {
  std::vector<VerdictReason> reasons;
  if (scans.leap) {
    const auto& leap = *scans.leap;
    const std::string km = std::to_string(leap.km);
    const bool at_once = leap.minutes == 0;
    const std::string minutes = std::to_string(leap.minutes);
    reasons.push_back(reason(
        "GEO_IMPOSSIBLE",
        "两次扫码相距约 " + km + " 公里，" + (at_once ? "间隔不到 1" : "仅隔 " + minutes) +
            " 分钟（" + city_of(leap.from.place) + "，" + city_of(leap.to.place) + "）。",
        "Two scans about " + km + " km apart within " +
            (at_once ? "a minute" : minutes + " minutes") + " (" + city_in_english(leap.from) +
            ", " +
            city_in_english(leap.to) + ")."));
  }
  if (scans.most_places > policy.places_limit) {
    reasons.push_back(reason("MANY_PLACES",
                             std::to_string(policy.places_hours) + " 小时内在 " +
                                 std::to_string(scans.most_places) + " 个地方被扫。",
                             "Scanned in " + std::to_string(scans.most_places) + " places within " +
                                 std::to_string(policy.places_hours) + " hours."));
  }
  if (scans.repeats > policy.repeat_limit) {
    reasons.push_back(reason("SCAN_COUNT",
                             "另有 " + std::to_string(scans.repeats) + " 台设备在无内码的情况下扫过。",
                             "Scanned by " + std::to_string(scans.repeats) +
                                 " further devices without the inner code."));
  }
  return reasons;
}

void add_inner(InnerCode inner, std::vector<VerdictReason>& reasons) {
  switch (inner) {
    case InnerCode::none:
      break;
    case InnerCode::right:
      reasons.push_back(
          reason("INNER_CODE_RIGHT", "内码相符。", "The inner code is the right one."));
      break;
    case InnerCode::wrong:
      reasons.push_back(reason("INNER_CODE_WRONG", "内码不符，请核对后再试。",
                               "The inner code does not fit; compare it and try again."));
      break;
    case InnerCode::unknown:
      reasons.push_back(reason("INNER_CODE_UNKNOWN", "账本中没有此件的内码凭据，无法核对。",
                               "The ledger here holds no commitment to an inner code of this "
                               "item."));
      break;
  }
}

VerdictReason history_reason(const ScanSummary& scans, bool this_scan) {
  const uint64_t before = scans.count - (this_scan && scans.count > 0 ? 1 : 0);
  const uint64_t own = scans.by_this_device - (this_scan && scans.by_this_device > 0 ? 1 : 0);
  if (before == 0) {
    return reason("FIRST_SCAN", "此前没有人扫过此码。", "Nobody has scanned this label before.");
  }
  if (own == before) {
    return reason("SAME_DEVICE", "此前的 " + times(before) + " 次均由本设备扫码。",
                  "Scanned before " + times_in_english(before) + ", only by this device.");
  }
  return reason("SCANNED_BEFORE", "此前已被扫 " + times(before) + " 次。",
                "Scanned before " + times_in_english(before) + ".");
}

void add_remarks(const Journey& journey, std::vector<VerdictReason>& reasons) {
  if (!journey.steps.empty()) {
    VerdictReason whole = reason("JOURNEY_COMPLETE", "要求的环节均有记录。",
                                 "Every required step of its journey is recorded.");
    for (const ChainStep& step : journey.steps)
      whole.events.insert(whole.events.end(), step.events.begin(), step.events.end());
    std::sort(whole.events.begin(), whole.events.end());
    whole.events.erase(std::unique(whole.events.begin(), whole.events.end()), whole.events.end());
    reasons.push_back(std::move(whole));
  }
  if (!journey.remarks.empty()) {
    reasons.push_back(reason("CUSTODY_REMARK", "有未持有此件者作过陈述，未影响结论。",
                             "A party that did not hold this item said something of it; it "
                             "changes nothing.",
                             journey.remarks));
  }
}

}  // namespace

std::optional<ScanJudged> judge_journey(const Journey& journey, const ScanPolicy& policy) {
  if (auto judged = judge_known(journey)) return judged;
  if (auto judged = judge_end(journey, policy)) return judged;
  if (auto judged = judge_recall(journey)) return judged;
  if (auto judged = judge_sale(journey, policy)) return judged;
  return judge_chain(journey);
}

ScanJudged judge_scans(const Journey& journey, const ScanSummary& scans, InnerCode inner,
                   bool this_scan, const ScanPolicy& policy) {
  ScanJudged judged;
  auto& reasons = judged.reasons;
  const bool is_lot = journey.type == CodeType::lot;
  if (scans.available && !is_lot) reasons = clone_reasons(scans, policy);
  if (!reasons.empty()) {
    judged.verdict = ScanVerdict::CLONE_SUSPECT;
    add_inner(inner, reasons);
    reasons.push_back(history_reason(scans, this_scan));
  } else if (inner == InnerCode::right) {
    judged.verdict = ScanVerdict::GENUINE_OWNER;
    add_inner(inner, reasons);
    if (scans.available) reasons.push_back(history_reason(scans, this_scan));
  } else if (!scans.available) {
    judged.verdict = ScanVerdict::GENUINE_REPEAT;
    reasons.push_back(reason("HISTORY_UNAVAILABLE", "暂无扫码记录，无法得知此前是否被扫过。",
                             "The scan history is not available: whether it was scanned before is "
                             "not known."));
    add_inner(inner, reasons);
  } else if (is_lot) {
    judged.verdict = ScanVerdict::GENUINE_REPEAT;
    reasons.push_back(reason("LOT_CODE", "此码是批次码，同批每件相同；被复制也无从得知。",
                             "This code names a lot and is on every item of it: a copy cannot "
                             "be told."));
  } else {
    reasons.push_back(history_reason(scans, this_scan));
    const bool first = reasons.back().code == "FIRST_SCAN";
    judged.verdict = first ? ScanVerdict::GENUINE_FIRST_SCAN : ScanVerdict::GENUINE_REPEAT;
    add_inner(inner, reasons);
  }
  add_remarks(journey, reasons);
  return judged;
}

}  // namespace suyuan
