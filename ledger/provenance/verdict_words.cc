// The names of the nine verdicts, as the consumer's page has them, and the advice for a consumer.
// Never "fake": a label proves nothing about the thing that it is stuck to.
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
      return {"请核对标签；若确为所购商品的标签，请联系卖家或市场监管部门。",
              "Compare the label. If it is the label of what you bought, ask the seller or market "
              "supervision."};
    case ScanVerdict::CODE_RETIRED:
      return {"带有此码的商品不应在售，请勿使用，并联系卖家或市场监管部门。",
              "Nothing with this code should be on sale. Do not use it; ask the seller or market "
              "supervision."};
    case ScanVerdict::RECALLED:
      return {"请立即停止使用，并按召回公告处理。", "Stop using it, and follow the recall notice."};
    case ScanVerdict::NOT_FOR_SALE:
      return {"账本中此件尚未可售。若已售予您，请联系卖家。",
              "By the ledger this item is not on sale. If it was sold to you, ask the seller."};
    case ScanVerdict::INCOMPLETE_CHAIN:
      return {"应有的记录尚不齐全，请稍后再查，或联系卖家。",
              "Records that should be there are missing. Look again later, or ask the seller."};
    case ScanVerdict::CLONE_SUSPECT:
      return {"账本中的此件属实，但此标签可能不止一张。请输入内码核验，或联系卖家。",
              "The item in the ledger is real, but there may be more than one such label. Check "
              "with the inner code, or ask the seller."};
    case ScanVerdict::GENUINE_OWNER:
      return {"内码与账本相符，请妥善保管内码。",
              "The inner code fits the ledger. Keep it to yourself."};
    case ScanVerdict::GENUINE_FIRST_SCAN:
      return {"请核对实物与页面所示商品、批号是否一致。",
              "Compare the product and lot in your hand with what is shown."};
    case ScanVerdict::GENUINE_REPEAT:
      return {"若您是首次购买者，而此前的扫码并非您所为，请输入内码核验。",
              "If you are its first buyer and the earlier scans were not yours, check with the "
              "inner code."};
  }
  return {};
}

}  // namespace suyuan
