// The names of the nine verdicts and the advice for a consumer, both as the page has them.
// Never "fake": a label proves nothing about the thing that it is stuck to.
#include <algorithm>

#include "ledger/provenance/verdict.h"

namespace suyuan {

std::string_view word(ScanVerdict verdict) {
  switch (verdict) {
#define SUYUAN_X(name)     \
  case ScanVerdict::name:  \
    return #name;
    SUYUAN_VERDICTS(SUYUAN_X)
#undef SUYUAN_X
  }
  return "";
}

std::optional<ScanVerdict> scan_verdict_from(std::string_view text) {
#define SUYUAN_X(name) \
  if (text == #name) return ScanVerdict::name;
  SUYUAN_VERDICTS(SUYUAN_X)
#undef SUYUAN_X
  return std::nullopt;
}

BothLanguages title_of(ScanVerdict verdict) {
  switch (verdict) {
    case ScanVerdict::UNKNOWN_CODE:
      return {"查无此码", "Unknown code"};
    case ScanVerdict::CODE_RETIRED:
      return {"此码已注销", "This code is retired"};
    case ScanVerdict::RECALLED:
      return {"已被召回", "Recalled"};
    case ScanVerdict::NOT_FOR_SALE:
      return {"尚不可销售", "Not for sale yet"};
    case ScanVerdict::INCOMPLETE_CHAIN:
      return {"流程不完整", "The journey has gaps"};
    case ScanVerdict::CLONE_SUSPECT:
      return {"标签可能被复制", "The label may have been copied"};
    case ScanVerdict::GENUINE_OWNER:
      return {"正品，内码相符", "Genuine: inner code right"};
    case ScanVerdict::GENUINE_FIRST_SCAN:
      return {"正品，首次查验", "Genuine: first scan"};
    case ScanVerdict::GENUINE_REPEAT:
      return {"正品，曾被查验", "Genuine: scanned before"};
  }
  return {};
}

BothLanguages advice_of(ScanVerdict verdict) {
  switch (verdict) {
    case ScanVerdict::UNKNOWN_CODE:
      return {"账本里没有这个编码。请核对是否输错；标签若确实如此，请勿食用或使用，并向卖家询问。",
              "The ledger holds no such code. Check that it is typed correctly. If the label "
              "really says this, do not use the product, and ask the seller."};
    case ScanVerdict::CODE_RETIRED:
      return {"这件商品已被销毁、取样或用完。如果它还在您手里，请勿食用或使用，并联系卖家或市场监管部门（12315）。",
              "The item was destroyed, sampled or used up. If you have it nevertheless, do not "
              "use it, and tell the seller or the market supervision."};
    case ScanVerdict::RECALLED:
      return {"请停止食用或使用，按召回通知办理退货。",
              "Stop using it, and return it as the recall notice says."};
    case ScanVerdict::NOT_FOR_SALE:
      return {"这件商品还没有进入可以销售的状态，例如还在运输或等待放行。若已售予您，请联系卖家。",
              "This item may not be sold yet: for example, it is in transit or awaits its "
              "release. If it was sold to you, ask the seller."};
    case ScanVerdict::INCOMPLETE_CHAIN:
      return {"按规定应有的环节还没有全部记录。请稍后再查，或联系卖家。",
              "A step that this kind of product must show is not recorded. Look again later, or "
              "ask the seller."};
    case ScanVerdict::CLONE_SUSPECT:
      return {"这个标签的扫码记录不像出自同一件商品。您手里的也许不是那一件，请输入内码核验，或向卖家核实。",
              "The scans of this label cannot all be of one item. Yours may not be the item that "
              "it belongs to: check with the inner code, or ask the seller."};
    case ScanVerdict::GENUINE_OWNER:
      return {"您输入的内码与账本相符，流程完整。请妥善保管内码。",
              "The inner code is right and the journey is complete. Keep the code to yourself."};
    case ScanVerdict::GENUINE_FIRST_SCAN:
      return {"流程完整，此前没有人扫描过这个标签。请核对实物与所示商品、批号是否一致。",
              "The journey is complete, and nobody has scanned this label before. Compare the "
              "product and lot in your hand with what is shown."};
    case ScanVerdict::GENUINE_REPEAT:
      return {"流程完整。若此前的扫码并非您所为，请输入内码核验。",
              "The journey is complete. If the earlier scans were not yours, check with the "
              "inner code."};
  }
  return {};
}

BothLanguages advice_for(ScanVerdict verdict, const std::vector<VerdictReason>& reasons) {
  const bool right = std::ranges::any_of(
      reasons, [](const VerdictReason& one) { return one.code == "INNER_CODE_RIGHT"; });
  if (verdict != ScanVerdict::CLONE_SUSPECT || !right) return advice_of(verdict);
  return {"内码相符，您手里的很可能就是原件，标签或已被他人复制。请妥善保管内码，并告知卖家、品牌方或市场监管部门（12315）。",
          "The inner code is right, so yours is likely the original, and somebody may have copied "
          "its label. Keep the inner code to yourself, and tell the seller, the brand or the "
          "market supervision."};
}

}  // namespace suyuan
