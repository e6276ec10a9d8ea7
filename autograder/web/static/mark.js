// The marking page: one answer, its criteria, and the keyboard. Everything a student wrote comes as a tree of pieces
// (autograder/web/shown.py) and goes into the page as text; no markup is ever parsed here.

const data = JSON.parse(document.getElementById('data').textContent);
const words = data.words;
const $ = (id) => document.getElementById(id);
const stored = `convgrade:${data.book}:${data.marker}`;
const number = new Intl.NumberFormat(data.language === 'fa' ? 'fa' : 'en', { maximumFractionDigits: 2 });

const state = {
  rubric: data.rubric, answer: null, met: {}, steps: [], since: 0, away: 0,
  ahead: data.answers, round: 0, counts: data.counts, skipped: [], history: data.history, at: null, kept: null,
  shown: data.language, changed: new Set(), banners: new Map(), typed: false, colleagues: [],
};

// ---- pieces of the page

const MATH = 'http://www.w3.org/1998/Math/MathML';
const MATH_TAGS = new Set('math mrow mi mn mo ms mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr mtd'.split(' '));
const TAGS = new Set('p blockquote ul ol li table thead tbody tr th td em strong s h4 pre code br hr span'.split(' '));
const BLOCKS = new Set('p blockquote ul ol table h4'.split(' '));

function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

// A block at the top takes its direction from its own text; what is inside it follows, so a list's bullets stand on its side.
function pieces(tree, outer = true) {
  return tree.map((piece) => {
    if (typeof piece === 'string') return piece;
    const [tag, kind, ...rest] = piece;
    const math = MATH_TAGS.has(tag);
    if (!math && !TAGS.has(tag)) return '';
    const made = math ? document.createElementNS(MATH, tag) : document.createElement(tag);
    if (kind === 'control' || kind === 'typed') made.className = kind;
    if (kind === 'control') made.title = words.control;
    if (outer && BLOCKS.has(tag)) made.dir = 'auto';
    if (tag === 'pre' && kind !== 'typed') made.dir = 'ltr';
    if (tag === 'pre') made.tabIndex = 0;
    made.append(...pieces(rest, false));
    return made;
  });
}

function say(key, values = {}) {
  return words[key].replace(/\{(\w+)\}/g, (_, name) => (typeof values[name] === 'number' ? number.format(values[name]) : values[name]));
}

const points = (cents) => number.format(cents / 100);
const key = (name) => element('kbd', { 'aria-hidden': 'true' }, name);

function differences(list) {
  const tags = { '=': 'span', '-': 'del', '+': 'ins' };
  return element('p', { class: 'differences', dir: 'auto' }, list.map(([kind, tree]) => element(tags[kind], {}, pieces(tree))));
}

function decisions(met) {
  return element('span', { class: 'decisions' }, state.rubric.criteria.map((one, at) => {
    const how = one.id in met ? (met[one.id] ? 'met' : 'unmet') : 'open';
    const name = `${number.format(at + 1)}: ${words[how]}`;
    return element('span', { class: `decision ${how}`, role: 'img', title: name, 'aria-label': name }, `${number.format(at + 1)}${{ met: '✓', unmet: '✗', open: '?' }[how]}`);
  }));
}

// ---- talking to the server

async function post(path, body) {
  const reply = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (reply.status === 403) throw Object.assign(new Error(words.ended), { ended: true });
  if (reply.status === 409) throw Object.assign(new Error((await reply.json()).problem), { refused: true });
  if (reply.status === 503) throw Object.assign(new Error((await reply.json()).problem), { failed: true });
  if (!reply.ok) throw Object.assign(new Error(`${reply.status}`), { refused: reply.status < 500 });
  return reply.json();
}

async function ask(path, body) {
  try {
    const got = await post(path, body);
    banner('trouble', null);
    return got;
  } catch (error) {
    banner('trouble', error.ended || error.refused || error.failed ? error.message : words.unreachable);
    return null;
  }
}

function banner(name, text, ...more) {
  if (text === null) state.banners.delete(name);
  else state.banners.set(name, element('p', { class: `banner ${name}` }, text, more));
  $('banners').replaceChildren(...state.banners.values());
}

