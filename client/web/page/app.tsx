// The whole page: what is shown follows from the state and the browser's location.
import { useEffect, useMemo, useReducer, useRef } from 'preact/hooks';
import { addressOf, canonicalOf, codeInAddress, isLot, isTransportUnit } from './data/codes.js';
import { conclusionOf, isClassCode } from './data/conclusion.js';
import type { Assumed } from './data/typed.js';
import { Naming } from './data/naming.js';
import { inquire } from './inquiry.js';
import { firstState, keepLanguage, reduce } from './state.js';
import type { Dispatch, State, Thing } from './state.js';
import { LanguageContext, textsOf } from './texts/index.js';
import { Actions, OwnerForm } from './views/actions.js';
import { AlarmCard } from './views/alarm.js';
import { CheckStrip } from './views/check.js';
import { Icon } from './views/icons.js';
import { JourneyList } from './views/journey.js';
import { ListedCard } from './views/listed.js';
import { MapCard } from './views/map.js';
import { ProductCard, RecallNotice } from './views/product.js';
import { ReportList } from './views/reports.js';
import { ScanView } from './views/scan.js';
import { LookUpForm, Start } from './views/start.js';
import { VerdictCard, resultOf } from './views/verdict.js';

/** Looks up what the address names; a shared link is nobody's scan. */
function followAddress(dispatch: Dispatch): void {
  const code = codeInAddress(location);
  if (code === '') return dispatch({ is: 'start' });
  inquire(dispatch, code, location.hash === '#shared' ? 'shared' : 'link');
}

function goTo(dispatch: Dispatch, code: string, assumed: Assumed | null): void {
  history.pushState(null, '', addressOf(canonicalOf(code) ?? code));
  inquire(dispatch, code, 'scan', assumed);
}

function ThingView({ thing, state, dispatch }: { thing: Thing; state: State; dispatch: Dispatch }) {
  const { story, check, names } = thing;
  const naming = useMemo(
    () => story && new Naming(story, names, state.language),
    [story, names, state.language],
  );
  // A tab, a bookmark and a shared link bear the name of what is shown.
  useEffect(() => {
    if (check.is === 'done' && story && naming) {
      document.title = `${naming.thing(story.code)} · ${textsOf(state.language).name}`;
    }
  }, [check.is, story, naming]);
  const retry = (): void => inquire(dispatch, thing.asked, 'shared', thing.assumed);
  if (check.is === 'alarm') return <AlarmCard alarm={check.alarm} retry={retry} />;
  // For a code that nobody created, this is all there is to show.
  const isOneItem = story && !isLot(story.code) && !isTransportUnit(story.code);
  const { verdict } = conclusionOf(thing);
  const recalled = story && (story.recalls.length > 0 || verdict === 'RECALLED');
  const known = story && (story.told.length > 0 || (isClassCode(story.code) && story.registry.product));
  return (
    <div class="thing">
      <div class="side">
        <VerdictCard thing={thing} />
        {recalled && naming && <RecallNotice story={story} naming={naming} />}
        <CheckStrip thing={thing} retry={retry} />
        {known && naming && (
          <ProductCard story={story} verdict={verdict} naming={naming} picture={thing.picture} />
        )}
        <ListedCard key={`lots-${thing.id}`} thing={thing} listed="lots" dispatch={dispatch} />
        <ListedCard key={`units-${thing.id}`} thing={thing} listed="units" dispatch={dispatch} />
        {story && <Actions thing={thing} code={story.code} dispatch={dispatch} />}
        {isOneItem && story.told.length > 0 && thing.opened !== 'file' && (
          <OwnerForm thing={thing} dispatch={dispatch} />
        )}
      </div>
      {story && naming && story.told.length + story.withheld.length > 0 && (
        <div class="side way">
          <MapCard story={story} naming={naming} />
          <JourneyList story={story} naming={naming} />
        </div>
      )}
      {story && naming && story.reports.length > 0 && (
        <div class="side papers">
          <ReportList reports={story.reports} naming={naming} />
        </div>
      )}
    </div>
  );
}

function Header({ state, dispatch, onHome }: { state: State; dispatch: Dispatch; onHome: () => void }) {
  const texts = textsOf(state.language);
  const other = state.language === 'zh' ? 'en' : 'zh';
  const switchLanguage = (): void => {
    keepLanguage(other);
    dispatch({ is: 'language', language: other });
  };
  return (
    <header>
      <a class="skip" href="#main">
        {texts.skip}
      </a>
      <button type="button" class="name" onClick={onHome} aria-label={`${texts.name}: ${texts.home}`}>
        {state.view !== 'start' && <Icon name="back" />}
        <strong>{texts.name}</strong>
      </button>
      <button type="button" class="link" lang={other} onClick={switchLanguage}>
        {texts.otherLanguage}
      </button>
    </header>
  );
}

export function App() {
  const [state, dispatch] = useReducer(reduce, undefined, firstState);
  const main = useRef<HTMLElement>(null);
  const { language, view, thing } = state;
  const texts = textsOf(language);
  const isNamed = thing?.check.is === 'done' && thing.story !== null; // ThingView names the page then.
  useEffect(() => {
    const follow = (): void => followAddress(dispatch);
    follow();
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    if (!isNamed) document.title = `${texts.name} · ${texts.tagline}`;
  }, [language, isNamed]);
  // Moves the focus to the heading of a new view, and to an alarm that replaces what was shown.
  const alarmed = thing?.check.is === 'alarm';
  useEffect(() => {
    if (view !== 'start' || alarmed) main.current?.querySelector('h1')?.focus();
  }, [view, thing?.id, alarmed]);

  const onHome = (): void => {
    history.pushState(null, '', '/');
    dispatch({ is: 'start' });
  };
  const onCode = (code: string, assumed: Assumed | null = null): void =>
    goTo(dispatch, code, assumed);
  return (
    <LanguageContext.Provider value={language}>
      <Header state={state} dispatch={dispatch} onHome={onHome} />
      <main id="main" ref={main}>
        {view === 'start' && <Start dispatch={dispatch} onCode={onCode} />}
        {view === 'scan' && <ScanView onCode={onCode} onStop={onHome} />}
        {view === 'thing' && thing && (
          <>
            <ThingView thing={thing} state={state} dispatch={dispatch} />
            <section class="again">
              <LookUpForm onCode={onCode} label={texts.again} />
            </section>
          </>
        )}
      </main>
      <footer>
        <p role="status" class="unseen">
          {thing && resultOf(thing, language)}
        </p>
        <p role="status" class="notice">
          {state.notice}
        </p>
        <p class="note">{texts.footer}</p>
      </footer>
    </LanguageContext.Provider>
  );
}
