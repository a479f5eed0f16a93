/* The report in the browser: plays what is in view, opens takes, collects verdicts. No library, no network. */

const data = JSON.parse(document.getElementById('report').textContent);
const byId = (id) => document.getElementById(id);
const tiles = [...document.querySelectorAll('.take')];
const grid = [...document.querySelectorAll('#takes .take')];
const takes = new Map(data.takes.map((take) => [take.id, take]));
const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
/** Where a page that `backlot serve` serves gives verdicts: beside the reports, in the folder that its cookie is for. */
const [home, served] = location.pathname.split('/reports/');
const door = location.protocol.startsWith('http') && served ? `${home}/api/review/verdict` : null;
const label = { usable: 'usable', not_usable: 'not usable' };

/* Playing: a picture is loaded when it comes near the screen and plays only while it is in view. */

const inView = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      const video = target.querySelector('video');
      if (isIntersecting && !video.src) video.src = video.dataset.src;
      if (isIntersecting && !calm) video.play().catch(() => {});
      else video.pause();
      if (isIntersecting && calm) video.preload = 'auto';
    }
  },
  { rootMargin: '200px' },
);
for (const tile of tiles) inView.observe(tile);

/* Verdicts: given here ("mine") and known when the page was written. Mine are kept in this browser until saved. */

const mine = readMine();

function readMine() {
  try {
    return JSON.parse(localStorage.getItem(data.key) ?? '[]');
  } catch {
    return [];
  }
}

function keepMine() {
  try {
    localStorage.setItem(data.key, JSON.stringify(mine));
  } catch {
    byId('saved').textContent = 'This browser keeps nothing: export your verdicts before you close the page.';
  }
}

function verdictsOn(id) {
  const own = mine.filter((given) => given.take === id);
  const shown = own.map((given) => ({ ...given, verdict: label[given.verdict], person: 'you' }));
  return [...data.verdicts.filter((given) => given.take === id), ...shown];
}

function paint(tile) {
  const last = verdictsOn(tile.dataset.take).at(-1);
  const badge = tile.querySelector('.person');
  badge.hidden = !last;
  badge.textContent = last?.verdict ?? '';
  badge.classList.toggle('usable', last?.verdict === 'usable');
  tile.classList.toggle('person-usable', last?.verdict === 'usable');
  tile.classList.toggle('person-not', last?.verdict === 'not usable');
}

function paintTray() {
  const waiting = mine.filter((given) => !given.saved).length;
  byId('tray').hidden = waiting === 0;
  byId('tray-words').textContent =
    `${waiting} ${waiting === 1 ? 'verdict' : 'verdicts'} kept in this browser`;
}

async function give(verdict) {
  const given = { take: current.id, verdict, note: byId('note').value.trim(), frame: frameNow() };
  const entry = { ...given, givenAt: new Date().toISOString(), saved: false };
  mine.push(entry);
  byId('note').value = '';
  keepMine();
  refresh();
  entry.saved = await save(given);
  keepMine();
  refresh();
  byId('saved').textContent = entry.saved
    ? 'Saved in the workspace.'
    : 'Kept in this browser; export when you are done.';
}

/** True when the workspace took it: only a page that `backlot serve` serves can ask. */
async function save(given) {
  if (!door) return false;
  try {
    const body = JSON.stringify(given);
    const headers = { 'content-type': 'application/json' };
    return (await fetch(door, { method: 'POST', headers, body })).ok;
  } catch {
    return false;
  }
}

