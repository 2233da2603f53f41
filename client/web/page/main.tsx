// The consumer's page starts here.
import { render } from 'preact';
import { App } from './app.js';

const page = document.getElementById('page')!;
page.replaceChildren();
render(<App />, page);
