// The consumer's page starts here.
import { render } from 'preact';
import { App } from './app.js';

const page = document.getElementById('page')!;
page.replaceChildren();
render(<App />, page);

// Then the start page is there without the network too.
navigator.serviceWorker?.register('/service-worker.js').catch(() => {});
