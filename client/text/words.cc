// Terms of events, registry and findings in plain words.
#include <algorithm>

#include "client/text/text.h"

namespace suyuan {
namespace {

struct Word {
  std::string_view term;
  std::string_view en;
  std::string_view zh;
};

constexpr Word kSteps[] = {
    {"accepting", "accepted", "签收"},
    {"activating", "activated", "激活"},
    {"arriving", "arrived", "到达"},
    {"assembling", "assembled", "组装"},
    {"certifying", "certified", "出具证书"},
    {"collecting", "collected", "揽收"},
    {"commissioning", "brought into being", "赋码"},
    {"consigning", "consigned", "托运"},
    {"creating_class_instance", "made a lot", "生产批次"},
    {"cycle_counting", "counted", "盘点"},
    {"declaring", "declared", "申报"},
    {"decommissioning", "decommissioned", "注销"},
    {"delivering", "delivered", "派送"},
    {"departing", "departed", "离港"},
    {"destroying", "destroyed", "销毁"},
    {"disassembling", "taken apart", "拆解"},
    {"dispensing", "dispensed", "配发"},
    {"encoding", "encoded", "写码"},
    {"entering_exiting", "passed a gate", "进出"},
    {"holding", "held back", "扣留"},
    {"inspecting", "inspected", "检验"},
    {"installing", "installed", "安装"},
    {"killing", "tag switched off", "停用标签"},
    {"loading", "loaded", "装载"},
    {"ordering", "ordered", "下单"},
    {"other", "other", "其他"},
    {"packing", "packed", "装箱"},
    {"paying", "paid", "支付"},
    {"picking", "picked", "拣货"},
    {"recalling", "recalled", "召回"},
    {"receiving", "received", "收货"},
    {"refunding", "refunded", "退款"},
    {"releasing", "released", "放行"},
    {"removing", "removed", "取出"},
    {"repackaging", "repackaged", "改包装"},
    {"repairing", "repaired", "维修"},
    {"replacing", "replaced", "更换"},
    {"reserving", "reserved", "预留"},
    {"retail_selling", "sold", "零售"},
    {"returning", "returned", "退货"},
    {"sampling", "sampled", "抽样"},
    {"selling", "sold", "销售"},
    {"sensor_reporting", "measured", "传感记录"},
    {"shipping", "shipped", "发运"},
    {"staging_outbound", "staged to leave", "待出库"},
    {"stocking", "stocked", "上架"},
    {"stock_taking", "stock taken", "盘存"},
    {"storing", "stored", "入库"},
    {"transforming", "processed", "加工"},
    {"transporting", "transported", "运输"},
    {"unloading", "unloaded", "卸载"},
    {"unpacking", "unpacked", "拆箱"},
    {"void_shipping", "shipment cancelled", "取消发货"},
};

constexpr Word kDispositions[] = {
    {"active", "in circulation", "有效"},
    {"available", "available", "可供"},
    {"consumed", "used up", "已用尽"},
    {"container_closed", "closed", "已封箱"},
    {"damaged", "damaged", "破损"},
    {"destroyed", "destroyed", "已销毁"},
    {"disposed", "disposed of", "已处置"},
    {"expired", "expired", "已过期"},
    {"in_progress", "in process", "处理中"},
    {"in_transit", "in transit", "在途"},
    {"non_sellable_other", "not for sale", "不可售"},
    {"recalled", "recalled", "已召回"},
    {"reserved", "reserved", "已预留"},
    {"retail_sold", "sold", "已售出"},
    {"returned", "returned", "已退回"},
    {"sampled", "taken as a sample", "已抽样"},
    {"sellable_accessible", "on sale", "可售"},
    {"sellable_not_accessible", "for sale, in store", "可售（库内）"},
    {"stolen", "stolen", "被盗"},
    {"unknown", "unknown", "不明"},
};

constexpr Word kDocuments[] = {
    {"bill_of_lading", "bill of lading", "提单"},
    {"bonded_inventory_entry", "bonded inventory entry", "保税核注清单"},
    {"certificate_of_analysis", "certificate of analysis", "质检报告单"},
    {"customs_release", "customs release", "海关放行单"},
    {"export_certificate", "export certificate", "出口证书"},
    {"farm_registration", "farm registration", "农场登记"},
    {"lab_report", "laboratory report", "检测报告"},
    {"sampling_report", "sampling report", "抽检报告"},
};

constexpr Word kResults[] = {
    {"destroyed", "destroyed", "已销毁"}, {"fail", "failed", "不合格"},
    {"hold", "held back", "扣留"},        {"pass", "passed", "合格"},
    {"recall", "recalled", "召回"},       {"release", "released", "放行"},
};

constexpr Word kUnits[] = {
    {"GRM", "g", "克"}, {"H87", "pcs", "件"},  {"KGM", "kg", "千克"},
    {"LTR", "L", "升"}, {"MLT", "mL", "毫升"}, {"TNE", "t", "吨"},
};

constexpr Word kKinds[] = {
    {"origin", "origin", "产地"},         {"supply", "supply", "供应"},
    {"logistics", "logistics", "物流"},   {"transaction", "trade", "交易"},
    {"inspection", "inspection", "检验"},
};

constexpr Word kRelations[] = {
    {"own", "its own", "本品"},
    {"container", "of its container", "所在容器"},
    {"ancestor", "of an ingredient", "来料"},
    {"lot", "of the whole lot", "整批"},
    {"document", "of its documents", "单证"},
};

constexpr Word kAudiences[] = {
    {"owner", "owner", "物主"},
    {"partner", "trading partner", "交易方"},
    {"platform", "platform", "平台"},
    {"customs", "customs", "海关"},
    {"market_supervision", "market supervision", "市场监管"},
};

constexpr Word kRoles[] = {
    {"authority", "registrar", "登记机关"},
    {"producer", "producer", "生产者"},
    {"supplier", "supplier", "供应商"},
    {"manufacturer", "manufacturer", "制造商"},
    {"lab", "laboratory", "检测机构"},
    {"competent_authority", "competent authority", "出口国主管机关"},
    {"logistics", "logistics", "物流"},
    {"customs", "customs", "海关"},
    {"market_supervision", "market supervision", "市场监管"},
    {"agent", "agent", "代理"},
    {"seller", "seller", "卖方"},
    {"platform", "platform", "平台"},
    {"payment", "payment", "支付"},
    {"recall_agent", "recall agent", "召回代理"},
    {"system_operator", "operator", "系统运营方"},
};

constexpr Word kFlags[] = {
    {"MISSING_STEP", "", "缺少应先记录的环节"},
    {"OUT_OF_ORDER", "", "环节顺序不合理"},
    {"CUSTODY_BREAK", "", "该方并未持有此物：此事件不改变状态"},
    {"DUPLICATE_ID", "", "同一标识出现在两处"},
    {"DUPLICATE_PARENT", "", "补记使此物同在两个容器中"},
    {"MASS_BALANCE", "", "投入与产出的数量对不上"},
    {"ALREADY_CONSUMED", "", "此物在此之前已用尽"},
    {"CAPACITY_EXCEEDED", "", "超出场所或容器的容量"},
    {"CERT_EXPIRED", "", "证书或资质已到期"},
    {"CERT_SUSPENDED", "", "证书或资质已暂停"},
    {"UNAUTHORISED_ROLE", "", "当时未登记此行为的角色"},
    {"SIGNER_REVOKED", "", "签名密钥在此时段不可信"},
    {"BACKDATED", "", "事后很久才记录"},
    {"DOC_HASH_MISMATCH", "", "文件与所述摘要不符"},
    {"THREE_DOC_MISMATCH", "", "订单、支付单、运单不一致"},
    {"GEO_IMPOSSIBLE", "", "此物不可能在该时间内到达该地"},
    {"SCAN_COUNT", "", "扫码次数过多"},
    {"EQUIVOCATION", "", "一方签署了互相排斥的两份陈述"},
    {"COLD_CHAIN_EXCURSION", "", "传感器读数超限"},
};

std::string_view find(const Word* begin, const Word* end, std::string_view term, Lang lang) {
  const auto* found = std::find_if(begin, end, [&](const Word& one) { return one.term == term; });
  if (found == end) return {};
  return lang == Lang::zh ? found->zh : found->en;
}

template <size_t N>
std::string name_in(const Word (&table)[N], std::string_view term, Lang lang) {
  const std::string_view found = find(table, table + N, term, lang);
  if (!found.empty()) return std::string(found);
  std::string shown(term);
  if (term.find(':') == std::string_view::npos) std::replace(shown.begin(), shown.end(), '_', ' ');
  return shown;
}

// For an enumeration: the table has every value.
template <size_t N>
std::string_view fixed_name(const Word (&table)[N], std::string_view term, Lang lang) {
  const std::string_view found = find(table, table + N, term, lang);
  return found.empty() ? term : found;
}

}  // namespace

std::optional<Lang> lang_from(std::string_view name) {
  const std::string_view base = name.substr(0, name.find_first_of("_-.@"));
  if (base == "zh") return Lang::zh;
  if (base == "en" || base == "C" || base == "POSIX") return Lang::en;
  return std::nullopt;
}

std::string fill(std::string_view pattern, std::initializer_list<std::string_view> values) {
  std::string out;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const bool slot = pattern[i] == '{' && i + 2 < pattern.size() && pattern[i + 2] == '}' &&
                      pattern[i + 1] >= '0' && pattern[i + 1] <= '9';
    const size_t index = slot ? static_cast<size_t>(pattern[i + 1] - '0') : values.size();
    if (index >= values.size()) {
      out += pattern[i];
      continue;
    }
    out += *(values.begin() + index);
    i += 2;
  }
  return out;
}

std::string step_name(std::string_view step, Lang lang) { return name_in(kSteps, step, lang); }
std::string disposition_name(std::string_view disposition, Lang lang) {
  return name_in(kDispositions, disposition, lang);
}
std::string document_name(std::string_view type, Lang lang) {
  return name_in(kDocuments, type, lang);
}
std::string result_name(std::string_view result, Lang lang) {
  return name_in(kResults, result, lang);
}
std::string unit_name(std::string_view uom, Lang lang) { return name_in(kUnits, uom, lang); }
std::string_view kind_name(Kind kind, Lang lang) { return fixed_name(kKinds, word(kind), lang); }
std::string_view relation_name(Relation relation, Lang lang) {
  return fixed_name(kRelations, word(relation), lang);
}
std::string_view audience_name(Audience audience, Lang lang) {
  return fixed_name(kAudiences, word(audience), lang);
}
std::string_view role_name(Role role, Lang lang) { return fixed_name(kRoles, word(role), lang); }

std::string_view flag_name(Flag flag, Lang lang) {
  if (lang == Lang::en) return meaning(flag);
  return fixed_name(kFlags, word(flag), lang);
}

}  // namespace suyuan
