// Tests and certificates. Each is downloaded only to be verified against the statement that names
// it.
import { useState } from 'preact/hooks';
import { fetchReport } from '../inquiry.js';
import type { Naming } from '../data/naming.js';
import { lookedUp, seen } from '../data/seen.js';
import type { Report } from '../data/story.js';
import { dateOf, useLanguage, useTexts } from '../texts/index.js';
import { reportName } from '../texts/steps.js';
import { Grade } from './grade.js';
import { saveFile } from './save.js';

type Fetched = 'none' | 'running' | 'good' | 'changed' | 'missing';

const ENDINGS: Record<string, string> = {
  'application/pdf': 'pdf',
  'application/json': 'json',
  'application/xml': 'xml',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'text/csv': 'csv',
  'text/plain': 'txt',
};

function fileName({ number, sha256 }: Report, type: string): string {
  const plain = number.replace(/[^A-Za-z0-9._-]/g, '_') || sha256.slice(0, 16);
  return `${plain}.${lookedUp(ENDINGS, type.split(';')[0]!) ?? 'bin'}`;
}

function Download({ report }: { report: Report }) {
  const texts = useTexts();
  const [fetched, setFetched] = useState<Fetched>('none');
  if (report.sha256 === '') return <p class="note">{texts.noDigest}</p>;
  const fetchIt = async (): Promise<void> => {
    setFetched('running');
    const got = await fetchReport(report);
    if (got instanceof Blob) saveFile(got, fileName(report, got.type));
    setFetched(got instanceof Blob ? 'good' : got);
  };
  const said = {
    none: '',
    running: texts.fetching,
    good: texts.reportGood,
    changed: texts.reportChanged,
    missing: texts.reportMissing,
  };
  return (
    <>
      <button type="button" class="quiet" disabled={fetched === 'running'} onClick={fetchIt}>
        {texts.download}
      </button>
      <p class={`note fetched ${fetched}`} role="status">
        {said[fetched]}
      </p>
    </>
  );
}

function ReportItem({ report, naming }: { report: Report; naming: Naming }) {
  const texts = useTexts();
  const language = useLanguage();
  const { told, number, type, sha256 } = report;
  const result = told.result && (lookedUp(texts.results, told.result) ?? seen(told.result));
  return (
    <li class="report">
      <h3>
        {reportName(type, language)}
        {result && <span class={`result ${told.result}`}>{result}</span>}
      </h3>
      <p>
        {seen(number)} · {dateOf(told.time, language)}
      </p>
      <p class="who">
        <Grade grade={told.grade} /> {naming.signed(told)}
      </p>
      {sha256 && (
        <p class="digest">
          {texts.digest} <code>{sha256}</code>
        </p>
      )}
      <Download report={report} />
    </li>
  );
}

/** First tests and certificates by parties outside the trade, then the trade's own documents. */
export function ReportList({ reports, naming }: { reports: Report[]; naming: Naming }) {
  const texts = useTexts();
  const items = (list: Report[]) =>
    list.map((report) => (
      <ReportItem key={report.sha256 || report.number} report={report} naming={naming} />
    ));
  const tested = reports.filter(({ told }) => told.what.kind === 'inspection');
  const others = reports.filter(({ told }) => told.what.kind !== 'inspection');
  if (reports.length === 0) return null;
  return (
    <section class="card reports" aria-labelledby="reports-title">
      <h2 id="reports-title">{texts.reports}</h2>
      <p class="note">{texts.reportsHint}</p>
      <ul>{items(tested)}</ul>
      {others.length > 0 && (
        <details class="more">
          <summary>{texts.otherPapers(others.length)}</summary>
          <ul>{items(others)}</ul>
        </details>
      )}
    </section>
  );
}