// Saves wait in this browser until the server has them, also when it ends in between or the page is closed.
const outbox = {
  read: () => JSON.parse(localStorage.getItem(stored) || '[]'),
  write: (list) => (list.length ? localStorage.setItem(stored, JSON.stringify(list)) : localStorage.removeItem(stored)),
  add(save) { this.write([...this.read(), save]); this.send(); },
  sending: null,
  send() {
    this.sending ??= this.run().finally(() => { this.sending = null; });
    return this.sending;
  },
  async run() {
    for (let [first] = this.read(); first; [first] = this.read()) {
      tell(words.saving);
      try {
        const { part, ...body } = first;
        const got = await post('/api/save', body);
        this.write(this.read().filter((one) => one.save !== first.save));
        if (part === data.part) learned(got, first);
      } catch (error) {
        if (error.refused) {
          this.write(this.read().filter((one) => one.save !== first.save));
          banner('refused', say('refused', { problem: error.message }));
          continue;
        }
        tell(say('unsaved', { n: this.read().length }), true);
        banner('trouble', error.ended || error.failed ? error.message : words.unreachable);
        if (!error.ended) setTimeout(() => this.send(), 1000);
        return;
      }
    }
    tell(words.saved);
    banner('trouble', null);
  },
};

function tell(text, bad = false) {
  $('saved').textContent = text;
  $('saved').classList.toggle('bad', bad);
}

function learned(got, save) {
  if (got.counts) { state.counts = got.counts; progress(); }
  if (got.rubric && got.rubric.hash !== state.rubric.hash) newRubric(got.rubric);
  if (got.trouble) troubled(got.trouble);
  if (save && got.others?.length) banner('others', say('others_read', { answer: `#${save.answer.slice(0, 4)}`, who: got.others.join(', ') }));
  if (save && got.changed) banner('regraded', say('changed_after', { answer: `#${save.answer.slice(0, 4)}` }));
}

function troubled(trouble) {
  for (const name of ['rubric', 'book']) banner(`${name}-trouble`, trouble[name] ? say(`${name}_trouble`, { problem: trouble[name] }) : null);
}

function newRubric(rubric) {
  const before = new Map(state.rubric.criteria.map((one) => [one.id, one]));
  const other = (one) => before.get(one.id)?.sentence !== one.sentence || before.get(one.id)?.cents !== one.cents;
  state.changed = new Set(rubric.criteria.filter(other).map((one) => one.id));
  for (const one of rubric.criteria) if (before.get(one.id)?.sentence !== one.sentence) delete state.met[one.id];
  state.rubric = rubric;
  banner('rubric', words.rubric_changed);
  drawRubric();
}

async function pulse() {
  if (document.hidden || !state.answer) return;
  const here = state.answer;
  const got = await ask('/api/pulse', { answer: here.id, hash: here.hash, rubric: state.rubric.hash });
  if (!got || state.answer !== here) return;
  learned(got);
  banner('held', got.held.length ? say('held', { who: got.held.join(', ') }) : null);
  banner('regraded', got.changed ? words.changed : null, got.changed ? element('button', { type: 'button', onclick: reopen }, words.reopen) : '');
  if (outbox.read().length) outbox.send();
}

async function reopen() {
  const got = await ask('/api/answer', { answer: state.answer.id, mode: data.mode });
  if (got) { banner('regraded', null); show(got.answer); }
}

// ---- which answer

function show(answer, given = null) {
  state.answer = answer;
  state.met = { ...(given?.met ?? answer?.met ?? {}) };
  state.steps = [];
  state.since = performance.now();
  state.away = 0;
  for (const name of ['held', 'colleagues']) banner(name, null);
  if (answer?.held.length) banner('held', say('held', { who: answer.held.join(', ') }));
  drawAnswer();
  drawRubric();
  if (answer) $('comment').value = given?.comment ?? answer.comment;
  drawActions();
  progress();
  window.scrollTo(0, 0);
}

function held() {
  return [state.answer?.id, state.kept?.answer.id, ...state.ahead.map((one) => one.id), ...state.skipped, ...outbox.read().map((one) => one.answer)].filter(Boolean);
}

