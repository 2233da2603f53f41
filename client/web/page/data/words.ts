// Words of the Core Business Vocabulary as bare words, in whichever form they were written.

/** "receiving" of receiving, cbv:BizStep-receiving, urn:epcglobal:cbv:bizstep:receiving. */
export function bare(word: string): string {
  return word.replace(/^.*[:/]/, '').replace(/^(BizStep|Disp|BTT|SDT|ER)-/, '');
}
