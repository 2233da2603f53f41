// Renders the registry: parties, products, sites, keys.
#include "client/render/answers.h"
#include "ledger/base/text.h"

namespace suyuan {
namespace {

std::string named(const std::string& name, const std::string& zh, Lang lang) {
  return shown(lang == Lang::zh && !zh.empty() ? zh : name);
}

std::string roles_text(const std::vector<Role>& roles, Lang lang) {
  std::vector<std::string> texts;
  for (const Role role : roles) texts.emplace_back(role_name(role, lang));
  return list_text(texts, texts.size(), lang);
}

std::string key_text(const KeyState& key, const Paper& paper) {
  std::string text;
  if (key.revoked) {
    text = paper.say(Say::key_revoked, {std::to_string(*key.revoked)});
  } else {
    text = paper.say(Say::key_in_force);
  }
  if (key.suspect_from) {
    text += paper.say(Say::list_comma);
    text += paper.say(Say::key_suspect, {std::to_string(*key.suspect_from)});
  }
  return text;
}

}  // namespace

std::string render_parties(const std::vector<PartyState>& parties, const Style& style) {
  Paper paper(style);
  std::vector<std::vector<std::string>> rows;
  for (const auto& party : parties) {
    size_t in_force = 0;
    for (const auto& key : party.keys) {
      if (!key.revoked) ++in_force;
    }
    rows.push_back({shown(party.data.id), roles_text(party.data.roles, style.lang),
                    shown(party.data.country), std::to_string(in_force),
                    named(party.data.name, party.data.name_zh, style.lang)});
  }
  paper.table({Say::col_id, Say::col_roles, Say::col_country, Say::col_keys, Say::col_name}, rows);
  return paper.take();
}

std::string render_products(const std::vector<ProductData>& products, const Style& style) {
  Paper paper(style);
  std::vector<std::vector<std::string>> rows;
  for (const auto& product : products) {
    rows.push_back({shown(product.gtin), shown(product.owner),
                    named(product.name, product.name_zh, style.lang)});
  }
  paper.table({Say::code_class, Say::col_owner, Say::col_name}, rows);
  return paper.take();
}

std::string render_sites(const std::vector<SiteData>& sites, const Style& style) {
  Paper paper(style);
  std::vector<std::vector<std::string>> rows;
  for (const auto& site : sites) {
    rows.push_back({shown(site.gln), shown(site.party), shown(site.country), shown(site.name)});
  }
  paper.table({Say::code_gln, Say::col_party, Say::col_country, Say::col_name}, rows);
  return paper.take();
}

std::string render_party(const PartyState& party, const PublicKey* key, const Style& style) {
  Paper paper(style);
  paper.labelled(Say::col_id, shown(party.data.id), Tone::strong);
  paper.labelled(Say::col_name, named(party.data.name, party.data.name_zh, style.lang));
  paper.labelled(Say::col_roles, roles_text(party.data.roles, style.lang));
  bool found = false;
  for (const auto& one : party.keys) {
    const bool this_key = key != nullptr && one.key == *key;
    found = found || this_key;
    std::string text = to_base64(one.key.view()) + "  " + key_text(one, paper);
    if (this_key) text += "  ← " + std::string(paper.say(Say::key_this));
    paper.labelled(Say::key_public, text, one.revoked ? Tone::warning : Tone::plain);
  }
  for (const auto& delegation : party.delegations) {
    if (!delegation.ended) paper.labelled(Say::delegates_to, shown(delegation.signer));
  }
  if (key != nullptr && !found) {
    paper.line(paper.tone(paper.say(Say::key_not_registered, {party.data.id}), Tone::warning));
  }
  return paper.take();
}

}  // namespace suyuan
