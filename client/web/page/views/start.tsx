// Where it begins: scan, type, or open a saved proof.
import { useState } from 'preact/hooks';
import { currentArea, giveArea, isAreaGiven } from '../data/area.js';
import { typedCode } from '../data/typed.js';
import type { Assumed } from '../data/typed.js';
import { openFile } from '../inquiry.js';
import { useTexts } from '../texts/index.js';
import type { Dispatch } from '../state.js';
import { Icon } from './icons.js';

interface LookUpProps {
  onCode: (code: string, assumed: Assumed | null) => void;
  label: string;
}

export function LookUpForm({ onCode, label }: LookUpProps) {
  const texts = useTexts();
  const [code, setCode] = useState('');
  const submit = (event: Event): void => {
    event.preventDefault();
    const typed = typedCode(code);
    if (typed.code !== '') onCode(typed.code, typed.assumed);
  };
  return (
    <form class="look-up" onSubmit={submit} role="search">
      <label for="code">{label}</label>
      <div class="line">
        <input
          id="code"
          type="text"
          inputMode="text"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          aria-describedby="code-hint"
          value={code}
          onInput={({ currentTarget }) => setCode(currentTarget.value)}
        />
        <button type="submit">{texts.lookUp}</button>
      </div>
      <p id="code-hint" class="note">
        {texts.codeHint}
      </p>
    </form>
  );
}

function AreaChoice() {
  const texts = useTexts();
  const [given, setGiven] = useState(isAreaGiven());
  const choose = (now: boolean): void => {
    giveArea(now);
    setGiven(now);
    if (now) void currentArea(); // The browser asks for permission here, not during a scan.
  };
  return (
    <label class="choice">
      <input
        type="checkbox"
        checked={given}
        onChange={({ currentTarget }) => choose(currentTarget.checked)}
      />
      <span>{texts.area}</span>
    </label>
  );
}

interface StartProps {
  dispatch: Dispatch;
  onCode: LookUpProps['onCode'];
}

export function Start({ dispatch, onCode }: StartProps) {
  const texts = useTexts();
  const open = ({ currentTarget }: { currentTarget: HTMLInputElement }): void => {
    const file = currentTarget.files?.[0];
    if (file) void openFile(dispatch, file);
  };
  return (
    <div class="start">
      <h1 tabIndex={-1}>{texts.tagline}</h1>
      <p class="intro">{texts.intro}</p>
      <button type="button" class="primary big" onClick={() => dispatch({ is: 'scan' })}>
        <Icon name="scan" />
        {texts.scanButton}
      </button>
      <LookUpForm onCode={onCode} label={texts.codeLabel} />
      <AreaChoice />
      <label class="file quiet">
        <input type="file" accept=".json,.txt,application/json,text/plain" onChange={open} />
        <Icon name="file" />
        {texts.openFile}
      </label>
      <p class="note">{texts.openFileHint}</p>
    </div>
  );
}
