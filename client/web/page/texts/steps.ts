// What a step is called, as a heading of what was stated: CBV's words and ours (docs/registry.md).
import { lookedUp, seen } from '../data/seen.js';
import type { Language } from '../state.js';

type Words = Record<string, readonly [zh: string, en: string]>;

const STEPS: Words = {
  accepting: ['接收', 'Accepted'],
  activating: ['启封激活', 'Activated by its owner'],
  arriving: ['到达', 'Arrived'],
  assembling: ['组装', 'Assembled'],
  certifying: ['出具证书', 'Certified'],
  collecting: ['揽收', 'Collected'],
  commissioning: ['赋码登记', 'Given its code'],
  consigning: ['托运', 'Consigned'],
  creating_class_instance: ['生产', 'Produced'],
  cycle_counting: ['盘点', 'Counted'],
  declaring: ['申报', 'Declared to customs'],
  decommissioning: ['注销', 'Taken out of use'],
  delivering: ['送达', 'Delivered'],
  departing: ['发运', 'Departed'],
  destroying: ['销毁', 'Destroyed'],
  disassembling: ['拆解', 'Taken apart'],
  dispensing: ['配发', 'Dispensed'],
  encoding: ['写码', 'Encoded'],
  entering_exiting: ['进出库', 'Entered or left'],
  harvesting: ['采收', 'Harvested'],
  holding: ['扣留', 'Held'],
  inspecting: ['检验', 'Tested'],
  installing: ['安装', 'Installed'],
  killing: ['停用标签', 'Tag switched off'],
  labelling: ['贴标', 'Labelled'],
  loading: ['装载', 'Loaded'],
  milking: ['挤奶', 'Milked'],
  ordering: ['下单', 'Ordered'],
  other: ['其他', 'Other'],
  packing: ['装箱', 'Packed'],
  paying: ['支付', 'Paid'],
  picking: ['拣货', 'Picked'],
  recalling: ['召回', 'Recalled'],
  receiving: ['收货', 'Received'],
  refunding: ['退款', 'Refunded'],
  releasing: ['放行', 'Released'],
  removing: ['移除', 'Removed'],
  repackaging: ['重新包装', 'Repacked'],
  repairing: ['维修', 'Repaired'],
  replacing: ['更换', 'Replaced'],
  reserving: ['预留', 'Reserved'],
  retail_selling: ['零售', 'Sold'],
  returning: ['退回', 'Returned'],
  sampling: ['抽样', 'Sampled'],
  selling: ['销售', 'Sold'],
  sensor_reporting: ['传感器记录', 'Read by a sensor'],
  shipping: ['发货', 'Shipped'],
  staging_outbound: ['待出库', 'Staged to leave'],
  stocking: ['上架', 'Stocked'],
  stock_taking: ['盘点', 'Stock taken'],
  storing: ['入库存放', 'Stored'],
  transforming: ['加工', 'Processed'],
  transporting: ['运输', 'Transported'],
  unloading: ['卸货', 'Unloaded'],
  unpacking: ['拆箱', 'Unpacked'],
  void_shipping: ['取消发货', 'Shipment cancelled'],
};

// Where a thing first comes into being, or a unit comes out of its lot.
const FIRST: Words = {
  commissioning: ['产出', 'Came into being'],
  creating_class_instance: ['产出', 'Produced'],
};

const REPORTS: Words = {
  bill_of_lading: ['提单', 'Bill of lading'],
  bonded_inventory_entry: ['保税核注清单', 'Bonded inventory entry'],
  certificate: ['证书', 'Certificate'],
  certificate_of_analysis: ['分析证书', 'Certificate of analysis'],
  customs_release: ['海关放行单', 'Customs release'],
  export_certificate: ['出口卫生证书', 'Export health certificate'],
  farm_registration: ['农场登记', 'Farm registration'],
  lab_report: ['检测报告', 'Laboratory report'],
  recall_notice: ['召回通知', 'Recall notice'],
  sampling_report: ['抽检报告', 'Sampling report'],
};

const CONTAINERS: Words = {
  case: ['箱', 'case'],
  container: ['集装箱', 'container'],
  pallet: ['托盘', 'pallet'],
  parcel: ['包裹', 'parcel'],
  package: ['包装', 'package'],
};

function said(words: Words, word: string, language: Language): string {
  const found = lookedUp(words, word);
  if (found) return found[language === 'zh' ? 0 : 1];
  const plain = seen(word.replaceAll('_', ' '));
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

export function stepName(step: string, kind: string, language: Language): string {
  const table = kind === 'origin' && lookedUp(FIRST, step) ? FIRST : STEPS;
  return said(table, step || 'other', language);
}

export const reportName = (type: string, language: Language): string =>
  said(REPORTS, type || 'certificate', language);

/** What kind of container a code names; pieces of goods may hold others too. */
export function containerName(code: string, language: Language): string {
  const kind = code.startsWith('https://id.gs1.org/00/')
    ? 'pallet'
    : code.startsWith('urn:epc:id:bic:')
      ? 'container'
      : code.startsWith('urn:x-suyuan:parcel:')
        ? 'parcel'
        : code.startsWith('https://id.gs1.org/01/')
          ? 'case'
          : 'package';
  return said(CONTAINERS, kind, language);
}