async function fill() {
  const has = held();
  const { round, history } = state;
  const got = await ask('/api/next', { part: data.part, mode: data.mode, has });
  if (!got || round !== state.round) return; // equal answers were marked all at once meanwhile, some of these among them
  state.counts = got.counts;
  const known = new Set([...has, ...held(), ...state.history.filter((id) => !history.includes(id))]);
  state.ahead.push(...got.answers.filter((one) => !known.has(one.id)));
  progress();
}

async function next() {
  state.at = null;
  if (state.kept) {
    const kept = state.kept;
    state.kept = null;
    return show(kept.answer, kept);
  }
  if (!state.ahead.length) {
    state.answer = null;
    await outbox.send();
    await fill();
    if (!state.ahead.length && state.skipped.length) { state.skipped = []; await fill(); }
  }
  show(state.ahead.shift() ?? null);
  if (state.ahead.length < 2) fill();
}

function keep() {
  if (state.at === null && state.answer) state.kept = { answer: state.answer, met: state.met, comment: $('comment').value };
}

async function walk(step) {
  const to = (state.at ?? state.history.length) + step;
  if (to < 0 || to > state.history.length || (to === state.history.length && state.at === null)) return;
  if (to === state.history.length) return next();
  await outbox.send();
  const got = await ask('/api/answer', { answer: state.history[to], mode: data.mode === 'mark' ? 'mark' : 'flagged' });
  if (!got) return;
  keep();
  state.at = to;
  show(got.answer);
  if (got.answer.colleagues.length) banner('colleagues', words.also_read);
}

async function undo() {
  if (state.steps.length) {
    state.met = state.steps.pop();
    return drawRubric();
  }
  await outbox.send();
  if (outbox.read().length) return;
  const got = await ask('/api/undo', { part: data.part, mode: data.mode });
  if (!got) return;
  if (!got.answer) return tell(words.nothing_to_undo);
  if (state.answer && state.at === null && state.answer.id !== got.answer.id) {
    if (state.kept) state.ahead.unshift(state.kept.answer);
    keep();
  }
  state.counts = got.counts;
  state.at = null;
  state.history = state.history.filter((id) => id !== got.answer.id);
  show(got.answer);
  tell(words.undone);
}

function skip() {
  if (!state.answer) return;
  if (state.at === null) state.skipped.push(state.answer.id);
  next();
}

async function save() {
  if (!state.answer) return next();
  const open = state.rubric.criteria.filter((one) => !(one.id in state.met));
  if (open.length) {
    tell(say('undecided', { n: open.length }), true);
    document.querySelectorAll('.criterion.open').forEach((row) => { row.classList.remove('nudge'); void row.offsetWidth; row.classList.add('nudge'); });
    return;
  }
  let repeat = false;
  if (state.answer.repeat && data.mode === 'mark') {
    const reply = await question(say('repeat_title', { n: state.answer.repeat }), words.repeat_text, [['all', words.repeat_all, 'Enter'], ['one', words.repeat_one, '1']]);
    if (!reply) return;
    repeat = reply === 'all';
  }
  const met = Object.fromEntries(state.rubric.criteria.map((one) => [one.id, { met: state.met[one.id], sentence: one.sentence }]));
  const answer = state.answer;
  outbox.add({
    save: crypto.randomUUID(), answer: answer.id, hash: answer.hash, rubric: state.rubric.hash, met, comment: $('comment').value.trim(),
    seconds: (performance.now() - state.since - state.away) / 1000, mode: data.mode, repeat, part: data.part,
  });
  state.history = [...state.history.filter((id) => id !== answer.id), answer.id];
  state.skipped = state.skipped.filter((id) => id !== answer.id);
  if (repeat) { await outbox.send(); state.ahead = []; state.round += 1; }
  if (state.changed.size) { state.changed.clear(); banner('rubric', null); }
  next();
}

// ---- what is seen

