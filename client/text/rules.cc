// The rules behind refusals and faults in Chinese; the English is in ledger/base/error.h.
#include "client/text/text.h"

namespace suyuan {
namespace {

// No default: a code without its line here does not compile under -Werror.
std::string_view rule_zh(Code code) {
  switch (code) {
    case Code::BAD_REQUEST:
      return "请求须符合文档所述格式";
    case Code::MALFORMED_SUBMISSION:
      return "提交由一份签名单和每个事件的正文组成";
    case Code::MALFORMED_EVENT:
      return "事件内容须能按其格式解码";
    case Code::NOT_CANONICAL:
      return "事件内容须为规范编码";
    case Code::BAD_TEXT:
      return "文字须为有效的 UTF-8，不含 NUL";
    case Code::TOO_LARGE:
      return "每种消息都有最大长度";
    case Code::TOO_MANY:
      return "每个列表都有最大项数";
    case Code::MISSING_FIELD:
      return "此类事件需要该字段";
    case Code::INVALID_FIELD:
      return "字段的值须为该字段所允许";
    case Code::UNSUPPORTED_TYPE:
      return "内容类型须为本节点所接受";
    case Code::CODE_SYNTAX:
      return "产品码须为文档所列形式之一";
    case Code::CODE_CHECK_DIGIT:
      return "校验位须与其他位相符";
    case Code::CODE_RESTRICTED:
      return "企业内部号码不是全球通用码";
    case Code::CODE_RESERVED:
      return "urn:suyuan: 名称只由登记给出";
    case Code::CODE_NOT_CANONICAL:
      return "签名内容须用产品码的规范形式";
    case Code::NOTE_SYNTAX:
      return "批签名单须恰为文档所述各行";
    case Code::LEDGER_MISMATCH:
      return "批签名单须写明所属账本";
    case Code::COUNT_MISMATCH:
      return "签名单所写事件数须与所送相等";
    case Code::ROOT_MISMATCH:
      return "签名单的根须为各记录的树哈希";
    case Code::SECTION_MISMATCH:
      return "密封段的内容须与其摘要相符";
    case Code::SIGNATURE_LINES:
      return "每个签名方一行签名，按签名单的次序";
    case Code::SIGNATURE_INVALID:
      return "每个签名须能以所指密钥验证";
    case Code::BATCH_EXPIRED:
      return "批次只在其签名单所写时间之前接受";
    case Code::PARTY_UNKNOWN:
      return "签名方须已登记";
    case Code::KEY_UNKNOWN:
      return "密钥须为该方已登记的密钥";
    case Code::KEY_NOT_IN_FORCE:
      return "密钥须在该批次入账时有效";
    case Code::DELEGATION_MISSING:
      return "网关只能代委托它的一方签名";
    case Code::NOT_AUTHORITY:
      return "登记须由登记机关签名";
    case Code::PARTY_EXISTS:
      return "参与方编号只给一次，不再使用";
    case Code::PARTY_ID_SYNTAX:
      return "参与方编号为小写字母、数字、点和连字符";
    case Code::KEY_EXISTS:
      return "一个公钥只为一方登记一次";
    case Code::KEY_WEAK:
      return "密钥须为素数阶的规范点";
    case Code::POSSESSION_INVALID:
      return "登记密钥须附密钥自己的签名";
    case Code::PRODUCT_EXISTS:
      return "产品只登记一次，其后只修改";
    case Code::SITE_EXISTS:
      return "场所只登记一次";
    case Code::UNAUTHORISED_ROLE:
      return "该方的角色须有权提交此类事件和环节";
    case Code::UNAUTHORISED_PRODUCT:
      return "只有产品的所有者或被许可方可赋码";
    case Code::DUPLICATE_ID:
      return "序列号、批号、单证只产生一次";
    case Code::DUPLICATE_PARENT:
      return "一物同时只在一个容器中";
    case Code::CONTAINMENT_CYCLE:
      return "任何物都不在自身之内";
    case Code::ALREADY_CONSUMED:
      return "已用尽之物不可再用";
    case Code::MASS_BALANCE:
      return "产出不得多于投入";
    case Code::EVENT_ID_REUSED:
      return "同一方的一个事件编号只指一个事件";
    case Code::CORRECTION_INVALID:
      return "更正须指明同一方的较早事件";
    case Code::EVENT_TIME_AHEAD:
      return "事件须在提交之前已发生";
    case Code::NOT_FOUND:
      return "此名称下没有内容";
    case Code::PAGE_TOKEN_INVALID:
      return "翻页标记须原样用于同一问题";
    case Code::SIZE_NOT_REACHED:
      return "账本未在限时内达到所要的长度";
    case Code::TOO_COMPLEX:
      return "一个回答有最大步数";
    case Code::ATTACHMENT_MISMATCH:
      return "附件内容须与其名称的哈希相符";
    case Code::QUOTA_EXCEEDED:
      return "附件只能占用磁盘的一部分";
    case Code::RATE_LIMITED:
      return "扫码、提交与查询有频率限制";
    case Code::CHALLENGE_INVALID:
      return "质询只可由所给节点在时限内使用一次";
    case Code::SESSION_INVALID:
      return "会话须以签名的质询开启，且为时不长";
    case Code::NOT_ENTITLED:
      return "有些回答只给特定角色的参与方";
    case Code::BUSY:
      return "队列已满：请稍后再试";
    case Code::READ_ONLY:
      return "磁盘将满或发生故障时，节点不接受提交";
    case Code::STOPPING:
      return "节点正在关闭";
    case Code::IO:
      return "操作系统或磁盘报告错误";
    case Code::CORRUPT:
      return "存储的内容与写入的不同";
    case Code::STORE_TOO_NEW:
      return "旧程序不打开较新的存储";
    case Code::ROLLED_BACK:
      return "节点只从其已签署的状态继续";
    case Code::UNAVAILABLE:
      return "对方没有应答";
  }
  return {};
}

}  // namespace

std::string_view rule_name(Code code, Lang lang) {
  return lang == Lang::zh ? rule_zh(code) : info(code).rule;
}

}  // namespace suyuan
