#include "ledger/proof/verdict.h"

#include <array>

namespace suyuan {
namespace {

struct ClaimText {
  Claim claim;
  std::string_view en, zh;
};
constexpr std::array kClaims = {
    ClaimText{Claim::log_signed, "The log {1} signed a tree of {0} entries.",
              "账本 {1} 对共 {0} 条的树签名。"},
    ClaimText{Claim::cosigned,
              "{1} witnesses confirm that this tree only grew since they last saw it: {0}; "
              "the quorum is met as of {2}.",
              "{1} 个见证人确认该树自其上次所见以来只增不改：{0}；截至 {2} 达到法定数。"},
    ClaimText{Claim::unchanged,
              "{0} events in {1} batches are in that tree, byte for byte as shown here.",
              "{1} 批中的 {0} 个事件逐字节原样在该树中。"},
    ClaimText{Claim::signed_by,
              "All {0} batches are signed with keys that were in force at their position, by: {1}.",
              "全部 {0} 批均由当时有效的密钥签名，签名方：{1}。"},
    ClaimText{Claim::whole,
              "Nothing was left out: the events of {0} and of all {1} codes that it leads to are "
              "whole as of that tree.",
              "没有遗漏：{0} 及其所及全部 {1} 个代码的事件，截至该树是完整的。"},
    ClaimText{Claim::absent, "As of that tree no event names {0}.",
              "截至该树，没有事件提及 {0}。"},
    ClaimText{Claim::erased,
              "{0} sealed sections were erased, each by the signed notice of an entitled party.",
              "{0} 个密封部分已被删除，每次删除都有有权者签名的公告。"},
    ClaimText{Claim::replayed,
              "Replayers outside the operator computed the same list of codes: {0}.",
              "运营方之外的重放者算得同样的代码清单：{0}。"},
    ClaimText{Claim::stale,
              "That this still holds: it is as of {0}; the policy allows at most {1} hours.",
              "现在是否仍然如此：所述截至 {0}，策略允许最多 {1} 小时。"},
    ClaimText{Claim::ahead, "The time {0} is ahead of this machine's clock: check both clocks.",
              "时间 {0} 晚于本机时钟：请核对两者的时钟。"},
    ClaimText{Claim::truth,
              "That a statement is true: proven is who stated it, and that it was not changed.",
              "陈述是否属实：所证明的是由谁陈述、且未被改动。"},
    ClaimText{Claim::newer, "What the ledger took in after {0}.", "{0} 之后入账的内容。"},
    ClaimText{Claim::not_submitted, "What nobody ever submitted to the ledger.",
              "从未提交给账本的内容。"},
    ClaimText{Claim::effect,
              "That the ledger let each statement take effect (roles, custody, balances): an audit "
              "replays those.",
              "账本是否令每项陈述生效（角色、持有、数量）：须由审计重放核实。"},
    ClaimText{Claim::label, "That a label on a thing belongs to that thing.",
              "物品上的标签是否确属该物品。"},
    ClaimText{Claim::withheld,
              "What {0} withheld events say, and the journey through them; that they exist, and "
              "who signed them, is proven.",
              "{0} 个未公开事件的内容及其后的去向；其存在与签名方已证明。"},
    ClaimText{Claim::erased_content,
              "What the {0} erased sections held: only their digests are left.",
              "已删除的 {0} 个密封部分的内容：只留下其摘要。"},
    ClaimText{Claim::cut,
              "What the events of {0} say: that chain is proven to exist, but is too long to be "
              "here.",
              "{0} 的事件内容：其链已证明存在，但过长而未载入。"},
    ClaimText{Claim::suspect,
              "That {0} itself signed leaf {1}: the key was reported as possibly stolen "
              "there.",
              "第 {1} 条是否由 {0} 本人签署：该密钥自此前起被报告为可疑。"},
    ClaimText{Claim::outputs_alone,
              "What went into the outputs of event {1} at leaf {0}: it states no inputs.",
              "第 {0} 条第 {1} 个事件的产出由何制成：其未陈述投入。"},
    ClaimText{Claim::operators_word,
              "That the seal lists every event of each code: complete only by the operator's word, "
              "for no replayer cosigned.",
              "封条是否列出每个代码的全部事件：无重放者联署，完整性仅凭运营方所言。"},
    ClaimText{Claim::genesis_unnamed,
              "That this is the ledger you mean: the policy does not name this ledger's genesis.",
              "是否为您所指的账本：策略未指明该账本的创世条目。"},
    ClaimText{Claim::unwitnessed,
              "That the operator shows everybody the same log: the policy asks for no witness.",
              "运营方是否向所有人出示同一账本：策略未要求见证人。"},
};

const ClaimText& text_of(Claim claim) { return kClaims[static_cast<size_t>(claim)]; }

std::string filled(std::string_view pattern, const std::vector<std::string>& values) {
  std::string text;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const bool slot = pattern[i] == '{' && i + 2 < pattern.size() && pattern[i + 2] == '}';
    const size_t index = slot ? static_cast<size_t>(pattern[i + 1] - '0') : 0;
    if (slot && index < values.size()) {
      text += values[index];
      i += 2;
    } else {
      text += pattern[i];
    }
  }
  return text;
}

}  // namespace

const std::vector<BundleFaultInfo>& all_bundle_faults() {
  static const std::vector<BundleFaultInfo> kFaults = {
#define SUYUAN_X(name, rule, zh) {BundleFault::name, #name, rule, zh},
      SUYUAN_BUNDLE_FAULTS(SUYUAN_X)
#undef SUYUAN_X
  };
  return kFaults;
}

const BundleFaultInfo& info(BundleFault fault) {
  return all_bundle_faults()[static_cast<size_t>(fault)];
}

std::string_view claim_text(Claim claim) { return text_of(claim).en; }
std::string_view claim_text_zh(Claim claim) { return text_of(claim).zh; }

std::string to_text(const VerdictLine& line) { return filled(claim_text(line.claim), line.values); }
std::string to_text_zh(const VerdictLine& line) {
  return filled(claim_text_zh(line.claim), line.values);
}

std::string_view word(Judged judged) {
  switch (judged) {
    case Judged::proven: return "PROVEN";
    case Judged::partial: return "PARTIAL";
    case Judged::not_recorded: return "NOT_RECORDED";
    case Judged::stale: return "STALE";
    case Judged::refused: return "REFUSED";
  }
  return "";
}

BundleVerdict refused(BundleFault fault, std::string place, std::string message) {
  BundleVerdict verdict;
  verdict.judged = Judged::refused;
  verdict.fault = fault;
  verdict.place = std::move(place);
  verdict.message = std::move(message);
  return verdict;
}

}  // namespace suyuan