function drawAnswer() {
  const answer = state.answer;
  const box = $('answer');
  if (!answer) {
    const modes = Object.entries(state.counts).filter(([mode, n]) => words[`mode_${mode}`] && n && mode !== data.mode);
    box.replaceChildren(element('div', { class: 'done' },
      element('h1', {}, data.mode === 'mark' ? say('done', { part: data.name }) : words.done_list),
      element('p', {}, data.mode === 'mark' ? words.done_text : words.done_list_text),
      element('p', { class: 'links' },
        data.mode !== 'mark' ? element('a', { href: '?mode=mark' }, words.mode_mark) : '',
        modes.map(([mode, n]) => element('a', { href: `?mode=${mode}` }, `${words[`mode_${mode}`]} (${number.format(n)})`)),
        data.parts.filter((one) => one.id !== data.part && one.left).map((one) => element('a', { href: one.name }, `${one.name} (${number.format(one.left)})`)))));
    return;
  }
  const badges = [
    answer.calibration && say('calibration'), answer.equal && say('equal', { n: answer.equal }), answer.read && words.read_before,
    answer.flag && `⚑ ${answer.flag.who}`,
  ].filter(Boolean);
  const text = answer.empty ? element('p', { class: 'empty' }, words.empty)
    : state.typed ? element('pre', { class: 'typed', dir: 'auto', tabindex: '0' }, pieces(answer.typed)) : element('div', {}, pieces(answer.shown));
  box.replaceChildren(
    element('div', { class: 'head' },
      element('h1', {}, element('bdi', {}, `${data.name} · ${answer.label}`)),
      element('span', { class: 'soft' }, say('words', { n: answer.words })),
      badges.map((badge) => element('span', { class: 'badge' }, badge)),
      element('span', { class: 'spacer' }),
      element('button', { type: 'button', class: 'quiet', 'aria-pressed': String(state.typed), onclick: () => { state.typed = !state.typed; drawAnswer(); } }, words.typed),
      element('button', { type: 'button', class: 'quiet', id: 'name', onclick: showName }, words.show_name)),
    answer.requests.length ? element('div', { class: 'note' }, element('h2', {}, words.request), answer.requests.map((one) => element('p', { dir: 'auto' }, element('b', {}, criterionName(one.criterion)), ' ', pieces(one.words)))) : '',
    answer.said.length ? element('div', { class: 'note' }, element('h2', {}, words.said), element('p', { dir: 'auto' }, pieces(answer.said))) : '',
    answer.flag ? element('div', { class: 'note' }, element('h2', {}, say('flagged_by', { who: answer.flag.who })), element('p', { dir: 'auto' }, pieces(answer.flag.note))) : '',
    element('div', { class: 'text', id: 'text', dir: 'auto' }, text, answer.pictures.map((at) => element('img', { src: `/picture/${answer.id}/${at}`, alt: say('picture', { n: at + 1 }) })),
      answer.unshown ? element('p', { class: 'soft' }, say('unshown', { n: answer.unshown })) : ''),
    answer.colleagues.length ? element('div', { class: 'colleagues' }, element('h2', {}, words.readings), answer.colleagues.map((one) =>
      element('p', {}, element('bdi', {}, one.who), ' ', decisions(one.met), ' ', element('span', { dir: 'auto' }, pieces(one.comment))))) : '',
    answer.earlier.length ? element('details', { open: true, class: 'earlier' }, element('summary', {}, words.earlier), answer.earlier.map((one) =>
      element('div', {}, element('p', {}, decisions(one.met), ' ', element('span', { dir: 'auto' }, pieces(one.comment))), one.pieces.length ? differences(one.pieces) : ''))) : '',
    element('details', { id: 'group' }, element('summary', {}, element('span', { id: 'similar-count' }, words.similar), key('G')), element('div', { id: 'similar' })),
    element('details', { id: 'sample', lang: state.shown, dir: state.shown === 'fa' ? 'rtl' : 'ltr' }, element('summary', {}, words.sample, key('X')), pieces(data.sample[state.shown])),
    element('details', { lang: state.shown, dir: state.shown === 'fa' ? 'rtl' : 'ltr' }, element('summary', {}, words.question), pieces(data.question[state.shown])),
  );
  setTimeout(() => { if (state.answer === answer) similar(); }, 150);
}

async function similar() {
  const here = state.answer;
  const got = await ask('/api/similar', { answer: here.id });
  if (!got || state.answer !== here) return;
  $('similar-count').textContent = got.similar.length ? say('similar_count', { n: got.similar.length }) : words.similar;
  $('similar').replaceChildren(...(got.similar.length ? got.similar.map((one) => element('div', { class: 'like' },
    element('p', { class: 'soft' }, say('like', { answer: one.label, n: one.percent }), ' · ', one.met ? decisions(one.met) : words.not_read),
    differences(one.pieces))) : [element('p', { class: 'soft' }, words.no_similar)]));
}

