// Texts of --help for commands and options. One line each: name, English, 中文.
#pragma once

#include <string>

#include "client/text/text.h"

namespace suyuan {

#define SUYUAN_HELP(X)                                                                         \
  X(program, "Suyuan: where things come from, in a ledger that anyone can check",              \
    "溯源：一物从何而来，记于人人可核的账本")                                                  \
  X(help, "print this help", "显示帮助")                                                       \
  X(version, "print the version", "显示版本")                                                  \
  X(node, "address of the node; tls://host:port speaks TLS", "节点地址；tls://主机:端口 使用 TLS") \
  X(genesis, "the pinned genesis leaf of the ledger", "所固定的账本创世条目文件")              \
  X(policy, "policy file: which witnesses a checkpoint needs", "策略文件：检查点须有哪些见证")   \
  X(ca, "PEM file with the authorities of https servers and TLS nodes; without it, the system's", \
    "https 服务器与 TLS 节点的根证书文件（PEM）；默认用系统的")                                \
  X(tls_cert, "PEM file: our certificate, for a node that asks for one", "本方证书文件（PEM），供要求证书的节点") \
  X(tls_key, "PEM file with its key", "该证书的私钥文件（PEM）")                                \
  X(passphrase_file, "file, mode 0600: the passphrase of sealed key files", "密钥口令文件（权限 0600）") \
  X(passphrase_fd, "open descriptor with that passphrase", "可读口令的文件描述符")              \
  X(tls_name, "the name that the node's certificate must have; without it, the address's host", \
    "节点证书须有的名称；默认为地址中的主机名")                                                \
  X(json, "answers and errors as JSON", "以 JSON 输出回答和错误")                              \
  X(lang, "zh or en; without it, by LANG", "zh 或 en；默认按 LANG")                            \
  X(code, "a code in any form: Digital Link, (01)..., raw scan, EPC URN, digits",              \
    "任何形式的代码：Digital Link、(01)…、扫码原文、EPC URN、数字")                            \
  X(at, "as of this event time: 2026-08-03T08:15:00+08:00", "截至该事件时间")                  \
  X(known_at, "read only the first N entries", "只看账本前若干条")                             \
  X(limit, "at most this many entries in the answer", "回答最多若干项")                        \
  X(key, "key file that signs", "用于签名的密钥文件")                                          \
  X(out, "file to write", "输出文件")                                                          \
  X(keygen, "make a key file", "生成密钥文件")                                                 \
  X(keygen_name, "the party id that will sign with it", "将用它签名的参与方编号")              \
  X(keygen_passphrase, "seal the file with a passphrase", "以口令封存密钥文件")                \
  X(register_, "write a registration request for a party", "为参与方写登记申请")               \
  X(register_id, "party id; without it, the key's name", "参与方编号；默认为密钥名称")         \
  X(register_name, "name of the firm or office", "企业或机构名称")                             \
  X(register_name_zh, "its Chinese name", "中文名称")                                          \
  X(register_role, "its role (docs/registry.md); may be repeated", "角色；可重复")             \
  X(register_country, "ISO 3166-1 code, such as NZ", "国家代码，如 CN")                        \
  X(register_gln, "its GLN", "全球位置码 GLN")                                                 \
  X(register_credit_code, "its unified social credit code", "统一社会信用代码")                \
  X(register_represented_by, "party id of its agent in the country", "境内代理的编号")         \
  X(approve, "sign requests as the registrar, and post them", "以登记机关签名并提交申请")      \
  X(approve_file, "request of register, rotate or delegate", "register、rotate、delegate 所写的申请") \
  X(approve_with, "another authority, to sign later ('suyuan cosign'); may be repeated",       \
    "另须签名的登记机关（其后以“suyuan cosign”签名）；可重复")                                  \
  X(cosign, "sign acts that another authority passed on; the last one posts them",             \
    "签署另一登记机关转来的申请；最后签名者提交")                                              \
  X(cosign_file, "file written by 'suyuan approve --with' or 'cosign'",                        \
    "“suyuan approve --with”或“cosign”写出的文件")                                             \
  X(registry, "post registry acts from a JSON file", "从 JSON 文件提交登记")                   \
  X(registry_file, "a JSON array of acts", "登记事项的 JSON 数组")                             \
  X(registry_keys, "folder of <party>.key files, for parties without keys in the file",        \
    "存放 <参与方>.key 的文件夹，用于文件中没有密钥的参与方")                                  \
  X(rotate, "write a request for a new key", "为更换密钥写申请")                               \
  X(rotate_new, "the new key's file; created if missing", "新密钥文件；没有则生成")            \
  X(rotate_keep, "keep the old key in force", "旧密钥继续有效")                                \
  X(delegate, "write a request that lets a gateway sign for the key's party",                  \
    "写申请，委托网关代为签名")                                                                \
  X(delegate_gateway, "party id of the gateway", "网关的参与方编号")                           \
  X(delegate_until, "when it expires: 2027-01-01T00:00:00+08:00", "委托的截止时间")            \
  X(delegate_end, "end the delegation", "终止委托")                                            \
  X(erase, "erase a sealed section's content, by a signed notice", "以签名公告删除密封部分的内容") \
  X(erase_place, "the event, as entry/event: 12/0", "事件，写作 条/序号：12/0")                \
  X(erase_part, "the section: its label, or its digest in base64", "密封部分：其名称，或摘要（base64）") \
  X(erase_ground,                                                                              \
    "purpose_ended, retention_ended, consent_withdrawn, recorded_in_error, unlawful or "       \
    "legal_order",                                                                             \
    "purpose_ended（目的已达）、retention_ended（保存期满）、consent_withdrawn（撤回同意）、"  \
    "recorded_in_error（误录）、unlawful（违法）或 legal_order（依法令）")                     \
  X(erase_out, "file for the signed notice, until its receipt arrives", "存放已签公告的文件，收到回执后删除") \
  X(revoke, "revoke a key, as the registrar", "以登记机关吊销密钥")                            \
  X(revoke_party, "party id", "参与方编号")                                                    \
  X(revoke_key, "the public key in base64, or a key file", "公钥（base64）或密钥文件")         \
  X(revoke_suspect, "flag everything it signed from this entry on", "自该条起所签均作警示")    \
  X(revoke_reason, "why", "原因")                                                              \
  X(as_party, "ask as this party, with its --key: shows also what it may read",                \
    "以该参与方的名义查询（须有其 --key）：其有权知悉的内容一并显示")                            \
  X(as_key, "key file of the party that asks", "查询方的密钥文件")                              \
  X(access, "who read restricted content; for authorities", "受限内容的查阅记录（供主管机关）") \
  X(access_after, "entries with numbers above this one", "编号大于此数的记录")                  \
  X(whoami, "what the ledger knows about a key's party", "账本所知的本方及密钥状态")           \
  X(post, "sign events and post them", "签名并提交事件")                                       \
  X(post_file, "events: EPCIS 2.0 document, JSON array, NDJSON or CSV",                        \
    "事件文件：EPCIS 2.0 文档、JSON 数组、NDJSON 或 CSV")                                      \
  X(post_audience, "readers of EPCIS events that name none: public, or partner (default)",     \
    "未注明读者的 EPCIS 事件由谁可读：public（公开）或 partner（仅合作方，默认）")             \
  X(post_party, "the party that a gateway signs for; without it, the key's own",               \
    "网关代签的参与方；默认为密钥本方")                                                        \
  X(post_batch, "events in a signed batch", "每批事件数")                                      \
  X(post_one_batch, "the whole file as one signed batch", "整个文件作为一批签名")              \
  X(post_strict, "post nothing of a file with a bad row, and no part of a refused batch",      \
    "有误行则不提交，也不提交其批次的其余部分")                                                \
  X(post_in_flight, "batches in flight; more than 1 gives up their order",                     \
    "同时在途批数；大于 1 则不保次序")                                                         \
  X(post_journal, "the journal; without it, FILE.suyuan-journal", "日志文件；默认在事件文件旁") \
  X(trace, "where a thing comes from: its timeline", "一物从何而来：时间线")                   \
  X(trace_verify, "the answer with its proof: nothing changed, nothing left out",              \
    "连同证明一起回答：未改动、无遗漏")                                                        \
  X(recall, "recall list: units, holders, who must be told", "召回清单：单品、持有者、须通知方") \
  X(forward, "every lot and unit that a thing went into", "一物去向的批次和单品")              \
  X(state, "what a thing is, and who holds it", "一物的状态和持有者")                          \
  X(contents, "what is inside a container", "容器内有何物")                                    \
  X(custody, "its holders, in order", "历任持有者")                                            \
  X(events, "a code's own chain of events", "一个代码自身的事件链")                            \
  X(balance, "a lot's account", "一批的收支账")                                                \
  X(verdict, "the verdict that a scan would get now; records no scan", "此刻扫此码的结论；不记录扫码") \
  X(scan, "record a scan and print its verdict", "记录一次扫码并显示结论")                     \
  X(scan_inner, "the owner's code from under the lid", "盖内的内码")                           \
  X(scan_place, "where: CN-FJ/福州; nothing finer than a city", "地点：CN-FJ/福州；不细于城市") \
  X(scan_device, "a random text that identifies this device, 16 to 64 letters",                \
    "代表本设备的随机文字，16 至 64 个字符")                                                   \
  X(receipt, "fetch and check the receipt of a batch", "取回并验证一批的回执")                 \
  X(receipt_id, "batch id: hex, or base64", "批次编号：十六进制或 base64")                     \
  X(receipt_journal, "check all receipts of this journal against the current log",             \
    "按今日账本核对该日志中的全部回执")                                                        \
  X(parties, "registered parties", "已登记的参与方")                                           \
  X(products, "registered products", "已登记的产品")                                           \
  X(sites, "registered sites", "已登记的场所")                                                 \
  X(entry_id, "only this one", "仅此一项")                                                     \
  X(status, "the node and its ledger", "节点及其账本")                                         \
  X(trust, "pin the ledger that the node shows, or the one of --genesis",                      \
    "固定节点所示的账本，或 --genesis 所指的账本")                                             \
  X(trust_rules, "the authorities' newest notice about the ledger's nodes: a file",              \
    "主管机关关于账本节点的最新公告文件")                                                      \
  X(nodes, "the authorities' notice about the ledger's nodes and rules",                       \
    "主管机关关于账本节点与规则的公告")                                                        \
  X(nodes_file, "file of the notice", "公告文件")                                              \
  X(nodes_make, "write a notice and sign it, as the first authority", "拟写公告并由第一个机关签名") \
  X(nodes_sign, "add a signature to a notice", "在他人签名之外加签公告")                       \
  X(nodes_yes, "sign; without it, the notice is only shown", "确认已核对内容并签名")           \
  X(nodes_show, "what a notice says, and who signed it", "显示公告内容及签名者")               \
  X(nodes_post, "post a notice: it takes effect with the next entry", "提交公告：自下一条起生效") \
  X(nodes_add, "a node, as suyuan-node key prints it: <name>=<public key>",                    \
    "新增节点，按 suyuan-node key 的输出：<名称>=<公钥>")                                      \
  X(nodes_remove, "name of a node to remove", "要移除的节点名称")                              \
  X(nodes_next_rules, "continue under the next version of the rules, once all nodes know it",  \
    "启用下一版规则：须待全部节点已更新")                                                      \
  X(nodes_days, "for how many days it may be posted", "公告可提交的天数")                      \
  X(trust_replace, "pin it even if another one is pinned", "替换此前固定的账本")               \
  X(post_nodes, "wait until this many nodes have signed a tree that has it",                   \
    "等到至少这么多个节点签署了含有它的账本树")                                                \
  X(trust_nodes, "trust only checkpoints that this many of the ledger's nodes signed",         \
    "只相信至少这么多个节点签名的检查点")                                                      \
  X(verify, "check a bundle or a file of evidence, offline", "离线核验证明文件或证据文件")      \
  X(verify_file, "*.suyuan.json, or suyuan-evidence-*.json",                                   \
    "*.suyuan.json 或 suyuan-evidence-*.json")                                                 \
  X(verify_now, "the time now, in ms since 1970; without it, this machine's clock",            \
    "当前时间（1970 年以来的毫秒）；默认为本机时钟")                                           \
  X(trace_bundle, "write the bundle that proves it to this file, after checking it",           \
    "将其证明文件核验后写入此文件")                                                            \
  X(export_, "copy the whole log into a folder that any web server can serve",                 \
    "把整个账本导出为任何网站都能提供的静态文件")                                              \
  X(compare, "check that several nodes show one ledger", "核对多个节点所示是否同一账本")       \
  X(compare_url, "HTTP addresses of the nodes", "各节点的 HTTP 地址")                          \
  X(export_out, "the folder; a later run adds only what is new", "文件夹；再次运行只增新条目") \
  X(log, "address of the log over HTTP", "账本的 HTTP 地址")                                   \
  X(witness, "cosign the growth of logs, for those who trust you", "见证日志的增长并联署")     \
  X(witness_init, "make a folder with a key, and print the vkey", "建立文件夹和密钥，并显示 vkey") \
  X(witness_add_log, "watch one more log", "增加所见证的日志")                                 \
  X(witness_serve, "answer logs and monitors over HTTP", "以 HTTP 回答日志和监督者")           \
  X(witness_data, "folder of the witness", "见证者的文件夹")                                   \
  X(witness_name, "its name, preferably a URL without scheme", "名称，宜为不带协议的网址")     \
  X(witness_log, "the log's vkey", "日志的 vkey")                                              \
  X(witness_origin, "its origin; without it, the key's name", "日志来源名；默认为密钥名称")    \
  X(witness_listen, "address and port", "地址和端口")                                          \
  X(witness_replay, "the log's address, http://host:port/log: replay all of it before cosigning",  \
    "日志地址，http://主机:端口/log：联署前重演其全部内容")                                    \
  X(witness_ports_file, "write the port in use to this file", "将所用端口写入该文件")          \
  X(label, "a code as a QR code for a package: SVG, PNG or in the terminal",                   \
    "把代码做成包装上的二维码：SVG、PNG 或终端显示")                                           \
  X(label_code, "GTIN, (01)...(10)...(21)..., Digital Link, ...: all of it goes on the label",  \
    "GTIN、(01)…(10)…(21)…、Digital Link 等：全部印上标签")                                     \
  X(label_svg, "file to write: symbol and text, in millimetres", "输出文件：符号与文字，以毫米计") \
  X(label_png, "file to write: symbol and text, in pixels", "输出文件：符号与文字，以像素计")  \
  X(label_text, "print it in the terminal", "在终端显示")                                      \
  X(label_host, "where the link leads: the node's public address", "链接所指：节点的公开地址") \
  X(label_level, "error correction, M, Q or H", "纠错等级 M、Q 或 H")                          \
  X(label_module, "size of a module in mm", "单个模块的边长，毫米")                            \
  X(label_pixels, "pixels of a module, for PNG", "单个模块的像素数，用于 PNG")                 \
  X(label_sheet, "file of codes, one a line: A4 pages of labels", "代码列表文件，每行一个：A4 标签页") \
  X(label_units, "the code is a lot: a label for each of its units",                           \
    "代码为批次：为其每个单品各印一枚")                                                        \
  X(label_count, "copies of the same label, on A4 pages", "同一标签的枚数，排在 A4 页上")      \
  X(audit, "check a whole log: a node's, an exported folder's, a data directory's",            \
    "核查整个日志：节点的、导出文件夹的或数据目录的")                                          \
  X(audit_source, "http://host:port/log, or a folder", "http://主机:端口/log，或文件夹")       \
  X(audit_policy, "trust policy file (c2sp.org/tlog-policy)", "信任策略文件 (c2sp.org/tlog-policy)") \
  X(audit_replay, "judge every batch again by the ledger's rules: roles, custody, balances",   \
    "按账本规则重演每一批：角色、持有、收支")                                                  \
  X(audit_replay_store, "folder for the replay's store, kept for the next audit",              \
    "重演所用库的文件夹，供下次审计接着用")                                                    \
  X(audit_state, "file to continue from, and to save to", "接续并保存进度的文件")              \
  X(audit_memory, "MiB for data that grows with the ledger; the rest goes to temporary files", \
    "随账本增长之数据所用内存，MiB；其余存入临时文件")                                         \
  X(audit_jobs, "threads; without it, one for each core", "线程数；默认每核一个")              \
  X(bench, "load-test a node, and measure the machine's own ceilings", "压测节点，并列出本机上限") \
  X(bench_registrar, "registrar's key: registers the bench's party and product",               \
    "登记机关密钥：登记压测参与方及产品")                                                      \
  X(bench_party, "party that posts", "提交的参与方")                                           \
  X(bench_key, "its key file; created if missing", "其密钥文件；没有则生成")                   \
  X(bench_events, "at most this many events in each run", "每轮最多事件数")                    \
  X(bench_seconds, "at most this many seconds for each run", "每轮最多秒数")                   \
  X(bench_rate, "send this many a second, evenly spaced; without it, as fast as answers come", \
    "每秒均匀发送数；默认在途数允许的最快速度")                                                \
  X(bench_in_flight, "submissions in flight, a run for each value", "同时在途数，每值一轮")    \
  X(bench_batches, "events in a batch, a series of runs for each value", "每批事件数，每值一组") \
  X(bench_queries, "ask this many trace questions", "提出若干追溯问题")                        \
  X(bench_codes, "file of codes to ask about; without it, drawn from the ledger",              \
    "查询所用代码文件；默认从账本随机抽取")                                                    \
  X(bench_node_pid, "the node's process, to measure its CPU time", "节点进程号，用于测其 CPU") \
  X(bench_folder, "folder for the fdatasync ceiling", "测 fdatasync 的文件夹")                 \
  X(bench_no_posts, "only questions", "只查询")                                                \
  X(bench_no_receipt_check, "do not check receipts, for a server that only verifies",          \
    "不核验回执，用于只验签的服务器")

enum class Help : uint16_t {
#define SUYUAN_X(name, en, zh) name,
  SUYUAN_HELP(SUYUAN_X)
#undef SUYUAN_X
};

std::string help(Help what, Lang lang);

}  // namespace suyuan
