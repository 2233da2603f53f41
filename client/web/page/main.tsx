// The consumer's page starts here.
import { render } from 'preact';

render(
  <main>
    <h1>溯源 Suyuan</h1>
  </main>,
  document.getElementById('page')!,
);
