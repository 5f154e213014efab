'use strict';

// The page asks the service that it came from, and keeps nothing: a token lives in this variable alone.
let token = null;
let customer = null;
const filters = {};
const PAGE = 24;
const SHOWN = 12;

const $ = id => document.getElementById(id);

// An element with properties and children; texts become text, never markup.
function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name in element && typeof value !== 'string') element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter(child => child !== null && child !== undefined));
  return element;
}

class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || 'The service does not answer.');
    this.status = status;
    this.code = problem.code;
  }
}

// One question at a time may ask for the token; the others wait for it.
let asking = null;
function askForToken(why) {
  if (!asking) {
    $('ask-why').textContent = why || 'It is kept in this page alone, until you close it.';
    $('ask-why').className = why ? 'bad' : '';
    asking = new Promise(resolve => {
      $('token-form').onsubmit = () => {
        token = $('token').value.trim();
        $('token').value = '';
        asking = null;
        resolve();
      };
    });
    $('ask').showModal();
  }
  return asking;
}
$('ask').addEventListener('cancel', event => event.preventDefault());

async function ask(method, path, body) {
  const headers = {};
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const used = token;
  if (used) headers.Authorization = 'Bearer ' + used;
  let response;
  try {
    response = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch (lost) {
    throw new Refused(0, { detail: 'The service cannot be reached.' });
  }
  if (response.status === 401) {
    if (used === token) await askForToken(used ? 'The service does not know this token.' : null);
    return ask(method, path, body);
  }
  if (!response.ok) {
    let problem = {};
    try { problem = await response.json(); } catch (unreadable) { problem = { detail: 'The service answered ' + response.status + '.' }; }
    throw new Refused(response.status, problem);
  }
  return response;
}

const json = async (method, path, body) => (await ask(method, path, body)).json();
const itemPath = id => 'v1/items/' + encodeURIComponent(id);

function say(text, bad) {
  $('said').textContent = text;
  $('said').className = bad ? 'said bad' : 'said';
}

function query(parts) {
  const parameters = new URLSearchParams(parts);
  for (const [name, value] of Object.entries(filters)) if (value) parameters.append('where', name + '=' + value);
  return parameters.toString();
}

// Pictures need the token too, so that they are fetched and shown as blobs where there is one; nearby ones alone.
const near = new IntersectionObserver((entries, observer) => {
  for (const entry of entries) {
    if (entry.isIntersecting) {
      observer.unobserve(entry.target);
      load(entry.target);
    }
  }
}, { rootMargin: '300px' });

async function load(image) {
  const path = image.dataset.path;
  if (!token) {
    image.src = path;
    return;
  }
  try {
    const url = URL.createObjectURL(await (await ask('GET', path)).blob());
    image.onload = () => URL.revokeObjectURL(url);
    image.src = url;
  } catch (none) {
    letter(image);
  }
}

function letter(image) {
  image.replaceWith(h('span', { 'aria-hidden': 'true' }, (image.dataset.title || '?').slice(0, 1).toUpperCase()));
}

function picture(id, title, has) {
  const frame = h('div', { class: 'picture' });
  if (has) {
    const image = h('img', { alt: '', 'data-path': itemPath(id) + '/image', 'data-title': title || id, decoding: 'async' });
    image.onerror = () => letter(image);
    frame.append(image);
    near.observe(image);
  } else {
    frame.append(h('span', { 'aria-hidden': 'true' }, (title || id).slice(0, 1).toUpperCase()));
  }
  return frame;
}

const PARTS = [['text', 'words', 'text'], ['image', 'picture', 'image'], ['others', 'others', 'collaborative'], ['popularity', 'popular', 'popularity']];

function shares(of) {
  const percent = {};
  for (const [style, , key] of PARTS) percent[style] = Math.round(of[key] * 100);
  const bar = h('div', { class: 'shares', 'aria-hidden': 'true' });
  for (const [style, , key] of PARTS) {
    if (of[key] > 0.005) {
      const piece = h('i', { class: 's-' + style });
      piece.style.flexGrow = String(of[key]);
      bar.append(piece);
    }
  }
  const list = h('ul', { class: 'parts', 'aria-label': 'Where the score comes from' });
  for (const [style, name] of PARTS) if (percent[style] > 0) list.append(h('li', { class: 'p-' + style }, name + ' ' + percent[style] + ' %'));
  return [bar, list];
}

function reasons(because) {
  if (!because.length) return null;
  const line = h('p', { class: 'because' }, 'Because of ');
  because.slice(0, 2).forEach((one, i) => {
    if (i) line.append(' and ');
    line.append(h('b', {}, one.title || one.item));
  });
  return line;
}

function takeButton(id, title) {
  if (!customer) return null;
  return h('button', { class: 'take', type: 'button', onclick: () => take(id, title) }, customer + ' takes this');
}

async function take(id, title) {
  try {
    await ask('POST', 'v1/feedback', { user: customer, item: id });
    if ($('item').open) $('item').close();
    say(customer + ' took “' + (title || id) + '”. The recommendations below know it already.');
    if (location.hash === customerHash()) await showCustomer(customer, true);
    else location.hash = customerHash();
  } catch (refused) {
    fail(refused);
  }
}

function card(entry, rank, moved) {
  const id = entry.item || entry.id;
  const body = h('div', { class: 'body' },
    h('button', { class: 'open title', type: 'button', onclick: () => openItem(id) }, entry.title || id));
  const category = entry.attributes ? Object.values(entry.attributes).slice(0, 2).join(' · ') : '';
  if (category) body.append(h('p', { class: 'meta' }, category));
  if (entry.shares) body.append(...shares(entry.shares));
  if (entry.because) { const why = reasons(entry.because); if (why) body.append(why); }
  const button = takeButton(id, entry.title);
  if (button) body.append(button);
  const frame = picture(id, entry.title, entry.image);
  frame.addEventListener('click', () => openItem(id));
  return h('li', { class: 'card' }, frame,
    rank ? h('span', { class: 'rank' }, '#' + rank, moved ? h('span', { class: 'move' }, ' ' + moved) : '') : null, body);
}

function grid(entries, ranked, before) {
  const list = h('ul', { class: ranked ? 'grid wide' : 'grid' });
  entries.forEach((entry, i) => {
    let moved = null;
    if (before) {
      const was = before.indexOf(entry.item);
      moved = was < 0 ? 'new' : was > i ? '↑' + (was - i) : null;
    }
    list.append(card(entry, ranked ? i + 1 : 0, moved));
  });
  return list;
}

function strip(entries) {
  const list = h('ul', { class: 'strip', tabindex: '0', 'aria-label': 'Items' });
  for (const entry of entries) {
    list.append(h('li', {}, h('button', { class: 'open', type: 'button', onclick: () => openItem(entry.item) },
      picture(entry.item, entry.title, entry.image), h('span', { class: 'title' }, entry.title || entry.item))));
  }
  return list;
}

function show(...children) {
  $('main').replaceChildren(...children.filter(child => child));
  document.documentElement.dataset.shown = location.hash || '#/';
}

const heading = (title, lead) => h('div', { class: 'head' }, h('h1', {}, title), lead ? h('p', { class: 'lead' }, lead) : null);
const nothing = text => h('p', { class: 'empty' }, text);
const customerHash = () => '#/customer/' + encodeURIComponent(customer);

function fail(refused) {
  say(refused.message, true);
  document.documentElement.dataset.shown = 'failed';
}

async function showCatalogue(from) {
  const page = await json('GET', 'v1/items?' + query({ from, count: PAGE }));
  const last = Math.min(page.total, from + page.items.length);
  const go = to => { location.hash = to ? '#/page/' + to : '#/'; };
  show(heading('Catalogue', page.total.toLocaleString('en') + (page.total === 1 ? ' item. ' : ' items. ') + (customer ? '' : 'Pick a customer above to see what they would be shown, and why.')),
    page.items.length ? grid(page.items, false) : nothing('No item has these values.'),
    h('div', { class: 'pager' },
      h('button', { type: 'button', disabled: from === 0, onclick: () => go(Math.max(0, from - PAGE)) }, 'Previous'),
      h('span', {}, page.total ? (from + 1) + '–' + last + ' of ' + page.total.toLocaleString('en') : '0'),
      h('button', { type: 'button', disabled: last >= page.total, onclick: () => go(from + PAGE) }, 'Next')));
}

let shownBefore = null;
async function showCustomer(id, after) {
  const before = after ? shownBefore : null;
  const where = {};
  for (const [name, value] of Object.entries(filters)) if (value) where[name] = value;
  const [answer, taken] = await Promise.all([
    json('POST', 'v1/recommend', { user: id, k: SHOWN, where }),
    json('GET', 'v1/users/' + encodeURIComponent(id) + '/history').catch(refused => {
      if (refused.status === 404) return { history: [] };
      throw refused;
    })]);
  const history = taken.history.slice().reverse();
  shownBefore = answer.recommendations.map(one => one.item);
  show(heading('For ' + id, answer.known ? 'The best ' + answer.recommendations.length + ' of what they do not have yet. The bar says where each score comes from: the words of what they took, its pictures, what others took, or general popularity.'
      : 'Nothing is known of this customer yet, so this is what people like. Let them take something, and look again.'),
    history.length ? h('h2', {}, 'What they took, the latest first (' + history.length + ')') : null,
    history.length ? strip(history.slice(0, 40)) : null,
    history.length ? h('h2', { class: 'head' }, 'Recommended') : null,
    answer.recommendations.length ? grid(answer.recommendations, true, before) : nothing('Nothing is left to recommend with these filters.'));
}

async function showSearch(words) {
  const answer = await json('POST', 'v1/search', { text: words, k: PAGE, where: Object.fromEntries(Object.entries(filters).filter(([, value]) => value)) });
  show(heading('“' + words + '”', 'What these words describe, by the words themselves and by their meaning.'),
    answer.recommendations.length ? grid(answer.recommendations.map(one => ({ ...one, because: [] })), true) : nothing('Nothing fits these words.'));
}

async function openItem(id) {
  try {
    const item = await json('GET', itemPath(id));
    const alike = await json('GET', 'v1/similar?' + new URLSearchParams({ item: id, k: 8 }));
    const facts = h('dl', {}, h('dt', {}, 'id'), h('dd', {}, item.id));
    for (const [name, value] of Object.entries(item.attributes)) facts.append(h('dt', {}, name), h('dd', {}, value));
    const close = h('button', { type: 'button', onclick: () => $('item').close() }, 'Close');
    const title = h('h2', { id: 'item-title' }, item.title || item.id);
    $('item').replaceChildren(
      h('div', { class: 'detail' }, picture(item.id, item.title, item.image),
        h('div', { class: 'words' }, title, item.text ? h('p', {}, item.text) : null, facts,
          h('div', { class: 'buttons' }, takeButton(item.id, item.title), close))),
      alike.recommendations.length ? h('div', { class: 'alike' }, h('h2', {}, 'Similar items'), strip(alike.recommendations)) : h('div', {}));
    if (!$('item').open) $('item').showModal();
    $('item').scrollTop = 0;
    close.focus();
    document.documentElement.dataset.item = id;
  } catch (refused) {
    fail(refused);
  }
}
$('item').addEventListener('click', event => { if (event.target === $('item')) $('item').close(); });

async function route() {
  const parts = location.hash.replace(/^#\/?/, '').split('/').map(part => {
    try { return decodeURIComponent(part); } catch (malformed) { return part; }
  });
  if ($('item').open) $('item').close();
  document.documentElement.dataset.shown = '';
  if (parts[0] === 'customer' && parts[1]) {
    customer = parts[1];
    $('who').value = customer;
  }
  const link = $('to-customer');
  link.hidden = !customer;
  if (customer) {
    link.href = customerHash();
    link.textContent = 'For ' + customer;
  }
  mark($('to-catalogue'), parts[0] === '' || parts[0] === 'page');
  mark(link, parts[0] === 'customer');
  try {
    if (parts[0] === 'customer' && parts[1]) await showCustomer(parts[1], false);
    else if (parts[0] === 'search' && parts[1]) { $('words').value = parts[1]; await showSearch(parts[1]); }
    else await showCatalogue(parts[0] === 'page' ? Math.max(0, parseInt(parts[1], 10) || 0) : 0);
  } catch (refused) {
    fail(refused);
  }
}

