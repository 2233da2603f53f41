// The page's icons. They are decorative: each has words next to it.
type Name =
  | 'good'
  | 'caution'
  | 'bad'
  | 'plain'
  | 'scan'
  | 'file'
  | 'share'
  | 'save'
  | 'shield'
  | 'back'
  | 'lock';

const PATHS: Record<Name, string> = {
  good: 'M5 12.5l4.5 4.5L19 7.5',
  caution: 'M12 7v6m0 4v.01',
  bad: 'M7 7l10 10M17 7L7 17',
  plain: 'M12 11v6m0-10v.01',
  scan: 'M4 8V5a1 1 0 0 1 1-1h3m8 0h3a1 1 0 0 1 1 1v3m0 8v3a1 1 0 0 1-1 1h-3m-8 0H5a1 1 0 0 1-1-1v-3M4 12h16',
  file: 'M7 3h7l4 4v14H7zM14 3v4h4M9.5 14l2 2 3.5-4',
  share: 'M12 15V4m0 0L8 8m4-4l4 4M6 12v7a1 1 0 0 0 1 1h10a1 1 0 0 0 1-1v-7',
  save: 'M12 4v11m0 0l-4-4m4 4l4-4M5 19h14',
  shield: 'M12 3l7 2.5v6c0 4.5-3 7.5-7 9-4-1.5-7-4.5-7-9v-6zM8.5 12l2.5 2.5 4.5-5',
  back: 'M15 5l-7 7 7 7',
  lock: 'M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6z',
};

export function Icon({ name }: { name: Name }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