async function showName() {
  const got = await ask('/api/name', { answer: state.answer.id });
  if (got) $('name').replaceChildren(element('bdi', {}, pieces(got.name)));
}

const criterionName = (id) => {
  const at = state.rubric.criteria.findIndex((one) => one.id === id);
  return at < 0 ? id : `${number.format(at + 1)}.`;
};

function drawRubric() {
  const box = $('rubric');
  if (!state.answer) { box.replaceChildren(); return; }
  const focused = document.activeElement?.dataset?.focus;
  const comment = $('comment');
  const note = $('note');
  const rows = state.rubric.criteria.map((one, at) => {
    const how = one.id in state.met ? (state.met[one.id] ? 'met' : 'unmet') : 'open';
    const button = (value, sign, name) => element('button', {
      type: 'button', class: `choice ${name}`, 'data-focus': `${one.id}-${name}`, 'aria-pressed': String(state.met[one.id] === value),
      'aria-label': `${number.format(at + 1)}: ${words[name]}`, onclick: () => decide(one.id, state.met[one.id] === value ? undefined : value),
    }, sign);
    const again = state.changed.has(one.id) || state.answer.again.includes(one.id);
    return element('li', { class: `criterion ${how}${again ? ' changed' : ''}`, 'data-criterion': one.id },
      key(number.format(at + 1)), element('p', { lang: state.shown, dir: state.shown === 'fa' ? 'rtl' : 'ltr' }, again ? element('b', { class: 'tag' }, words.changed_tag) : '', pieces([one[state.shown]])),
      element('span', { class: 'worth', title: words.worth }, points(one.cents)), element('span', { class: 'choices' }, button(true, '✓', 'met'), button(false, '✗', 'unmet')));
  });
  const all = state.rubric.criteria;
  const open = all.filter((one) => !(one.id in state.met)).length;
  const got = all.reduce((sum, one) => sum + (state.met[one.id] ? one.cents : 0), 0);
  const most = all.reduce((sum, one) => sum + one.cents, 0);
  box.replaceChildren(
    element('ol', { class: 'criteria' }, rows),
    element('p', { class: 'sum', role: 'status' }, element('b', {}, say('sum', { got: points(got), most: points(most) })), open ? say('still', { n: open }) : ''),
    element('label', { for: 'comment' }, words.comment, key('C')),
    comment ?? element('textarea', { id: 'comment', rows: 3, maxlength: 1000, dir: 'auto' }),
    element('div', { class: 'row' },
      element('button', { type: 'button', class: 'quiet', onclick: earlierComments }, words.comments, key('M')),
      element('button', { type: 'button', class: 'quiet', onclick: otherLanguage }, words.rubric_language, key('L'))),
    note ?? '');
  if (focused) box.querySelector(`[data-focus="${focused}"]`)?.focus();
}

function decide(id, value) {
  state.steps.push({ ...state.met });
  if (value === undefined) delete state.met[id];
  else state.met[id] = value;
  drawRubric();
}

function decideAll(value) {
  state.steps.push({ ...state.met });
  state.met = Object.fromEntries(state.rubric.criteria.map((one) => [one.id, value]));
  drawRubric();
}

function otherLanguage() {
  state.shown = data.languages[(data.languages.indexOf(state.shown) + 1) % data.languages.length];
  drawRubric();
  drawAnswer();
}

function progress() {
  const { all, read, mine, flagged, left } = state.counts;
  $('progress').textContent = [say('progress', { read, all }), say('yours', { n: mine }), flagged && say('flags', { n: flagged })].filter(Boolean).join(' · ');
  $('bar').style.width = `${all ? (100 * read) / all : 0}%`;
  $('tabs').replaceChildren(...data.parts.map((one) => {
    const n = one.id === data.part ? left : one.left;
    return element('a', { href: `/${data.language}/mark/${one.name}`, 'aria-current': one.id === data.part && 'page' }, element('bdi', {}, one.name), element('small', { title: words.left }, n ? number.format(n) : '✓'));
  }));
  const lists = ['mark', 'settle', 'again', 'requests', 'flagged'].filter((mode) => mode === 'mark' || mode === data.mode || state.counts[mode]);
  $('modes').hidden = lists.length < 2;
  $('modes').replaceChildren(...lists.map((mode) => element('a', { href: `?mode=${mode}`, 'aria-current': mode === data.mode && 'page' }, words[`mode_${mode}`], element('small', {}, number.format(mode === 'mark' ? left : state.counts[mode])))));
}

