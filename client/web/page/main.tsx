// Entry point of the consumer's page.
import { render } from 'preact';
import { App } from './app.js';

const page = document.getElementById('page')!;
page.replaceChildren();
render(<App />, page);

// Makes the start page available offline.
navigator.serviceWorker?.register('/service-worker.js').catch(() => {});
