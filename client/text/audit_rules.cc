// The rules of an audit in Chinese; the English is in ledger/proof/audit.h.
#include "client/text/text.h"

namespace suyuan {
namespace {

// No default: a check without its line here does not compile under -Werror.
std::string_view rule_zh(AuditCheck check) {
  switch (check) {
    case AuditCheck::CHECKPOINT_SYNTAX:
      return "检查点是由来源名、条数和根组成的签名单";
    case AuditCheck::LOG_UNKNOWN:
      return "检查点须属于信任策略所列的日志";
    case AuditCheck::CHECKPOINT_SIGNATURE:
      return "检查点须由该日志自己的密钥签名";
    case AuditCheck::COSIGNATURE_INVALID:
      return "已知见证者的每一行联署都须验证通过";
    case AuditCheck::QUORUM_MISSING:
      return "联署的见证者须达到信任策略所要求的数目";
    case AuditCheck::FILE_MISSING:
      return "检查点所涵盖的每个文件都须存在、完整且格式正确";
    case AuditCheck::LEAF_CHANGED:
      return "条目的字节须散列为已签名的树在该处所含之值";
    case AuditCheck::TILE_WRONG:
      return "树片中的散列须与其下的条目一致";
    case AuditCheck::GENESIS_INVALID:
      return "第 0 条、且仅第 0 条，是载有日志密钥的创世条目";
    case AuditCheck::LEAF_SYNTAX:
      return "条目须恰为文档所列的各行";
    case AuditCheck::EVENTS_SYNTAX:
      return "批次之下的事件须完整，且数目与签名单相符";
    case AuditCheck::RECORD_INVALID:
      return "记录须为其唯一的形式";
    case AuditCheck::ROOT_MISMATCH:
      return "各记录须散列为所签之根";
    case AuditCheck::PAYLOAD_CHANGED:
      return "盐和内容须散列为记录所载之值";
    case AuditCheck::PAYLOAD_INVALID:
      return "内容须能按其类型解码，且为唯一编码";
    case AuditCheck::CODES_MISMATCH:
      return "记录所列代码须恰为内容所列代码";
    case AuditCheck::ACT_WITHHELD:
      return "登记行为是公开的";
    case AuditCheck::ERASED_UNPROVEN:
      return "有公告证明，才可称内容已删除";
    case AuditCheck::NOTICE_INVALID:
      return "公告须针对日志所载之事件，由有权者作出，且仅一次";
    case AuditCheck::TIME_FALLING:
      return "入账时间不得倒退";
    case AuditCheck::RULES_NEWER:
      return "条目所用的规则版本须为本程序所知";
    case AuditCheck::LEDGER_MISMATCH:
      return "批次和封印须写明本账本";
    case AuditCheck::BATCH_EXPIRED:
      return "批次须在其签名单所定时间之前入账";
    case AuditCheck::BATCH_REPEATED:
      return "一个批次只入账一次";
    case AuditCheck::SIGNER_INVALID:
      return "签名者须已登记、密钥有效，或受有效委托";
    case AuditCheck::SIGNATURE_INVALID:
      return "每个签名都须以其行所指的密钥验证通过";
    case AuditCheck::ACT_INVALID:
      return "登记行为须为其规则所允许";
    case AuditCheck::BATCH_REFUSED:
      return "批次在其位置上须为账本规则所接受：角色、持有、收支";
    case AuditCheck::REPLAY_DIFFERS:
      return "按账本规则由批次所得的条目须与日志中的相同";
    case AuditCheck::DERIVED_ROW_WRONG:
      return "库为回答所导出的内容须与按规则导出的一致";
    case AuditCheck::SEAL_INVALID:
      return "封印须正确计数其前的内容，并写明前一封印";
    case AuditCheck::MAP_MISMATCH:
      return "重新构造的全部代码链之图，其根须与封印所载一致";
    case AuditCheck::ROOT_DIFFERS:
      return "全部条目须散列为所签之根";
    case AuditCheck::NOT_SEALED:
      return "检查点的最后一条须为封印，且不晚于其联署";
    case AuditCheck::STORE_DAMAGED:
      return "库文件的每一块都须与写入时的校验和相符";
    case AuditCheck::CHAIN_ROW_WRONG:
      return "库中所存的链和链头须与日志一致";
    case AuditCheck::BATCH_ROW_WRONG:
      return "库中每个批次所记的条目须与日志一致";
    case AuditCheck::WATERMARK:
      return "库中须有曾签名或确认过的最高的树";
  }
  return {};
}

}  // namespace

std::string_view audit_rule(AuditCheck check, Lang lang) {
  return lang == Lang::zh ? rule_zh(check) : rule(check);
}

}  // namespace suyuan