function drawActions() {
  const action = (name, letter, run, more = {}) => element('button', { type: 'button', onclick: run, ...more }, element('span', {}, words[name]), key(letter));
  const here = Boolean(state.answer);
  $('actions').replaceChildren(
    here ? action('save', 'Enter', save, { class: 'main', id: 'save' }) : '', here ? action('skip', 'S', skip) : '',
    here ? action('flag', 'F', flag, { 'aria-pressed': String(Boolean(state.answer?.flag)) }) : '', action('undo', 'U', undo),
    element('span', { class: 'spacer' }), action('previous', 'P', () => walk(-1), { class: 'previous' }), action('following', 'N', () => walk(1), { class: 'following' }));
}

// ---- questions

function question(title, text, choices, field = null) {
  return new Promise((resolve) => {
    const box = $('ask');
    const end = (value) => { box.close(); resolve(value); $('main').focus({ preventScroll: true }); };
    box.replaceChildren(element('h2', { id: 'ask-title' }, title), text ? element('p', {}, text) : '', field ?? '',
      element('div', { class: 'row' }, choices.map(([value, name, letter], at) => element('button', { type: 'button', class: at ? '' : 'main', onclick: () => end(value) }, name, letter ? key(letter) : '')),
        element('button', { type: 'button', class: 'quiet', onclick: () => end(null) }, words.cancel, key('Esc'))));
    box.oncancel = (event) => { event.preventDefault(); end(null); };
    box.onkeydown = (event) => {
      event.stopPropagation();
      if (event.target.tagName === 'TEXTAREA') {
        if (event.key === 'Enter' && event.ctrlKey) { event.preventDefault(); end(choices[0][0]); }
        return;
      }
      const pressed = digit(event);
      if (pressed > 0) {
        const found = choices.find(([, , letter]) => letter === String(pressed));
        if (found) { event.preventDefault(); end(found[0]); }
      }
    };
    box.showModal();
    (field ?? box.querySelector('button')).focus();
  });
}

async function flag() {
  const here = state.answer;
  if (!here) return;
  const field = element('textarea', { rows: 4, maxlength: 1000, dir: 'auto', 'aria-label': words.flag_note });
  field.value = here.flag?.typed ?? '';
  const choices = here.flag ? [['raise', words.flag_change, 'Ctrl+Enter'], ['lower', words.flag_lower, '']] : [['raise', words.flag_raise, 'Ctrl+Enter']];
  const reply = await question(words.flag_title, words.flag_text, choices, field);
  if (!reply) return;
  const got = await ask('/api/flag', { answer: here.id, mode: data.mode, raised: reply === 'raise', note: field.value });
  if (!got || state.answer !== here) return;
  state.counts.flagged += Number(Boolean(got.flag)) - Number(Boolean(here.flag));
  here.flag = got.flag;
  drawAnswer();
  drawActions();
  progress();
}

async function earlierComments() {
  const got = await ask('/api/comments', { part: data.part });
  if (!got) return;
  const choices = got.comments.map((comment, at) => [at + 1, element('bdi', {}, comment), at < 9 ? String(at + 1) : '']);
  const reply = await question(words.comments, choices.length ? words.comments_text : words.no_comments, choices);
  if (!reply) return;
  const field = $('comment');
  field.value = [field.value.trim(), got.comments[reply - 1]].filter(Boolean).join('\n').slice(0, 1000);
}

