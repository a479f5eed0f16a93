import { expect, test } from 'vitest';
import { html, json } from './html.ts';

test('every value is escaped, also inside lists, and only markup passes', () => {
  const evil = `<img src=x onerror="alert('1')">`;
  const { markup } = html`<p title="${evil}">${[evil, html`<b>${evil}</b>`]}${null}${false}${0}</p>`;
  expect(markup).not.toContain('<img');
  expect(markup).toContain('<b>&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;</b>0</p>');
});

test('data cannot end the script that carries it', () => {
  expect(json({ text: '</script><script>alert(1)' }).markup).not.toContain('<');
  expect(JSON.parse(json({ text: '</script>' }).markup)).toEqual({ text: '</script>' });
});