function mark(link, current) {
  if (current) link.setAttribute('aria-current', 'page');
  else link.removeAttribute('aria-current');
}

window.addEventListener('hashchange', () => {
  if (!location.hash.startsWith('#/customer')) say('');
  window.scrollTo(0, 0);
  route();
});

$('search').addEventListener('submit', event => {
  event.preventDefault();
  const words = $('words').value.trim();
  location.hash = words ? '#/search/' + encodeURIComponent(words) : '#/';
});

$('customer').addEventListener('submit', event => {
  event.preventDefault();
  const id = $('who').value.trim();
  say('');
  if (id) {
    customer = id;
    if (location.hash === customerHash()) route();
    else location.hash = customerHash();
  }
});

async function begin() {
  try {
    const { attributes } = await json('GET', 'v1/attributes');
    const usable = Object.entries(attributes).filter(([, values]) => values.length > 1).slice(0, 4);
    for (const [name, values] of usable) {
      const select = h('select', { 'aria-label': 'Filter by ' + name, onchange: () => { filters[name] = select.value; say(''); if (location.hash.startsWith('#/page')) location.hash = '#/'; else route(); } },
        h('option', { value: '' }, 'All: ' + name));
      for (const one of values) select.append(h('option', { value: one.value }, one.value + ' (' + one.items.toLocaleString('en') + ')'));
      $('filters').append(select);
    }
  } catch (refused) {
    fail(refused);
  }
  await route();
  try {
    const { users } = await json('GET', 'v1/users?count=500');
    $('customers').append(...users.map(user => h('option', { value: user })));
    if (users.length) $('who').placeholder = 'Customer, such as ' + users[0];
  } catch (refused) {
    if (refused.status !== 403) fail(refused); // without the scope ids are typed, not picked
  }
}

begin();
