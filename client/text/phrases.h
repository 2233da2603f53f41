// The program's sentences and headings. One line each: name, English, 中文.
#pragma once

#include "client/text/text.h"

namespace suyuan {

#define SUYUAN_PHRASES(X)                                                                     \
  /* codes and parties */                                                                     \
  X(consumer, "the consumer", "消费者")                                                       \
  X(nobody, "not known", "不详")                                                              \
  X(code_class, "GTIN", "商品")                                                               \
  X(code_lot, "lot", "批号")                                                                  \
  X(code_serial, "unit", "单品")                                                              \
  X(code_sscc, "SSCC", "托盘/箱")                                                             \
  X(code_gln, "GLN", "GLN")                                                                   \
  X(code_container, "container", "集装箱")                                                    \
  X(code_parcel, "parcel", "包裹")                                                            \
  X(code_order, "order", "订单")                                                              \
  X(code_payment, "payment", "支付单")                                                        \
  X(code_customs_list, "customs list", "清单")                                                \
  X(code_document, "document", "单证")                                                        \
  X(and_more, "{0} and {1} more", "{0} 等 {1} 项")                                            \
  X(quantity_of, "{0}, {1} {2}", "{0}，{1} {2}")                                              \
  X(list_comma, ", ", "、")                                                                   \
  X(colon, "{0}: {1}", "{0}：{1}")                                                            \
  /* head lines */                                                                            \
  X(trace_title, "Where it comes from", "追溯")                                               \
  X(recall_title, "Recall list", "召回清单")                                                  \
  X(forward_title, "Where it went", "去向")                                                   \
  X(ledger_line, "as of {0} entries, log time {1}", "截至账本第 {0} 条，入账时间 {1}")        \
  X(no_events, "No events.", "没有事件。")                                                    \
  X(nothing, "none", "无")                                                                    \
  X(more_with_limit, "There is more: raise --limit.", "还有更多：请加大 --limit。")           \
  /* labels of the timeline */                                                                \
  X(label_what, "what", "物品")                                                               \
  X(label_where, "where", "地点")                                                             \
  X(label_why, "why here", "关系")                                                            \
  X(label_handover, "handed", "交接")                                                         \
  X(label_papers, "document", "文件")                                                         \
  X(label_result, "result", "结果")                                                           \
  X(label_state, "state", "状态")                                                             \
  X(label_sealed, "sealed", "密封")                                                           \
  X(label_through, "signed", "签名")                                                          \
  X(label_flag, "flag", "警示")                                                               \
  X(via, "{0}: {1}", "{0}：{1}")                                                              \
  X(into, "{0} into {1}", "{0} 装入 {1}")                                                     \
  X(out_of, "{0} out of {1}", "{0} 取自 {1}")                                                 \
  X(within, "{0} with {1}", "{0} 与 {1}")                                                     \
  X(all_of, "everything", "全部内容")                                                         \
  X(made_from, "{1}, made from {0}", "{0} 制成 {1}")                                          \
  X(lost, "loss {0} {1} ({2})", "损耗 {0} {1}（{2}）")                                        \
  X(whole_lot, "the whole {0}", "{0} 整批")                                                   \
  X(from_to, "{0} to {1}", "{0} 交给 {1}")                                                    \
  X(to_only, "to {0}", "交给 {0}")                                                            \
  X(stated_through, "stated through {0}", "由 {0} 代为提交")                                  \
  X(with_parties, "confirmed by {0}", "由 {0} 共同确认")                                      \
  X(sealed_for, "{0} (for {1})", "{0}（供{1}）")                                              \
  X(section_erased, "{0} (for {1}): erased by notice, entry {2}", "{0}（供{1}）：已由第 {2} 条公告删除") \
  X(notice_erases, "erased a sealed section of event {0}/{1}: {2}", "删除了事件 {0}/{1} 的一个密封部分：{2}") \
  X(section_open, "{0} (for {1}): {2}", "{0}（供{1}）：{2}")                                  \
  X(error_as_needs_key, "asking as a party needs its key: --key FILE", "以参与方名义查询须有其密钥：--key 文件") \
  X(erased_by, "the section is erased: the notice is entry {0}, about event {1}",             \
    "该密封部分已删除：公告为第 {0} 条，针对事件 {1}")                                        \
  X(erased_id, "the notice's id: {0} (suyuan receipt shows its receipt again)",                \
    "公告标识：{0}（可用 suyuan receipt 再次取得回执）")                                      \
  X(erase_note_kept, "the signed notice is kept in {0}: the same command sends it again",      \
    "已签公告保存在 {0}：再次执行同一命令即重新提交")                                         \
  X(error_key_of_other, "{0} is the key of {1}, not of {2}", "{0} 是 {1} 的密钥，不是 {2} 的") \
  X(withheld, "the content is withheld", "内容不公开")                                        \
  X(erased, "the content was erased", "内容已删除")                                           \
  X(withdrawn, "withdrawn by entry {0}", "已由第 {0} 条撤回")                                 \
  X(flagged, "{0}: {1}", "{0}：{1}")                                                          \
  /* summary of a trace */                                                                    \
  X(sum_origins, "origins", "来源")                                                           \
  X(sum_ancestors, "made from", "由来")                                                       \
  X(sum_containers, "was inside", "曾在")                                                     \
  X(sum_documents, "documents", "单证")                                                       \
  X(sum_counts, "events: {0}, by parties: {1}", "{0} 个事件，{1} 个参与方")                   \
  X(sum_flags, "flags", "警示")                                                               \
  X(times, "{0} ({1} x)", "{0}（{1} 次）")                                                    \
  X(recorded_late, "recorded {1} days later, {0}", "事后 {1} 天入账，{0}")                    \
  /* recall and forward */                                                                    \
  X(recall_counts, "units: {0}, of lots: {1}", "{0} 件，{1} 批")                              \
  X(recall_agents, "who acts", "召回责任")                                                    \
  X(recall_notify, "who must be told", "须通知")                                              \
  X(recall_lots, "lots made from it", "下游批次")                                             \
  X(recall_unit_lots, "lots of the units", "单品所属批次")                                    \
  X(recall_held, "held by {0}", "由 {0} 持有")                                                \
  X(recall_units, "{0} pcs", "{0} 件")                                                        \
  /* columns */                                                                               \
  X(col_code, "code", "代码")                                                                 \
  X(col_inside, "inside", "在其内")                                                           \
  X(col_holder, "holder", "持有者")                                                           \
  X(col_from, "from", "自")                                                                   \
  X(col_lot, "lot", "批")                                                                     \
  X(col_state, "state", "状态")                                                               \
  X(col_place, "place", "地点")                                                               \
  X(col_entry, "entry", "条目")                                                               \
  X(col_time, "time", "时间")                                                                 \
  X(col_amount, "amount", "数量")                                                             \
  X(col_left, "left", "余量")                                                                 \
  X(col_id, "id", "编号")                                                                     \
  X(col_name, "name", "名称")                                                                 \
  X(col_roles, "roles", "角色")                                                               \
  X(col_country, "country", "国家")                                                           \
  X(col_keys, "keys", "密钥")                                                                 \
  X(col_owner, "owner", "所有者")                                                             \
  X(col_party, "party", "参与方")                                                             \
  X(col_step, "step", "环节")                                                                 \
  X(col_number, "no.", "序")                                                                  \
  /* state */                                                                                 \
  X(state_exists, "exists", "存在")                                                           \
  X(state_ended, "ended, or does not exist yet", "已终止或尚未产生")                          \
  X(state_disposition, "state", "状态")                                                       \
  X(state_custodian, "held by", "持有者")                                                     \
  X(state_inside, "inside", "所在容器")                                                       \
  X(state_location, "place", "地点")                                                          \
  X(state_lot, "lot", "所属批次")                                                             \
  X(state_balance, "left", "余量")                                                            \
  X(state_product, "product", "产品")                                                         \
  /* verdict of a scan */                                                                     \
  X(scan_why, "Why:", "理由：")                                                               \
  X(scan_steps, "Required steps:", "要求的环节：")                                            \
  X(scan_step_missing, "not recorded", "无记录")                                              \
  X(scan_step_withheld, "recorded, not public", "有记录，未公开")                             \
  X(scan_count, "scans", "扫码次数")                                                          \
  X(scan_first, "first", "首次")                                                              \
  X(scan_places, "places", "地点")                                                            \
  X(scan_entry, " (entry {0})", "（第 {0} 条）")                                              \
  X(scan_none, "scan history not available", "暂无扫码记录")                                  \
  X(through_gateways,                                                                         \
    "Statements through a gateway, which signed for another party: {0} ({1}).",               \
    "经网关代为提交（由其代签）的陈述：{0} 条（{1}）。")                                      \
  X(scan_not_in_bundle,                                                                       \
    "The journey is proven, the scan history is not: a bundle holds no scans.",               \
    "行程已证明，扫码记录未证明：扫码不在证明文件之内。")                                      \
  /* status, trust */                                                                         \
  X(status_ledger, "ledger", "账本")                                                          \
  X(status_fingerprint, "fingerprint", "指纹")                                                \
  X(status_node, "node", "节点")                                                              \
  X(status_entries, "entries", "条目")                                                        \
  X(status_events, "events", "事件")                                                          \
  X(status_codes, "codes", "代码")                                                            \
  X(status_time, "log time", "入账时间")                                                      \
  X(status_published, "checkpoint", "检查点")                                                 \
  X(status_published_at, "{0} entries, {1}", "{0} 条目，{1}")                                 \
  X(status_unpublished, "none yet", "尚无")                                                   \
  X(status_queued, "waiting", "排队")                                                         \
  X(status_read_only, "read-only", "只读")                                                    \
  X(status_log_key, "log key", "日志公钥")                                                    \
  X(status_trust, "trust", "信任")                                                            \
  X(trust_same, "the pinned ledger", "与已固定的账本一致")                                    \
  X(trust_unchecked, "the pinned genesis; its checkpoint is not checked yet",                 \
    "创世记录与已固定的一致，检查点尚未核验")                                                 \
  X(trust_none, "nothing is pinned", "尚未固定账本")                                          \
  X(trust_saved, "pinned in {0}", "已固定于 {0}")                                             \
  X(trust_compare, "Compare the fingerprint with what the ledger's operator publishes.",      \
    "请将指纹与账本运营方公布的指纹核对。")                                                   \
  X(trust_rules_older, "{0} is notice {1}, and notice {2} is pinned",                        \
    "{0} 是第 {1} 号公告，已固定的是第 {2} 号")                                              \
  X(nodes_notice, "notice", "公告")                                                          \
  X(nodes_rules, "rules", "规则")                                                            \
  X(nodes_node, "node", "节点")                                                              \
  X(nodes_added, "new node", "新增节点")                                                      \
  X(nodes_rekeyed, "node, new key", "节点，密钥已换")                                         \
  X(nodes_removed, "node removed", "移除节点")                                                \
  X(nodes_until, "to be posted by", "提交期限")                                               \
  X(nodes_unverified, "{0}: not a key of the pinned genesis; the log will judge it",          \
    "{0}：非所固定创世记录中的密钥，由账本裁定")                                             \
  X(nodes_look, "nothing is signed yet: check what it says, then repeat with --yes",          \
    "尚未签名：请核对以上内容，确认后加 --yes 重新执行")                                     \
  X(nodes_signed, "signed by", "签名")                                                       \
  X(nodes_quorum, "{0} signed; {1} must.", "已签 {0} 方，须有 {1} 方。")                     \
  X(nodes_posted,                                                                            \
    "the notice is entry {0}: give {1} to all who trust the ledger (suyuan trust --rules)",  \
    "公告为第 {0} 条：请将 {1} 交给所有信任本账本者（suyuan trust --rules）")                \
  X(trust_kept, "already pinned in {0}", "此前已固定于 {0}")                                  \
  X(trust_other, "{0} pins another ledger, {1}; give --replace to change it",                 \
    "{0} 固定的是另一个账本 {1}；如要更换请加 --replace")                                     \
  /* keys and registry */                                                                     \
  X(key_made, "key file", "密钥文件")                                                         \
  X(key_public, "public key", "公钥")                                                         \
  X(key_name, "name", "名称")                                                                 \
  X(passphrase_of, "Passphrase of {0}: ", "{0} 的口令：")                                     \
  X(passphrase_new, "Passphrase for the new key: ", "新密钥的口令：")                         \
  X(passphrase_again, "Once more: ", "再次输入：")                                            \
  X(passphrase_differs, "the passphrases differ or are empty", "口令为空或两次不同")          \
  X(request_written, "request written to {0}; the ledger's registrar approves it with "       \
    "'suyuan approve'", "申请已写入 {0}；由登记机关以“suyuan approve”批准")                   \
  X(acts_posted, "acts registered: {0}; the ledger has {1} entries", "已登记 {0} 项；账本共 {1} 条") \
  X(unfinished_written, "written to {0}; still to sign with 'suyuan cosign': {1}",            \
    "已写入 {0}；尚须以“suyuan cosign”签名：{1}")                                             \
  X(act_line, "{0} {1}", "{0} {1}")                                                           \
  X(key_in_force, "in force", "有效")                                                         \
  X(key_revoked, "revoked at entry {0}", "自第 {0} 条吊销")                                   \
  X(key_suspect, "suspect from entry {0}", "自第 {0} 条起不可信")                             \
  X(key_this, "this key", "本密钥")                                                           \
  X(key_not_registered, "This key is not registered for {0}.", "此密钥未为 {0} 登记。")       \
  X(delegates_to, "signs for it", "受托代签")                                                 \
  /* export */                                                                                \
  X(export_label, "exporting", "导出")                                                        \
  X(compare_same, "one ledger: each of these {0} trees begins with the smaller ones, and the "     \
    "log's key signed them all", "同一账本：这 {0} 棵树依次延续，且均由账本密钥签名")              \
  X(compare_fork, "{0} and {2} show two trees: the {1} leaves of the first do not begin with the " \
    "{3} of the other", "{0} 与 {2} 所示为两棵树：前者的 {1} 条并非以后者的 {3} 条开头")            \
  X(export_done, "{0} holds the whole log: entries {1}, new {2}, with new events {3}",        \
    "{0} 已有整个账本：{1} 条，新增 {2} 条，新事件 {3} 个")                                   \
  /* label */                                                                                 \
  X(label_written, "written: {0}", "已写入：{0}")                                             \
  /* audit */                                                                                 \
  X(audit_label, "auditing", "审计")                                                          \
  X(audit_source, "source", "来源")                                                           \
  X(audit_checkpoint, "signed tree", "已签名的树")                                            \
  X(audit_tree, "{0} entries, log time {1}", "{0} 条，入账时间 {1}")                          \
  X(audit_tree_part, "{0} entries, not all of them read", "{0} 条，未全部读取")               \
  X(audit_witnesses, "witnesses", "见证者")                                                   \
  X(audit_witnessed, "{0} cosigned, as of {1}", "{0} 个联署，截至 {1}")                       \
  X(audit_resumed, "continued from", "接续自")                                                \
  X(audit_resumed_at, "entry {0}", "第 {0} 条")                                               \
  X(audit_batches, "batches", "批次")                                                         \
  X(audit_acts, "registry", "登记")                                                           \
  X(audit_acts_of, "{0} acts, {1} parties", "{0} 项行为，{1} 个参与方")                       \
  X(audit_payloads, "payloads", "事件内容")                                                   \
  X(audit_payloads_of, "{0} open, {1} withheld, {2} erased", "{0} 个公开，{1} 个未公开，{2} 个已删除") \
  X(audit_signatures, "signatures", "签名")                                                   \
  X(audit_notices, "notices", "公告")                                                         \
  X(audit_links, "chain links", "链环")                                                       \
  X(audit_seals, "seals", "封印")                                                             \
  X(audit_store, "stored rows", "库中之行")                                                   \
  X(audit_store_of, "{0} links, {1} chains", "{0} 个链环，{1} 条链")                          \
  X(audit_result, "result", "结果")                                                           \
  X(audit_clean, "NOTHING WRONG FOUND in what was checked", "所查内容未发现错误")             \
  X(audit_wrong, "WRONG", "有误")                                                             \
  X(audit_place, "place", "位置")                                                             \
  X(audit_entry, "entry {0}", "第 {0} 条")                                                    \
  X(audit_event, "event {0}", "第 {0} 个事件")                                                \
  X(audit_rule_is, "must hold", "应有")                                                       \
  X(audit_found, "found", "所见")                                                             \
  X(audit_stopped, "Nothing after this place was checked.", "此处之后的内容未查。")           \
  X(audit_not, "NOT CHECKED", "未查")                                                         \
  X(not_truth, "whether what a party stated is true, and what nobody ever submitted",         \
    "参与方所称是否属实，以及从未提交的内容")                                                 \
  X(not_effect, "whether the ledger let each event take effect rightly: roles, custody, "     \
    "balances, event ids", "账本是否正确地使各事件生效：角色、保管、余量、事件编号")          \
  X(not_sections, "sealed sections: they are kept outside the log", "密封部分：不在日志之内") \
  X(not_pinned, "whether this is the ledger you mean: nothing is pinned, and the log's "      \
    "key is the one that the source shows", "是否为所指的账本：未固定账本，日志密钥取自来源") \
  X(not_witnessed, "whether others are shown the same log: no policy asked for "              \
    "witnesses (--policy)", "他人所见是否为同一日志：未以策略要求见证者")                                   \
  X(not_replayed, "whether somebody outside the operator replayed it: no replayer cosigned",  \
    "运营方之外是否有人重演：没有重演者联署")                                                 \
  X(not_fresh, "whether there is a newer checkpoint than that of {0}",                        \
    "是否有比 {0} 更新的检查点")                                                              \
  X(not_fresh_part, "whether there is a newer checkpoint", "是否有更新的检查点")               \
  X(not_withheld, "withheld payloads: {0}; their records are whole",                          \
    "未公开的事件内容：{0} 个；其记录完整")                                                   \
  X(not_erased, "payloads marked as erased: {0}; nothing proves who ordered it",              \
    "称已删除的事件内容：{0} 个；无证据表明由谁命令")                                         \
  X(not_again, "entries before {0}: an earlier audit verified them, says file {1}",           \
    "第 {0} 条之前的条目：按文件 {1}，此前的审计已验证")                                      \
  X(not_later, "entries after the checkpoint: {0}", "检查点之后的条目：{0} 条")               \
  X(not_suspect, "what key {1} of {0} signed from entry {2} on: it was declared suspect",     \
    "{0} 的密钥 {1} 自第 {2} 条起所签的内容：该密钥已被声明可疑")                             \
  X(not_effect_from, "whether entries from {0} on rightly took effect: the source "           \
    "withholds payloads there, so the replay ends",                                           \
    "第 {0} 条起是否应使其生效：该处来源隐去了内容，重演至此为止")                            \
  X(not_derived, "the rows that the node derived for answers: facts, findings, receipts",     \
    "节点为回答而导出的内容：事实、警示、回执")                                               \
  X(not_facts, "the rows that the node derived for answers, except findings and who may see a "  \
    "payload: entries after the checkpoint have changed them",                                \
    "节点为回答而导出的内容（警示与内容的可见范围除外）：检查点之后的条目已改变它")           \
  X(not_receipts, "the receipts that the node keeps", "节点所存的回执")                       \
  X(audit_replay, "judged again", "重演")                                                     \
  X(audit_replay_of, "{0} entries by the ledger's rules", "按账本规则 {0} 条")                \
  X(audit_rows_of, "{0} entries by the ledger's rules; {1} derived rows",                     \
    "按账本规则 {0} 条；导出行 {1} 行")                                                       \
  /* post */                                                                                  \
  X(post_label, "posting", "提交")                                                            \
  X(post_on_nodes, "On {0} nodes, which signed a tree of {1} leaves that has it: {2}",          \
    "已在 {0} 个节点落盘，它们签署了含有这些事件的 {1} 叶账本树：{2}")                        \
  X(post_on_disk, "Acknowledged by {0}, on disk there: {1} of {2} nodes; --nodes waits for more",\
    "已由 {0} 确认并落盘：{2} 个节点中的 {1} 个；用 --nodes 等待更多节点")                  \
  X(post_done, "{0}: events posted: {1}, batches: {2}", "{0}：{1} 个事件已提交，共 {2} 批")   \
  X(post_known, "already posted: {0}", "{0} 个此前已提交")                                    \
  X(post_master_data, "master data in the header are not posted: {0} entries",                \
    "文档头中的主数据不提交：{0} 条")                                                        \
  X(post_unsaid, "only for their partners: {0} events; --audience public opens them to everyone", \
    "仅对相关方公开：{0} 个事件；加 --audience public 则对所有人公开")                        \
  X(post_bad, "faults found: {0}", "有误 {0} 处：")                                           \
  X(post_row, "row {0}", "第 {0} 行")                                                         \
  X(post_batch, "batch", "整批")                                                              \
  X(post_nothing, "Nothing was posted: fix the rows, or leave out --strict.",                 \
    "未提交任何事件：请修正各行，或去掉 --strict。")                                          \
  X(post_mend, "Fix these rows and run the same command: it posts only what is not in the "   \
    "ledger.", "修正这些行后运行同一命令：只提交尚未入账的事件。")                            \
  X(post_resume, "Run the same command again: it continues from the journal {0}.",            \
    "请再次运行同一命令：将从日志 {0} 继续。")                                                \
  X(post_flags, "Accepted, but flagged:", "已接受，但有警示：")                               \
  X(post_flag, "{0} x {1} ({2}): {3}", "{0} x {1}（{2}）：{3}")                               \
  X(post_entry, "in the ledger as of entry {0}", "截至第 {0} 条入账")                         \
  X(receipts_ok, "receipts of {0} trees: {1} are in the newest checkpoint's log, {2} await "  \
    "a later checkpoint", "回执 {0} 份：{1} 份已在最新检查点的账本中，{2} 份待后续检查点")    \
  X(receipt_ok, "the receipt is good: entry {0} of the pinned ledger, {1}",                   \
    "回执有效：已固定账本的第 {0} 条，{1}")                                                   \
  X(receipt_nodes, "on disk at {0} of {1} nodes, as their signatures prove: {2}",             \
    "{1} 个节点中 {0} 个已落盘，由其签名证明：{2}")                                           \
  /* verify */                                                                                \
  X(verdict_as_of, "as of", "截至")                                                           \
  X(verdict_word, "verdict", "结论")                                                          \
  X(verdict_proven, "all that this file says is proven", "文件所述均已证明")                  \
  X(verdict_partial, "what is shown is proven, but not all is shown",                         \
    "所示均已证明，但并非全部示出")                                                           \
  X(verdict_not_recorded, "proven: the ledger has no event of this code",                     \
    "已证明：账本中没有该代码的事件")                                                         \
  X(verdict_stale, "proven, but as of a time older than the policy allows",                   \
    "已证明，但所述时间早于策略所允许")                                                       \
  X(verdict_refused, "the file proves nothing", "文件不能证明任何内容")                       \
  X(verdict_wrong, "first fault", "首个问题")                                                 \
  X(verdict_rule, "the rule", "规则")                                                         \
  X(verdict_place, "in the file", "文件位置")                                                 \
  X(verdict_is_proven, "Proven:", "已证明：")                                                 \
  X(verdict_is_not, "Not proven:", "未证明：")                                                \
  /* bench */                                                                                 \
  X(bench_ceilings, "This machine, {0} cores", "本机，{0} 核")                                \
  X(bench_verify, "{0} Ed25519 verifications a second on all cores",                          \
    "全部核每秒 {0} 次 Ed25519 验签")                                                         \
  X(bench_sync, "{0} fdatasync a second in {1}", "{1} 中每秒 {0} 次 fdatasync")               \
  X(bench_posts, "Posting: signed before the clock starts, acknowledged after fsync",         \
    "提交：计时前已签名，落盘后才应答")                                                       \
  X(bench_questions, "Trace questions over RPC", "经 RPC 的追溯查询")                         \
  X(bench_signing, "signing", "签名")                                                         \
  X(col_batch, "batch", "每批")                                                               \
  X(col_in_flight, "in flight", "在途")                                                       \
  X(col_events, "events", "事件")                                                             \
  X(col_rate, "events/s", "事件/秒")                                                          \
  X(col_p50, "p50 ms", "p50 毫秒")                                                            \
  X(col_p99, "p99 ms", "p99 毫秒")                                                            \
  X(col_client_cpu, "client us/ev", "客户端 微秒/事件")                                       \
  X(col_node_cpu, "node us/ev", "节点 微秒/事件")                                             \
  X(col_of_verify, "sigs/verify", "签名/验签上限")                                            \
  X(col_of_sync, "acks/sync", "应答/同步上限")                                                \
  X(col_questions, "questions", "查询")                                                       \
  X(col_question_rate, "per s", "每秒")                                                       \
  X(col_steps, "mean steps", "平均步数")                                                      \
  X(bench_no_codes, "the ledger holds no open events to draw codes from; name some with "     \
    "--codes", "账本中没有可抽取代码的公开事件；请以 --codes 指定")                           \
  X(bench_other_key, "{0} is registered with another key; name another --party or its "       \
    "--key", "{0} 以另一密钥登记；请换 --party 或指明其 --key")                               \
  X(bench_unknown, "{0} is not registered; give --registrar", "{0} 未登记；请给出 --registrar") \
  X(bench_refused, "{0} submissions were refused, the first one:", "{0} 个提交被拒绝，首个：") \
  /* errors */                                                                                \
  X(error_refused, "refused", "被拒绝")                                                       \
  X(error_fault, "not done", "未完成")                                                        \
  X(error_event, "event {0}", "第 {0} 个事件")                                                \
  X(error_unreachable, "cannot reach the node {0}", "无法连接节点 {0}")                       \
  X(error_verification, "VERIFICATION FAILED. What the node said does not prove what it "     \
    "claims.", "验证失败。节点的回答不能证明其所称。")                                        \
  X(error_evidence, "the evidence is kept in {0}; show it to the ledger's supervisors",       \
    "证据保存于 {0}；请交给账本的监督方")                                                     \
  X(error_at_time, "{0} is not a time; write it as 2026-08-03T08:15:00+08:00",                \
    "{0} 不是时间；请写作 2026-08-03T08:15:00+08:00")                                         \
  X(error_no_events, "{0} holds no events", "{0} 中没有事件")                                 \
  X(error_key_needed, "name the key file with --key", "请以 --key 指明密钥文件")              \
  X(error_hash, "{0} is not a batch id: 64 hex digits, or base64 of 32 bytes",                \
    "{0} 不是批次编号：应为 64 位十六进制，或 32 字节的 base64")

enum class Say : uint16_t {
#define SUYUAN_X(name, en, zh) name,
  SUYUAN_PHRASES(SUYUAN_X)
#undef SUYUAN_X
};

std::string_view say(Say what, Lang lang);
inline std::string say(Say what, Lang lang, std::initializer_list<std::string_view> values) {
  return fill(say(what, lang), values);
}

}  // namespace suyuan
