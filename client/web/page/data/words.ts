// Words of the Core Business Vocabulary, whatever form they were written in, as bare words.

/** "receiving" of receiving, cbv:BizStep-receiving, urn:epcglobal:cbv:bizstep:receiving. */
export function bare(word: string): string {
  return word.replace(/^.*[:/]/, '').replace(/^(BizStep|Disp|BTT|SDT|ER)-/, '');
}