function exportVerdicts() {
  const verdicts = mine.filter((given) => !given.saved).map(({ saved: _, ...given }) => given);
  const text = JSON.stringify({ report: data.report, verdicts }, null, 2);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = `verdicts-${data.report}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}

function refresh() {
  for (const tile of tiles) paint(tile);
  paintTray();
  if (current) paintVerdicts();
}

/* The viewer: one take, frame by frame. */

let current = null;
const screen = byId('screen');
const viewer = byId('viewer');
const frameNow = () => Math.min(data.frames - 1, Math.floor(screen.currentTime * data.fps + 1e-6));

function open(id) {
  current = takes.get(id);
  screen.poster = current.still ?? '';
  screen.src = current.video;
  if (calm) screen.pause();
  else screen.play().catch(() => {});
  byId('viewer-title').textContent = current.text.replace(/\s+([,.;])/g, '$1');
  byId('viewer-arm').textContent = `${current.arm}, brief ${current.brief}`;
  byId('viewer-check').textContent =
    current.verdict === 'unchecked' ? 'Not checked' : `Says: ${current.verdict}`;
  fill(
    byId('viewer-reasons'),
    current.reasons.map((reason) => [reason]),
  );
  const signed = current.signed ? `Signed (C2PA), read back as ${current.signed}.` : 'Not signed.';
  const reached = current.withdrawn.map(({ row, at }) => `${row}, ${at.slice(0, 10)}`).join('; ');
  byId('viewer-signed').textContent = reached ? `WITHDRAWN: ${reached}. ${signed}` : signed;
  byId('viewer-command').textContent = `./backlot provenance show ${current.id}`;
  byId('saved').textContent = '';
  paintVerdicts();
  if (!viewer.open) viewer.showModal();
}

function fill(list, rows) {
  list.replaceChildren(
    ...rows.map((parts) => {
      const item = document.createElement('li');
      item.append(...parts);
      return item;
    }),
  );
}

function paintVerdicts() {
  const rows = verdictsOn(current.id).map((given) => {
    const note = given.note ? `: ${given.note}` : '';
    return [
      `${given.person}, ${given.verdict}${note} `,
      ...(given.frame == null ? [] : [frameLink(given.frame)]),
    ];
  });
  fill(byId('viewer-verdicts'), rows);
}

function frameLink(frame) {
  const link = document.createElement('button');
  link.type = 'button';
  link.textContent = `frame ${frame}`;
  link.addEventListener('click', () => seek(frame));
  return link;
}

function seek(frame) {
  screen.pause();
  const wrapped = (frame + data.frames) % data.frames;
  screen.currentTime = (wrapped + 0.5) / data.fps;
}

function go(by) {
  const shown = grid.filter((tile) => !tile.classList.contains('dim')).map((tile) => tile.dataset.take);
  const at = shown.indexOf(current.id);
  const next = shown[(at + by + shown.length) % shown.length];
  if (next) open(next);
}

const toggle = () => (screen.paused ? screen.play().catch(() => {}) : screen.pause());

function tick() {
  if (!viewer.open) return;
  byId('frame').textContent = `frame ${frameNow()} of 0–${data.frames - 1}`;
  byId('note-frame').textContent = frameNow();
  byId('play').textContent = screen.paused ? 'play' : 'pause';
}
setInterval(tick, 60);

const keys = {
  ' ': toggle,
  ',': () => seek(frameNow() - 1),
  '.': () => seek(frameNow() + 1),
  ArrowLeft: () => go(-1),
  ArrowRight: () => go(1),
  u: () => give('usable'),
  n: () => give('not_usable'),
};

viewer.addEventListener('keydown', (event) => {
  const typing = event.target instanceof HTMLTextAreaElement;
  const pressing = event.target instanceof HTMLButtonElement && event.key === ' ';
  if (typing || pressing || event.ctrlKey || event.metaKey || !keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});
viewer.addEventListener('close', () => screen.pause());
viewer.addEventListener('click', (event) => event.target === viewer && viewer.close());
byId('close').addEventListener('click', () => viewer.close());
byId('play').addEventListener('click', toggle);
byId('export').addEventListener('click', exportVerdicts);
byId('judge').addEventListener('submit', (event) => {
  event.preventDefault();
  give(event.submitter?.value ?? 'usable');
});
for (const button of document.querySelectorAll('[data-step]')) {
  button.addEventListener('click', () => seek(frameNow() + Number(button.dataset.step)));
}
for (const button of document.querySelectorAll('[data-go]')) {
  button.addEventListener('click', () => go(Number(button.dataset.go)));
}
for (const tile of tiles) tile.addEventListener('click', () => open(tile.dataset.take));

/* Filters dim what does not match, so that the grid keeps its shape. */

function matches(tile, filter) {
  if (filter === 'all') return true;
  return filter === 'open' ? verdictsOn(tile.dataset.take).length === 0 : tile.dataset.check === filter;
}

for (const button of document.querySelectorAll('[data-filter]')) {
  button.addEventListener('click', () => {
    for (const other of document.querySelectorAll('[data-filter]')) {
      other.setAttribute('aria-pressed', String(other === button));
    }
    for (const tile of grid) tile.classList.toggle('dim', !matches(tile, button.dataset.filter));
  });
}

document.querySelector('[data-pixels]')?.addEventListener('click', ({ target }) => {
  const on = document.body.classList.toggle('pixels');
  target.setAttribute('aria-pressed', String(on));
});

refresh();