function help() {
  const box = $('help');
  const keys = [['1–9', 'key_digit'], ['Shift + 1–9', 'key_shift'], ['A', 'key_all'], ['0', 'key_none'], ['Enter', 'save'], ['S', 'skip'], ['F', 'flag'], ['C', 'comment'], ['M', 'comments'],
    ['U', 'key_undo'], ['N', 'following'], ['P', 'previous'], ['X', 'sample'], ['G', 'similar'], ['L', 'rubric_language'], ['?', 'help'], ['Esc', 'key_escape'], ['Ctrl + Enter', 'key_ctrl']];
  const single = element('input', { type: 'checkbox', id: 'single', onchange: (event) => localStorage.setItem('convgrade:single', event.target.checked ? 'on' : 'off') });
  single.checked = localStorage.getItem('convgrade:single') !== 'off';
  box.replaceChildren(element('h2', { id: 'help-title' }, words.keys),
    element('dl', {}, keys.map(([name, text]) => [element('dt', {}, element('kbd', { dir: 'ltr' }, name)), element('dd', {}, words[text])])),
    element('label', { class: 'check' }, single, words.single), element('p', { class: 'soft' }, words.blind),
    element('button', { type: 'button', class: 'main', onclick: () => box.close() }, words.close));
  box.showModal();
}

// ---- the keyboard

// A key's digit by value, whatever the script; by its place on the keyboard where Shift or the layout changes it. −1: none.
function digit(event) {
  const placed = /^(?:Digit|Numpad)(\d)$/.exec(event.code);
  const point = [...event.key].length === 1 ? event.key.codePointAt(0) : 0;
  if (point && /^\p{Nd}$/u.test(event.key)) {
    if (placed && event.shiftKey) return Number(placed[1]);
    let zero = point;
    if (point >= 0x1d7ce && point <= 0x1d7ff) return (point - 0x1d7ce) % 10;
    while (point - zero < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
    return point - zero;
  }
  return placed && event.code.startsWith('Digit') && [...event.key].length === 1 ? Number(placed[1]) : -1;
}

function letter(event) {
  if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
  if (event.key === '?' || event.key === '؟') return '?';
  const placed = /^Key([A-Z])$/.exec(event.code);
  return placed && !/^[\x20-\x7e]+$/.test(event.key) ? placed[1].toLowerCase() : '';
}

const keys = {
  a: () => decideAll(true), s: skip, f: flag, m: earlierComments, u: undo, n: () => walk(1), p: () => walk(-1), l: otherLanguage, '?': help,
  c: () => $('comment').focus(),
  x: () => { $('sample').open = !$('sample').open; $('sample').scrollIntoView({ block: 'nearest' }); },
  g: () => { $('group').open = !$('group').open; $('group').scrollIntoView({ block: 'nearest' }); },
};
const WITHOUT_ANSWER = ['u', 'p', 'n', '?'];

document.addEventListener('keydown', (event) => {
  if (event.isComposing || document.querySelector('dialog[open]')) return;
  const field = event.target.tagName === 'TEXTAREA' || event.target.tagName === 'INPUT';
  if (event.key === 'Enter' && event.ctrlKey && !event.repeat) {
    event.preventDefault();
    if (field) { event.target.blur(); $('main').focus({ preventScroll: true }); }
    save();
    return;
  }
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (field) {
    if (event.key === 'Escape') { event.target.blur(); $('main').focus({ preventScroll: true }); }
    return;
  }
  if (localStorage.getItem('convgrade:single') === 'off') return;
  if (event.key === 'Enter') {
    const own = event.target.closest?.('button, a, summary');
    if (event.repeat || (own && !own.classList.contains('choice'))) return;
    event.preventDefault();
    save();
    return;
  }
  const pressed = digit(event);
  const name = letter(event);
  if (pressed >= 0 && state.answer) {
    const one = state.rubric.criteria[pressed - 1];
    if (pressed === 0 && !event.shiftKey) decideAll(false);
    else if (one && event.shiftKey) decide(one.id, state.met[one.id] === false ? undefined : false);
    else if (one) decide(one.id, state.met[one.id] !== true);
    else return;
    event.preventDefault();
  } else if (keys[name] && (state.answer || WITHOUT_ANSWER.includes(name)) && !event.repeat) {
    event.preventDefault();
    keys[name]();
  }
});

document.addEventListener('visibilitychange', () => {
  if (document.hidden) state.hidden = performance.now();
  else if (state.hidden) state.away += performance.now() - state.hidden;
});
window.addEventListener('beforeunload', (event) => { if (outbox.read().length) event.preventDefault(); });
$('help-open').addEventListener('click', help);

troubled(data.trouble);
if (outbox.read().length) await outbox.send();
show(state.ahead.shift() ?? null);
if (state.ahead.length < 2 && state.answer) fill();
setInterval(pulse, 5000);
